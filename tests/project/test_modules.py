"""Which file an import means, and where import roots are."""

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import Module, Namespace
from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def found(project: Project, dotted: str, importer: str) -> str | None:
    module = project.table.find(dotted, importer)
    if isinstance(module, Namespace):
        return f"{module.folder}/"
    return module.path if isinstance(module, Module) else None


def names(project: Project) -> dict[str, str]:
    return {module.path: module.name for module in project.modules}


class TestRoots:
    def test_a_src_layout_has_its_root_in_src(self, project_of: Build) -> None:
        project = project_of(
            {
                "src/shop/__init__.py": "",
                "src/shop/main.py": "from shop.db import x\n",
                "src/shop/db.py": "x = 1\n",
            }
        )
        assert names(project)["src/shop/main.py"] == "shop.main"

    def test_a_backend_folder_is_a_root(self, project_of: Build) -> None:
        project = project_of(
            {"backend/app/main.py": "from app.core import x\n", "backend/app/core.py": "x = 1\n"}
        )
        assert names(project)["backend/app/core.py"] == "app.core"
        assert project.table.roots == ("backend",)

    def test_two_packages_named_app_keep_apart(self, project_of: Build) -> None:
        files = {
            f"services/{name}/app/{path}": text
            for name in ("orders", "users")
            for path, text in {"main.py": "from app.db import x\n", "db.py": "x = 1\n"}.items()
        }
        project = project_of(files)
        assert found(project, "app.db", "services/orders/app/main.py") == "services/orders/app/db.py"
        assert found(project, "app.db", "services/users/app/main.py") == "services/users/app/db.py"

    def test_a_shared_library_of_the_repository_is_found_from_a_service(self, project_of: Build) -> None:
        project = project_of(
            {
                "services/users/app/main.py": "from app.db import x\nfrom shared.log import y\n",
                "services/users/app/db.py": "x = 1\n",
                "libs/shared/src/shared/__init__.py": "",
                "libs/shared/src/shared/log.py": "from shared.base import z\n",
                "libs/shared/src/shared/base.py": "z = 1\n",
            }
        )
        assert found(project, "shared.log", "services/users/app/main.py") == "libs/shared/src/shared/log.py"

    def test_a_package_elsewhere_that_imports_nothing_of_its_own(self, project_of: Build) -> None:
        project = project_of(
            {
                "services/users/app/main.py": "from app.db import x\nfrom common.rates import y\n",
                "services/users/app/db.py": "x = 1\n",
                "libs/common/src/common/__init__.py": "",
                "libs/common/src/common/rates.py": "y = 1\n",
                "scripts/redis.py": "",
            }
        )
        assert (
            found(project, "common.rates", "services/users/app/main.py") == "libs/common/src/common/rates.py"
        )
        assert found(project, "redis", "services/users/app/main.py") is None

    def test_modules_side_by_side_without_a_package(self, project_of: Build) -> None:
        project = project_of(
            {"main.py": "import db\nfrom routers import users\n", "db.py": "", "routers/users.py": ""}
        )
        assert found(project, "db", "main.py") == "db.py"
        assert found(project, "routers.users", "main.py") == "routers/users.py"

    def test_folders_without_init_are_packages_too(self, project_of: Build) -> None:
        project = project_of({"app/main.py": "from app.api.v1 import users\n", "app/api/v1/users.py": ""})
        assert found(project, "app.api.v1.users", "app/main.py") == "app/api/v1/users.py"
        assert found(project, "app.api.v1", "app/main.py") == "app/api/v1/"


class TestForeignNames:
    @pytest.mark.parametrize("name", ["logging", "types", "email", "queue"])
    def test_the_standard_library_wins_over_a_module_of_a_package(self, project_of: Build, name: str) -> None:
        project = project_of(
            {
                "app/__init__.py": "",
                "app/core/__init__.py": "",
                f"app/core/{name}.py": "x = 1\n",
                "app/core/setup.py": f"import {name}\nfrom app.core import settings\n",
                "app/core/settings.py": "",
            }
        )
        assert found(project, name, "app/core/setup.py") is None

    def test_a_folder_named_like_a_library_is_not_the_library(self, project_of: Build) -> None:
        project = project_of(
            {"app/main.py": "from alembic import command\n", "alembic/env.py": "", "app/x.py": ""}
        )
        assert found(project, "alembic", "app/main.py") != "alembic/env.py"
        scope = project.resolver.scope(project.table.by_path["app/main.py"])
        symbol = project.resolver.lookup("command", scope)
        assert symbol is None or getattr(symbol, "name", "").startswith("alembic")


def test_the_result_does_not_depend_on_the_order_of_files(project_of: Build) -> None:
    files = {"b/app/main.py": "from app.x import y\n", "b/app/x.py": "y = 1\n", "a/tool.py": "import app.x\n"}
    assert project_of(files).table.roots == project_of(dict(reversed(files.items()))).table.roots
