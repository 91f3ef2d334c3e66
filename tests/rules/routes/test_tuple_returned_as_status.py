from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
from http import HTTPStatus
from typing import Any, NamedTuple, Optional, Tuple
from fastapi import APIRouter, FastAPI, Response, status
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel
import kit
class User(BaseModel):
    id: int
class Pair(NamedTuple):
    body: str
    code: int
Alias = Tuple[str, int]
LIMIT = 100
app = FastAPI()
"""


def found(code: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + code}, select=["RTE010"])


def endpoint(value: str, returns: str = "", options: str = "", parameters: str = "") -> str:
    return f"@app.get('/x'{options})\ndef x({parameters}){returns}:\n    return {value}\n"


def test_place_message_and_help() -> None:
    [finding] = found(endpoint("{'error': 'no'}, 404"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (17, 12, 32)
    assert finding.message == "`x` returns a tuple, so the client gets an array and not the status 404"
    assert finding.help == "Raise `HTTPException(404, ...)`, or return `JSONResponse(..., status_code=404)`"


def test_help_for_success() -> None:
    [finding] = found(endpoint("{}, 201"))
    assert finding.help == "Give the route `status_code=201`, or return `JSONResponse(..., status_code=201)`"


@pytest.mark.parametrize(
    "value",
    [
        "{}, 404",
        "('no', 404)",
        "{}, status.HTTP_404_NOT_FOUND",
        "{}, HTTPStatus.NOT_FOUND",
        "{}, HTTPStatus.NOT_FOUND.value",
        "kit.body(), 404",
        "None, 500",
        "{}, 201, {'location': '/y'}",
        "({}, 404) if kit.x else {}",
    ],
)
def test_every_form(value: str) -> None:
    assert len(found(endpoint(value))) == 1


@pytest.mark.parametrize(
    ("returns", "options"),
    [
        (" -> dict", ""),
        (" -> Any", ""),
        (" -> Response", ""),
        (" -> User", ""),
        (" -> User | None", ""),
        (" -> Optional[User]", ""),
        ("", ", response_model=User"),
        ("", ", response_model=None"),
        ("", ", response_class=ORJSONResponse"),
    ],
)
def test_other_annotations(returns: str, options: str) -> None:
    assert len(found(endpoint("{}, 404", returns, options))) == 1


def test_every_tuple_of_one_endpoint() -> None:
    code = "@app.get('/x')\nasync def x(y: int):\n    if y:\n        return {}, 404\n    try:\n"
    code += "        return 'ok'\n    except ValueError:\n        return {'e': 1}, 400\n"
    assert [finding.span.line for finding in found(code)] == [18, 22]


def test_router_and_method() -> None:
    code = "router = APIRouter()\nclass View:\n    def x(self):\n        return {}, 404\n"
    code += "router.add_api_route('/x', View().x)\napp.include_router(router)\n"
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        endpoint("'a', 404", " -> tuple[str, int]"),
        endpoint("'a', 404", " -> Tuple"),
        endpoint("'a', 404", " -> 'tuple[str, int]'"),
        endpoint("'a', 404", " -> Alias"),
        endpoint("'a', 404", " -> Pair"),
        endpoint("'a', 404", " -> tuple[str, int] | None"),
        endpoint("'a', 404", " -> kit.Result"),
        endpoint("'a', 404", "", ", response_model=tuple[str, int]"),
        endpoint("'a', 404", "", ", response_model=Alias"),
        endpoint("'a', 404", "", ", response_model=kit.Result"),
        endpoint("'a', 404", "", ", response_class=kit.Pairs"),
        endpoint("'a', 'b'"),
        endpoint("'a', 42"),
        endpoint("'a', 600"),
        endpoint("'a', True"),
        endpoint("'a', LIMIT"),
        endpoint("'a', kit.CODE"),
        endpoint("0, 100"),
        endpoint("count, 100", parameters="count: int"),
        endpoint("'a', 200, 3"),
        endpoint("'a', 'b', 404"),
        endpoint("['a', 404]"),
        endpoint("*kit.body(), 404"),
        "def helper():\n    return {}, 404\n" + endpoint("helper()[0]"),
        "@app.get('/x')\ndef x():\n    def inner():\n        return {}, 404\n    return inner()[0]\n",
        "@app.get('/x')\n@kit.responses\ndef x():\n    return {}, 404\n",
        "def answer(f):\n    def inner():\n        body, code = f()\n        return Response(body, code)\n"
        "    return inner\n@app.get('/x')\n@answer\ndef x():\n    return {}, 404\n",
        "router = APIRouter(route_class=kit.PairRoute)\n@router.get('/x')\ndef x():\n    return {}, 404\n"
        "app.include_router(router)\n",
        "api = FastAPI(default_response_class=kit.Pairs)\n@api.get('/x')\ndef x():\n    return {}, 404\n",
        "@app.websocket('/x')\nasync def x(websocket):\n    return {}, 404\n",
        "@kit.flask.get('/x')\ndef x():\n    return {}, 404\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_endpoint_in_tests() -> None:
    assert lint({"tests/test_app.py": HEAD + endpoint("{}, 404")}, select=["RTE010"]) == []


@pytest.mark.parametrize(
    ("value", "fixed"),
    [
        ("{'a': [1, f'{x}']}, 404", "JSONResponse({'a': [1, f'{x}']}, status_code=404)"),
        ("('no', HTTPStatus.GONE)", "JSONResponse('no', status_code=HTTPStatus.GONE)"),
        ("{}, 201, {'a': 'b'}", "JSONResponse({}, status_code=201, headers={'a': 'b'})"),
        ("({}, 404) if kit.x else {}", "JSONResponse({}, status_code=404) if kit.x else {}"),
        ("{'a': kit.now()}, 404", None),
        ("kit.body(), 404", None),
    ],
)
def test_fix(value: str, fixed: str | None) -> None:
    files = {"app/main.py": HEAD + endpoint(value)}
    [finding] = lint(files, select=["RTE010"])
    assert (finding.fix is None) == (fixed is None)
    if fixed is not None:
        text = apply_fixes(files, [finding])["app/main.py"]
        assert f"    return {fixed}\n" in text
        assert "from fastapi.responses import ORJSONResponse, JSONResponse\n" in text
