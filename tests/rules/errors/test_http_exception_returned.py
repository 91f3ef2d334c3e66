from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import Depends, FastAPI, HTTPException\napp = FastAPI()\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR001"])


def endpoint(body: str) -> str:
    return f"@app.get('/')\ndef read():\n    {body}\n"


def test_place_and_message() -> None:
    [finding] = found(endpoint("return HTTPException(404)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (5, 5, 30)
    assert finding.message == (
        "The endpoint `read` returns `HTTPException` instead of raising it, so the client gets 200"
    )
    assert finding.symbol == "read"


def test_dependency() -> None:
    source = "def login():\n    return HTTPException(401)\n@app.get('/')\ndef read(u=Depends(login)): ...\n"
    [finding] = found(source)
    assert finding.message == (
        "The dependency `login` returns `HTTPException` instead of raising it, so the request goes on"
    )


def test_callable_instance_as_dependency() -> None:
    source = (
        "class Check:\n    def __call__(self):\n        return HTTPException(403)\n"
        "@app.get('/', dependencies=[Depends(Check())])\ndef read(): ...\n"
    )
    [finding] = found(source)
    assert finding.symbol == "Check.__call__"


def test_starlettes_and_own_classes() -> None:
    source = "from starlette.exceptions import HTTPException as H\nclass Gone(H): ...\n"
    [finding] = found(source + endpoint("return Gone(410)"))
    assert "`Gone`" in finding.message


def test_dropped() -> None:
    [finding] = found(endpoint("HTTPException(404)"))
    assert "makes `HTTPException` instead of raising it" in finding.message


def test_result_of_a_helper() -> None:
    source = "def missing() -> HTTPException:\n    return HTTPException(404)\n"
    assert len(found(source + endpoint("return missing()"))) == 1


@pytest.mark.parametrize("value", ["row if row else {}", "row or {}", "(row if row.a else {}) or None"])
def test_one_of_two_values(value: str) -> None:
    [finding] = found(endpoint(f"row = load()\n    return {value.format('HTTPException(404)')}"))
    assert (finding.span.line, finding.fix) == (6, None)
    assert finding.span.end_column - finding.span.column == len("HTTPException(404)")


def test_a_variable_as_one_of_two_values() -> None:
    assert found(endpoint("error = check()\n    return error or load()")) == []


def test_no_fix_in_a_try() -> None:
    body = "try:\n        return HTTPException(404)\n    except Exception:\n        return HTTPException(500)"
    first, second = found(endpoint(body))
    assert first.fix is None
    assert second.fix is not None


def test_caught_and_returned() -> None:
    [finding] = found(endpoint("try:\n        load()\n    except HTTPException as e:\n        return e"))
    assert finding.span.line == 8


def test_endpoint_of_a_router_that_nothing_includes() -> None:
    source = "from fastapi import APIRouter\nr = APIRouter()\n@r.get('/')\n"
    assert len(found(source + "def f():\n    return HTTPException(404)\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def helper():\n    return HTTPException(404)\n" + endpoint("raise helper()"),
        "def helper():\n    return HTTPException(404)\n" + endpoint("helper()"),
        "ERROR = HTTPException(404)\n" + endpoint("raise ERROR"),
        endpoint("error = HTTPException(404)\n    raise error"),
        endpoint("return {'error': HTTPException}"),
        endpoint("return isinstance(x, HTTPException)"),
        endpoint("return unknown(HTTPException(404))"),
        endpoint("errors.append(HTTPException(404))"),
        endpoint("def inner():\n        return HTTPException(404)\n    raise inner()"),
        "from lib import HTTPException\n" + endpoint("return HTTPException(404)"),
        "@app.exception_handler(404)\nasync def handle(request, exc):\n    return HTTPException(404)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []
