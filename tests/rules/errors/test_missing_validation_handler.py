from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from typing import Annotated\nfrom fastapi import Depends, FastAPI, Form, Query, Request, UploadFile\n"
    "from fastapi.exceptions import RequestValidationError\nfrom pydantic import BaseModel\n"
    "class In(BaseModel): ...\nasync def answer(request, exc): ...\n"
)
APP = "app = FastAPI()\n"
ROUTE = "@app.get('/{x}')\ndef read(x: int): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR003"])


def test_place_and_message() -> None:
    [finding] = found(APP + ROUTE)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (7, 7, 16)
    assert finding.message == "`app` has no exception handler for `RequestValidationError`"


@pytest.mark.parametrize(
    "parameter",
    ["q: str", "q: int = 1", "q: In", "q: list[str] = Query()", "q: str = Form()", "q: UploadFile",
     "q: Annotated[str, Query(min_length=3)]", "q: dict"],
)  # fmt: skip
def test_validated_input(parameter: str) -> None:
    assert len(found(APP + f"@app.post('/')\ndef read({parameter}): ...\n")) == 1


@pytest.mark.parametrize("handled", ["422", "Exception", "ValueError", "404"])
def test_other_handlers_do_not_count(handled: str) -> None:
    assert len(found(APP + f"app.add_exception_handler({handled}, answer)\n" + ROUTE)) == 1


def test_one_finding_for_each_app() -> None:
    source = APP + ROUTE + "two = FastAPI()\n" + ROUTE.replace("app.", "two.")
    assert len(found(source)) == 2


def test_an_app_that_another_module_covers_for_another_app() -> None:
    files = {
        "one/main.py": HEAD + APP + ROUTE,
        "two/main.py": HEAD + APP + "app.add_exception_handler(RequestValidationError, answer)\n" + ROUTE,
    }
    [finding] = lint(files, select=["ERR003"])
    assert finding.span.path == "one/main.py"


def test_a_mention_as_a_type_is_no_registration() -> None:
    source = APP + ROUTE + "def other(exc: RequestValidationError):\n    raise RequestValidationError([])\n"
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        APP + "app.add_exception_handler(RequestValidationError, answer)\n" + ROUTE,
        "app = FastAPI(exception_handlers={RequestValidationError: answer})\n" + ROUTE,
        "HANDLERS = {RequestValidationError: answer}\napp = FastAPI(exception_handlers=HANDLERS)\n" + ROUTE,
        APP + "for cls in (RequestValidationError, ValueError):\n    app.add_exception_handler(cls, answer)\n"
        + ROUTE,
        APP + "def setup(app, cls, handler):\n    app.add_exception_handler(cls, handler)\n"
        "setup(app, RequestValidationError, answer)\n" + ROUTE,
        APP + "app.exception_handlers[RequestValidationError] = answer\n" + ROUTE,
        "import fastapi.exceptions as errors\n" + APP
        + "app.add_exception_handler(errors.RequestValidationError, answer)\n" + ROUTE,
        APP + "app.add_exception_handler(load(), answer)\n" + ROUTE,
        "app = FastAPI(exception_handlers=load())\n" + ROUTE,
        APP + "from problems import add_exception_handlers\nadd_exception_handlers(app)\n" + ROUTE,
        "class Own(FastAPI): ...\napp = Own()\n" + ROUTE,
        APP + "@app.get('/')\ndef read(): ...\n",
        APP + "@app.get('/{x}')\ndef read(x): ...\n",
        APP + "@app.get('/{x}')\ndef read(x: str, request: Request): ...\n",
        APP + "@app.get('/')\ndef read(x: str = ''): ...\n",
        "from starlette.applications import Starlette\n" + APP + ROUTE
        + "outer = Starlette()\nouter.mount('/api', app)\n",
    ],
)  # fmt: skip
def test_silent(source: str) -> None:
    assert found(source) == []


def test_registered_under_a_reexported_name() -> None:
    files = {
        "app/errors.py": "from fastapi.exceptions import RequestValidationError as Invalid\n",
        "app/setup_app.py": (
            "from app.errors import Invalid\ndef setup(app):\n    app.add_exception_handler(Invalid, h)\n"
        ),
    }
    assert found("from app.setup_app import setup\n" + APP + "setup(app)\n" + ROUTE, **files) == []


@pytest.mark.parametrize(
    ("registered", "count"), [("", 0), ("KeyError", 0), ("Own", 1), ("HTTPException", 1)]
)
def test_auto_asks_for_a_common_format(registered: str, count: int) -> None:
    source = "from fastapi import HTTPException\nclass Own(Exception): ...\n" + APP + ROUTE
    if registered:
        source += f"app.add_exception_handler({registered}, answer)\n"
    assert len(found(source, **{"fastapi-lint.toml": 'error-envelope = "auto"\n'})) == count


def test_off_by_default_and_on_in_production() -> None:
    files = {"app/main.py": HEAD + APP + ROUTE}
    assert all(finding.code != "ERR003" for finding in lint(files))
    assert any(finding.code == "ERR003" for finding in lint(files, preset="production"))
