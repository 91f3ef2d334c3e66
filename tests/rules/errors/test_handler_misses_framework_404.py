from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import FastAPI, HTTPException\napp = FastAPI()\nasync def answer(request, exc): ...\n"
LINES = HEAD.count("\n")
STARLETTE = "from starlette.exceptions import HTTPException as Base\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR004"])


def test_place_and_message() -> None:
    [finding] = found("app.add_exception_handler(HTTPException, answer)\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 1, 27, 40)
    assert finding.message == (
        "The handler for `fastapi.HTTPException` doesn't get the 404 of unknown paths and the 405"
    )
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == [
        "\nfrom starlette.exceptions import HTTPException as StarletteHTTPException",
        "StarletteHTTPException",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "@app.exception_handler(HTTPException)\nasync def other(request, exc): ...\n",
        "two = FastAPI(exception_handlers={HTTPException: answer})\n",
        "HANDLERS = {HTTPException: answer}\ntwo = FastAPI(exception_handlers=HANDLERS)\n",
        "from fastapi.exceptions import HTTPException as E\napp.add_exception_handler(E, answer)\n",
        "def setup(app: FastAPI):\n    app.add_exception_handler(HTTPException, answer)\nsetup(app)\n",
        "app.add_exception_handler(HTTPException, answer)\napp.add_exception_handler(500, answer)\n",
        "app.add_exception_handler(HTTPException, answer)\napp.add_exception_handler(ValueError, answer)\n",
    ],
)
def test_ways_to_register(source: str) -> None:
    assert len(found(source)) == 1


def test_name_that_is_imported_already() -> None:
    [finding] = found(
        "import starlette.exceptions\n" + STARLETTE + "app.add_exception_handler(HTTPException, answer)\n"
    )
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == ["Base"]


def test_two_apps_of_which_one_is_covered() -> None:
    setup = (
        "from starlette.exceptions import HTTPException\ndef setup(app):\n"
        "    app.add_exception_handler(HTTPException, h)\n"
    )
    files = {
        "one/main.py": (
            "from fastapi import FastAPI\nfrom one.errors import setup\napp = FastAPI()\nsetup(app)\n"
        ),
        "one/errors.py": setup,
        "two/main.py": (
            "from fastapi import FastAPI\nfrom two.errors import setup\napp = FastAPI()\nsetup(app)\n"
        ),
        "two/errors.py": setup.replace("starlette.exceptions", "fastapi"),
    }
    [finding] = lint(files, select=["ERR004"])
    assert finding.span.path == "two/errors.py"


@pytest.mark.parametrize(
    "source",
    [
        STARLETTE + "app.add_exception_handler(Base, answer)\n",
        STARLETTE
        + "app.add_exception_handler(Base, answer)\napp.add_exception_handler(HTTPException, answer)\n",
        "app.add_exception_handler(HTTPException, answer)\napp.add_exception_handler(404, answer)\n",
        "from fastapi import status\napp.add_exception_handler(HTTPException, answer)\n"
        "app.add_exception_handler(status.HTTP_405_METHOD_NOT_ALLOWED, answer)\n",
        "app.add_exception_handler(HTTPException, answer)\napp.add_exception_handler(Exception, answer)\n",
        "class Mine(HTTPException): ...\napp.add_exception_handler(Mine, answer)\n",
        "from lib import HTTPException\napp.add_exception_handler(HTTPException, answer)\n",
        (
            "app.add_exception_handler(HTTPException, answer)\nfor cls in load():\n"
            "    app.add_exception_handler(cls, answer)\n"
        ),
        "app.add_exception_handler(HTTPException, answer)\ntwo = FastAPI(exception_handlers=load())\n",
        "class Thing:\n    def use(self):\n        raise HTTPException(404)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_are_not_reported() -> None:
    source = HEAD + "app.add_exception_handler(HTTPException, answer)\n"
    assert lint({"tests/conftest.py": source}, select=["ERR004"]) == []
