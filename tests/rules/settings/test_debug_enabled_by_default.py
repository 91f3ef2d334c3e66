from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

CONFIG = """
from functools import lru_cache
from pydantic_settings import BaseSettings

class Base(BaseSettings):
    debug: bool = {default}

class Settings(Base):
    name: str = "x"

settings = Settings()

@lru_cache
def get_settings() -> Settings:
    return Settings()
"""
HEAD = """
from fastapi import FastAPI
from starlette.applications import Starlette
from app import config
from app.config import get_settings, settings

"""


def found(source: str, default: str = "True") -> list[Finding]:
    files = {
        "app/__init__.py": "",
        "app/config.py": CONFIG.format(default=default),
        "app/main.py": HEAD + source,
    }
    return lint(files, select=["CFG007"])


def test_place_and_message_of_a_literal() -> None:
    [finding] = found("app = FastAPI(title='x', debug=True)\n")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 7, 32)
    assert finding.message == "Debug mode is on: clients get the traceback of every unhandled error"
    assert finding.related == ()


def test_place_and_message_of_a_setting() -> None:
    [finding] = found("app = FastAPI(debug=settings.debug)\n")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/config.py", 6, 19)
    assert finding.message == (
        "`Base.debug` is True by default and turns on debug mode, which sends tracebacks to clients"
    )
    assert [(other.span.path, other.span.line) for other in finding.related] == [("app/main.py", 7)]


@pytest.mark.parametrize(
    "source",
    [
        "app = FastAPI(debug=True)\n",
        "app = Starlette(debug=True)\n",
        "app = FastAPI()\napp.debug = True\n",
        "def create_app():\n    return FastAPI(debug=True)\n",
        "def create_app():\n    app = FastAPI()\n    app.debug = True\n    return app\n",
        "class App(FastAPI): ...\napp = App(debug=True)\n",
        "try:\n    app = FastAPI(debug=True)\nfinally:\n    pass\n",
        "app = FastAPI(debug=settings.debug)\n",
        "app = FastAPI(debug=config.settings.debug)\n",
        "app = FastAPI(debug=get_settings().debug)\n",
        "s = get_settings()\napp = FastAPI(debug=s.debug)\n",
        "def create_app():\n    s = get_settings()\n    return FastAPI(debug=s.debug)\n",
        "debug = settings.debug\napp = FastAPI(debug=debug)\n",
        "app = FastAPI()\napp.debug = settings.debug\n",
    ],
)
def test_ways(source: str) -> None:
    assert len(found(source)) == 1


def test_one_default_that_two_applications_get() -> None:
    assert len(found("a = FastAPI(debug=settings.debug)\nb = FastAPI(debug=settings.debug)\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "app = FastAPI(debug=False)\n",
        "app = FastAPI(debug=unknown)\n",
        "app = FastAPI(debug=args.debug)\n",
        "app = FastAPI(**options)\n",
        "app = FastAPI()\nif settings.name == 'dev':\n    app.debug = True\n",
        "if settings.name == 'dev':\n    app = FastAPI(debug=True)\nelse:\n    app = FastAPI()\n",
        "app = FastAPI(debug=True if settings.name else False)\n",
        "app = FastAPI(debug=settings.debug and settings.name == 'x')\n",
        "app = FastAPI(debug=not settings.debug)\n",
        "if __name__ == '__main__':\n    app = FastAPI(debug=True)\n",
        "app = FastAPI()\nprint(settings.debug)\n",
        "app = other(debug=True)\n",
        "app = FastAPI()\nother.debug = True\n",
        "app = FastAPI(debug=settings.missing)\n",
        "app = FastAPI(debug=settings.name)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize("default", ["False", "unknown()", "None"])
def test_other_defaults(default: str) -> None:
    assert found("app = FastAPI(debug=settings.debug)\n", default) == []


def test_tests_and_examples() -> None:
    source = "from fastapi import FastAPI\napp = FastAPI(debug=True)\n"
    files = {"tests/conftest.py": source, "examples/app.py": source, "scripts/run.py": source}
    assert lint(files, select=["CFG007"]) == []


def test_fix() -> None:
    files = {"app/main.py": "from fastapi import FastAPI\napp = FastAPI(debug=True)\n"}
    findings = lint(files, select=["CFG007"])
    assert apply_fixes(files, findings)["app/main.py"].endswith("FastAPI(debug=False)\n")
    assert findings[0].fix is not None
    assert findings[0].fix.safety == "unsafe"
