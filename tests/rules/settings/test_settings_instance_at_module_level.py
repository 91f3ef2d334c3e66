from __future__ import annotations

import pytest

from fastapi_lint.catalogue import catalogue
from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

CONFIG = """
from functools import lru_cache
from pydantic import BaseModel
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    name: str = "x"
class Plain(BaseModel):
    name: str = "x"

{instance}
"""
USE = """from fastapi import APIRouter
{imports}
router = APIRouter()

@router.get("/x")
def x():
    return {use}
"""


IMPORT = "from app.config import settings\n"


def found(instance: str, files: dict[str, str]) -> list[Finding]:
    config = CONFIG.format(instance=instance)
    return lint({"app/__init__.py": "", "app/config.py": config, **files}, select=["CFG010"])


ROUTER = {"app/api/x.py": USE.format(imports="from app.config import settings", use="settings.name")}


def test_place_message_and_uses() -> None:
    service = "from app import config\ndef work():\n    return config.settings.name\n"
    [finding] = found("settings = Settings()", {**ROUTER, "app/services/y.py": service})
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/config.py", 11, 1)
    assert (
        finding.message == "`settings` is a `Settings` built at import, and the application uses it directly"
    )
    assert [(other.span.path, other.span.line) for other in finding.related] == [
        ("app/api/x.py", 2),
        ("app/services/y.py", 1),
    ]


@pytest.mark.parametrize(
    "instance",
    [
        "settings = Settings()",
        "settings: Settings = Settings()",
        "settings = Settings(_env_file='.env')",
        "try:\n    settings = Settings()\nexcept ValueError:\n    raise SystemExit(1)",
    ],
)
def test_instances(instance: str) -> None:
    assert len(found(instance, ROUTER)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/services/y.py", "from app.config import settings\ndef work():\n    return settings.name\n"),
        (
            "app/repositories/y.py",
            "def find():\n    from app.config import settings\n    return settings.name\n",
        ),
        ("app/deps.py", "from app.config import settings as s\nlimit = s.limit\n"),
        ("app/api/x.py", USE.format(imports="from app.config import *", use="settings.name")),
        ("app/api/x.py", USE.format(imports="import app.config", use="app.config.settings.name")),
        ("app/api/x.py", USE.format(imports="from app.facade import settings", use="settings")),
    ],
)
def test_users(path: str, text: str) -> None:
    facade = "from app.config import settings\n"
    assert len(found("settings = Settings()", {path: text, "app/facade.py": facade})) == 1


def test_in_one_module() -> None:
    rest = "settings = Settings()\n" + USE.format(imports="", use="settings.name")
    [finding] = lint({"app/api/x.py": CONFIG.format(instance=rest)}, select=["CFG010"])
    assert [other.message for other in finding.related] == ["`x` uses it"]


def test_in_the_module_of_the_application() -> None:
    rest = "settings = Settings()\n" + USE.format(imports="", use="settings.name")
    rest += "from fastapi import FastAPI\napp = FastAPI()\napp.include_router(router)\n"
    assert lint({"app/main.py": CONFIG.format(instance=rest)}, select=["CFG010"]) == []


@pytest.mark.parametrize(
    ("instance", "files"),
    [
        ("@lru_cache\ndef get() -> Settings:\n    return Settings()\nsettings = get()", ROUTER),
        ("settings = Plain()", ROUTER),
        ("settings = unknown()", ROUTER),
        ("settings = Settings", ROUTER),
        ("def f():\n    settings = Settings()", {}),
        ("settings = Settings()", {}),
        ("settings = Settings()", {"app/main.py": f"from fastapi import FastAPI\n{IMPORT}"
         "app = FastAPI(title=settings.name)\n"}),
        ("settings = Settings()", {"app/main.py": f"from fastapi import FastAPI\n{IMPORT}"
         "def create_app():\n    return FastAPI(title=settings.name)\n"}),
        ("settings = Settings()", {"app/database.py": f"{IMPORT}url = settings.url\n"}),
        ("settings = Settings()", {"alembic/env.py": f"{IMPORT}url = settings.url\n"}),
        ("settings = Settings()", {"tests/services/x.py": f"{IMPORT}url = settings.url\n"}),
        ("settings = Settings()", {"scripts/x.py": f"{IMPORT}url = settings.url\n"}),
        ("settings = Settings()\ndef get() -> Settings:\n    return settings", {"app/api/x.py":
         "from fastapi import APIRouter, Depends\nfrom app.config import get\nrouter = APIRouter()\n"
         "@router.get('/x')\ndef x(s=Depends(get)): ...\n"}),
        ("settings = Settings()", {"app/deps.py": "from app.config import Settings, settings\n"
         "def get() -> Settings:\n    return settings\n"}),
        ("settings = Settings()", {"app/services/x.py":
         "if TYPE_CHECKING:\n    from app.config import settings\ndef f():\n    return settings\n"}),
    ],
)  # fmt: skip
def test_silent(instance: str, files: dict[str, str]) -> None:
    assert found(instance, files) == []


def test_presets() -> None:
    rules = catalogue()
    [rule] = [rule for rule in rules.rules if rule.code == "CFG010"]
    assert set(rules.presets_of(rule)) == {"production", "strict"}
