from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

CONFIG = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    name: str = 'x'\n"
ROUTER = """
import os
import os as system
from os import environ, getenv as g
import dotenv
from decouple import config
from fastapi import APIRouter

KEY = "MAIL_FROM"
router = APIRouter()

@router.get("/sender")
def sender(){signature}:
    {body}
"""
MAIN = """
from fastapi import FastAPI
from app import config
from {0} import router
app = FastAPI()
app.include_router(router)
"""
FILES = {"app/__init__.py": "", "app/config.py": CONFIG, "app/main.py": MAIN.format("app.api.mail")}


def found(body: str, signature: str = "", files: dict[str, str] | None = None) -> list[Finding]:
    router = ROUTER.format(body=body, signature=signature)
    return lint({**FILES, "app/api/mail.py": router, **(files or {})}, select=["CFG003"])


def test_place_and_message() -> None:
    [finding] = found("return os.environ['MAIL_FROM'].lower()")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (14, 12, 35)
    assert finding.message == (
        "The router module `app.api.mail` reads the environment variable `MAIL_FROM` itself, past `Settings`"
    )
    assert finding.help == "Declare it as a field of `Settings` and take it from there"
    assert finding.symbol == "sender"


@pytest.mark.parametrize(
    "read",
    [
        "os.environ['A']",
        "os.environ.get('A', '')",
        "os.getenv('A')",
        "os.getenv(key='A')",
        "system.environ['A']",
        "environ['A']",
        "environ.get('A')",
        "g('A')",
        "g(KEY)",
        "config('A', default=1)",
        "dotenv.dotenv_values('.env')",
        "f\"{os.getenv('A')}\"",
        "[x for x in os.environ['A']]",
    ],
)
def test_reads(read: str) -> None:
    assert len(found(f"return {read}")) == 1


def test_each_read() -> None:
    assert len(found("return os.environ['A'], os.getenv('B')")) == 2


def test_at_module_level_and_in_a_class() -> None:
    source = (
        "import os\nA = os.environ['A']\nclass Mail:\n    host = os.getenv('B')\n"
        "    def send(self, to=os.getenv('C')): ...\n"
    )
    files = {
        **FILES,
        "app/main.py": FILES["app/main.py"] + "import app.services.mail\n",
        "app/services/mail.py": source,
    }
    findings = lint({**files, "app/api/mail.py": ROUTER.format(body="...", signature="")}, select=["CFG003"])
    assert [f.span.line for f in findings] == [2, 4, 5]


@pytest.mark.parametrize(
    "path", ["app/services/x.py", "app/repositories/x.py", "app/deps.py", "app/schemas/x.py"]
)
def test_layers(path: str) -> None:
    source = "import os\ndef work():\n    return os.environ['A']\n"
    main = FILES["app/main.py"] + f"import {path[:-3].replace('/', '.')}\n"
    files = {"app/main.py": main, path: source}
    assert [finding.span.path for finding in found("...", files=files)] == [path]


@pytest.mark.parametrize(
    "body",
    [
        "os.environ['A'] = 'x'",
        "os.environ.setdefault('A', 'x')",
        "os.environ.update(A='x')",
        "del os.environ['A']",
        "subprocess.run([], env=os.environ)",
        "subprocess.run([], env={**os.environ, 'A': 'b'})",
        "return os.environ.copy()",
        "return 'A' in os.environ",
        "return os.environ['HOSTNAME']",
        "return os.getenv('OTEL_SERVICE_NAME')",
        "return os.getenv('PYTEST_CURRENT_TEST')",
        "return os.getenv('KUBERNETES_SERVICE_HOST')",
        "return os.environ[unknown]",
        "return os.getenv(f'MAIL_{x}')",
        "return settings.environ['A']",
        "return other.getenv('A')",
        "return os.path.join('a')",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "path",
    [
        "app/core/settings.py", "app/config/mail.py", "app/database.py", "app/db/session.py",
        "app/tasks/mail.py", "app/worker.py", "app/middleware.py", "app/helpers.py", "alembic/env.py",
        "scripts/seed.py", "tests/services/x.py", "gunicorn.conf.py", "gunicorn_conf.py",
    ],
)  # fmt: skip
def test_modules_that_may_read(path: str) -> None:
    source = "import os\ndef work():\n    return os.environ['A']\n"
    main = FILES["app/main.py"] + (f"import {path[:-3].replace('/', '.')}\n" if "conf.py" not in path else "")
    assert found("...", files={"app/main.py": main, path: source}) == []


def test_the_application_module() -> None:
    main = "import os\nfrom fastapi import FastAPI\nfrom app import config\napp = FastAPI()\n"
    main += "@app.get('/')\ndef x():\n    return os.environ['A']\n"
    assert lint({**FILES, "app/main.py": main}, select=["CFG003"]) == []


def test_no_settings() -> None:
    router = ROUTER.format(body="return os.environ['A']", signature="")
    main = MAIN.format("app.api.mail").replace("from app import config\n", "")
    assert lint({"app/main.py": main, "app/api/mail.py": router}, select=["CFG003"]) == []


def test_settings_of_tests_only() -> None:
    files = {"app/config.py": "", "tests/config.py": CONFIG}
    assert found("return os.environ['A']", files=files) == []


def test_settings_of_another_distribution() -> None:
    library = "import os\ndef work():\n    return os.environ['A']\n"
    files = {
        "server/pyproject.toml": "[project]\nname = 'server'\n",
        "server/shop/main.py": (
            "from fastapi import FastAPI\nfrom shop import config\nimport kit.services\napp = FastAPI()\n"
        ),
        "server/shop/config.py": CONFIG,
        "kit/pyproject.toml": "[project]\nname = 'kit'\n",
        "kit/services.py": library,
    }
    assert lint(files, select=["CFG003"]) == []
    del files["kit/pyproject.toml"], files["server/pyproject.toml"]
    assert len(lint(files, select=["CFG003"])) == 1


def test_the_settings_that_are_in_use_are_named() -> None:
    config = "from pydantic_settings import BaseSettings\nclass Base(BaseSettings): ...\n"
    config += "class Settings(Base): ...\nsettings = Settings()\n"
    [finding] = found("return os.environ['A']", files={"app/config.py": config})
    assert finding.message.endswith("past `Settings`")


def test_settings_of_another_application() -> None:
    router = ROUTER.format(body="return os.environ['A']", signature="")
    files = {
        "mail/app/main.py": MAIN.format("app.api.mail").replace("from app import config\n", ""),
        "mail/app/api/mail.py": router,
        "shop/app/main.py": MAIN.format("app.api.shop"),
        "shop/app/config.py": CONFIG,
        "shop/app/api/shop.py": router,
    }
    assert [finding.span.path for finding in lint(files, select=["CFG003"])] == ["shop/app/api/shop.py"]
