from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

CONFIG = """
from functools import lru_cache
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    name: str = "x"

@lru_cache
def get_settings() -> Settings:
    return Settings()

@lru_cache
def get_other() -> Settings:
    return get_settings()
"""
MAIN = """
from typing import Annotated
from fastapi import Depends, FastAPI
from app import config
from app.config import Settings, get_settings
from app.config import get_settings as gs

app = FastAPI()
{rest}

@app.get("/injected")
def injected(settings: Settings = Depends({target})): ...
"""
FILES = {"app/__init__.py": "", "app/config.py": CONFIG}


def found(rest: str, target: str = "get_settings", files: dict[str, str] | None = None) -> list[Finding]:
    return lint(
        {**FILES, "app/main.py": MAIN.format(rest=rest, target=target), **(files or {})}, select=["CFG002"]
    )


def test_place_and_message() -> None:
    [finding] = found("@app.get('/x')\ndef x():\n    return get_settings().name")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (11, 12, 26)
    assert finding.severity is Severity.INFO
    assert finding.message == "`x` calls `get_settings` itself, where overriding it has no effect"
    assert finding.help == "Take it as a parameter: `settings: Annotated[Settings, Depends(get_settings)]`"
    assert finding.symbol == "x"


@pytest.mark.parametrize(
    "rest",
    [
        "@app.get('/x')\ndef x():\n    gs()",
        "@app.get('/x')\ndef x():\n    config.get_settings()",
        "@app.get('/x')\nasync def x():\n    if 1:\n        y = get_settings()",
        "@app.websocket('/x')\nasync def x(websocket):\n    get_settings()",
        "def d():\n    get_settings()\n@app.get('/x')\ndef x(a=Depends(d)): ...",
        "def d():\n    get_settings()\n    yield\n@app.get('/x', dependencies=[Depends(d)])\ndef x(): ...",
        "class D:\n    def __init__(self):\n        get_settings()\n"
        "@app.get('/x')\ndef x(d: D = Depends()): ...",
        "class D:\n    def __call__(self):\n        get_settings()\nd = D()\n"
        "@app.get('/x')\ndef x(a=Depends(d)): ...",
    ],
)
def test_calls(rest: str) -> None:
    assert len(found(rest)) == 1


def test_each_call_of_one_function() -> None:
    assert len(found("@app.get('/x')\ndef x():\n    get_settings()\n    get_settings()")) == 2


@pytest.mark.parametrize(
    "override",
    [
        "app.dependency_overrides[get_settings] = lambda: None",
        "app.dependency_overrides = {get_settings: None}",
        "app.dependency_overrides.update({get_settings: None})",
        "def client():\n    app.dependency_overrides[get_settings] = 1\n    yield",
    ],
)
def test_an_override_in_a_test_is_a_convention_as_well(override: str) -> None:
    test = f"from app.main import app\nfrom app.config import get_settings\n{override}\n"
    rest = "@app.get('/x')\ndef x():\n    get_settings()"
    assert found(rest, target="object") == []
    assert len(found(rest, target="object", files={"tests/conftest.py": test})) == 1


@pytest.mark.parametrize(
    "rest",
    [
        "settings = get_settings()",
        "def create():\n    return FastAPI(title=get_settings().name)",
        "@app.get(get_settings().name)\ndef x(): ...",
        "@app.get('/x')\ndef x(size: int = get_settings().size): ...",
        "@app.middleware('http')\nasync def m(request, call_next):\n    get_settings()",
        "@app.exception_handler(ValueError)\nasync def h(request, exc):\n    get_settings()",
        "@app.on_event('startup')\ndef start():\n    get_settings()",
        "@app.get('/x')\ndef x(s=Depends(get_settings)):\n    return s.name",
        "@app.get('/x')\ndef x(s=Depends(config.get_other)): ...",
        "@app.get('/x')\ndef x():\n    return helper()\ndef helper():\n    return get_settings()",
        "@app.get('/x')\ndef x():\n    return get_settings",
    ],
)
def test_silent(rest: str) -> None:
    assert found(rest) == []


def test_a_task_and_a_database_module() -> None:
    files = {
        "app/tasks.py": "from app.config import get_settings\ndef run():\n    get_settings()\n",
        "app/database.py": "from app.config import get_settings\ndef engine():\n    return get_settings()\n",
        "app/services/x.py": "from app.config import get_settings\ndef x():\n    get_settings()\n",
        "app/repositories/x.py": "from app.config import get_settings\ndef x():\n    get_settings()\n",
    }
    assert found("", files=files) == []


def test_no_injection_in_the_project() -> None:
    assert found("@app.get('/x')\ndef x():\n    get_settings()", target="object") == []


def test_a_provider_that_is_no_settings_provider() -> None:
    rest = "def now() -> int: ...\n@app.get('/x')\ndef x(a=Depends(now)):\n    now()"
    assert found(rest) == []
