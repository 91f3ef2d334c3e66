"""Which layers exist around a module."""

from collections.abc import Callable

import pytest

from fastapi_lint.config.options import Assignment, Place, ProjectOptions
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

ROUTER = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/x")
def x(): ...
"""
MAIN = "from fastapi import FastAPI\nfrom {0} import router\napp = FastAPI()\napp.include_router(router)\n"
WORK = "def work(): ...\n"


def exists(project: Project, role: str, path: str) -> bool:
    module = project.module(path)
    assert module is not None
    return project.layers.exists(role, module)


def test_in_the_same_application(project_of: Build) -> None:
    project = project_of(
        {
            "app/main.py": MAIN.format("app.api.x"),
            "app/api/x.py": ROUTER + "from app.services.y import work\n",
            "app/services/y.py": WORK,
        }
    )
    assert exists(project, "service", "app/api/x.py")
    assert not exists(project, "repository", "app/api/x.py")


def test_a_layer_of_nothing_but_data_is_none(project_of: Build) -> None:
    files = {
        "app/main.py": MAIN.format("app.api.x"),
        "app/api/x.py": ROUTER + "from app.services.errors import NotFound\n",
        "app/services/errors.py": "class NotFound(Exception): ...\nLIMIT = 3\n",
        "app/services/__init__.py": "",
    }
    assert not exists(project_of(files), "service", "app/api/x.py")


def test_another_application_in_the_repository_is_another_one(project_of: Build) -> None:
    files = {
        "shop/app/main.py": MAIN.format("app.api.x"),
        "shop/app/api/x.py": ROUTER + "from app.services.y import work\n",
        "shop/app/services/y.py": WORK,
        "mail/app/main.py": MAIN.format("app.api.x"),
        "mail/app/api/x.py": ROUTER,
    }
    project = project_of(files)
    assert exists(project, "service", "shop/app/api/x.py")
    assert not exists(project, "service", "mail/app/api/x.py")


def test_applications_side_by_side_below_one_root(project_of: Build) -> None:
    files = {
        "admin.py": MAIN.format("api.x"),
        "api/__init__.py": "",
        "api/x.py": ROUTER,
        "shop.py": MAIN.format("web.y"),
        "web/y.py": ROUTER + "from services.z import work\n",
        "services/z.py": WORK,
    }
    project = project_of(files)
    assert exists(project, "service", "web/y.py")
    assert not exists(project, "service", "api/x.py")


def test_a_router_that_no_application_imports_belongs_to_its_package(project_of: Build) -> None:
    files = {"app/api/x.py": ROUTER, "app/services/y.py": WORK, "other/services/z.py": WORK}
    project = project_of(files)
    assert exists(project, "service", "app/api/x.py")
    assert not exists(
        project_of({"other/api/x.py": ROUTER, "app/main.py": ""}), "repository", "other/api/x.py"
    )


FEATURES = {
    "app/main.py": MAIN.format("app.users.router") + "from app.orders import router as r2\n",
    "app/users/router.py": ROUTER,
    "app/users/repository.py": WORK,
    "app/orders/router.py": ROUTER
    + "from app.orders.service import work\nfrom app.users import repository\n",
    "app/orders/service.py": WORK,
}


def test_in_the_same_feature(project_of: Build) -> None:
    project = project_of(FEATURES)
    assert exists(project, "service", "app/orders/router.py")
    assert not exists(project, "service", "app/users/router.py")
    assert exists(project, "repository", "app/users/router.py")


@pytest.mark.parametrize(
    "options",
    [
        ProjectOptions(layered=True),
        ProjectOptions(layers=(Assignment("service", (Place("app/orders/service.py"),)),)),
    ],
    ids=["preset", "layers"],
)
def test_whoever_asks_for_layers_needs_only_a_repository(project_of: Build, options: ProjectOptions) -> None:
    project = project_of(FEATURES, options)
    assert exists(project, "service", "app/users/router.py")


def test_without_a_repository_nothing_is_asked_for(project_of: Build) -> None:
    files = {"app/main.py": MAIN.format("app.api.x"), "app/api/x.py": ROUTER}
    assert not exists(project_of(files, ProjectOptions(layered=True)), "service", "app/api/x.py")


def test_tests_are_no_layer(project_of: Build) -> None:
    files = {
        "app/main.py": MAIN.format("app.api.x"),
        "app/api/x.py": ROUTER,
        "app/tests/services/y.py": WORK,
        "tests/services/y.py": WORK,
    }
    assert not exists(project_of(files), "service", "app/api/x.py")


def test_modules_with_a_role(project_of: Build) -> None:
    project = project_of(FEATURES)
    module = project.module("app/users/router.py")
    assert module is not None
    assert [m.path for m in project.layers.modules_with("repository", module)] == ["app/users/repository.py"]


def test_a_folder_beside_features_is_a_part_of_its_own(project_of: Build) -> None:
    files = {
        **FEATURES,
        "app/users/service.py": WORK,
        "app/backoffice/pages.py": ROUTER + "from app.users.repository import work\n",
        "app/main.py": FEATURES["app/main.py"] + "from app.backoffice import pages\n",
    }
    assert not exists(project_of(files), "service", "app/backoffice/pages.py")
    files["app/backoffice/service.py"] = WORK
    assert exists(project_of(files), "service", "app/backoffice/pages.py")


def test_layers_beside_features_are_shared_by_what_is_beside_them(project_of: Build) -> None:
    files = {**FEATURES, "app/users/service.py": WORK, "app/api/x.py": ROUTER}
    assert not exists(project_of(files), "service", "app/api/x.py")
    files["app/services/y.py"] = WORK
    project = project_of(files)
    assert exists(project, "service", "app/api/x.py")
    assert exists(project, "service", "app/users/router.py")
