from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "import sys\nfrom typing import NoReturn\nfrom fastapi import Depends, FastAPI, Request, WebSocket\n"
    "from fastapi.responses import JSONResponse\nfrom pydantic import BaseModel\n"
    "from starlette.middleware.base import BaseHTTPMiddleware\napp = FastAPI()\nclass Out(BaseModel): ...\n"
)
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR005"])


def middleware(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"@app.middleware('http')\nasync def around(request, call_next):\n{lines}"


def handler(body: str, handled: str = "ValueError") -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"@app.exception_handler({handled})\nasync def answer(request, exc):\n{lines}"


def test_place_and_message_of_a_missing_return() -> None:
    [finding] = found(middleware("await call_next(request)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 2, 11, 17)
    assert finding.message == (
        "The middleware `around` can end without a `return`, and the request then fails with 500"
    )


def test_place_and_message_of_a_wrong_value() -> None:
    [finding] = found(handler("return {'error': 1}"))
    assert (finding.span.line, finding.span.column) == (LINES + 3, 5)
    assert finding.message == (
        "The exception handler `answer` returns a `dict` instead of a response, and the request "
        "fails with 500"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("None", "nothing"),
        ("", "nothing"),
        ("'text'", "a `str`"),
        ("f'{exc}'", "a `str`"),
        ("[]", "a `list`"),
        ("({'error': 1}, 400)", "a `tuple`"),
        ("Out()", "a `Out`"),
        ("plain()", "a `dict`"),
        ("made()", "a `Out`"),
    ],
)
def test_values(value: str, words: str) -> None:
    source = "def plain() -> dict:\n    return load()\ndef made():\n    return Out()\n"
    [finding] = found(source + handler(f"return {value}"))
    assert f"returns {words} instead" in finding.message


@pytest.mark.parametrize(
    "body",
    [
        "if ok():\n    return await call_next(request)",
        "for path in paths():\n    return await call_next(request)",
        "while ok():\n    return await call_next(request)",
        "while True:\n    if ok():\n        break\n    return await call_next(request)",
        "try:\n    return await call_next(request)\nexcept ValueError:\n    log()",
        "try:\n    response = await call_next(request)\nfinally:\n    log()",
        "match request.method:\n    case 'GET':\n        return await call_next(request)",
        "with timer():\n    response = await call_next(request)",
    ],
)
def test_ways_to_the_end(body: str) -> None:
    [finding] = found(middleware(body))
    assert "can end without a `return`" in finding.message


def test_registered_otherwise() -> None:
    source = (
        "async def a(request, exc): ...\nasync def b(request, exc):\n    print(1)\n"
        "app.add_exception_handler(ValueError, b)\n"
        "async def c(request, call_next):\n    print(2)\napp.middleware('http')(c)\n"
        "class M(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n        print(3)\n"
        "async def d(request, exc):\n    print(4)\ntwo = FastAPI(exception_handlers={KeyError: d})\n"
    )
    assert [finding.symbol for finding in found(source)] == ["b", "c", "M.dispatch", "d"]


@pytest.mark.parametrize(
    "source",
    [
        middleware("return await call_next(request)"),
        middleware("response = None\nif ok():\n    response = await call_next(request)\nreturn response"),
        middleware("if ok():\n    return await call_next(request)\nraise RuntimeError()"),
        middleware("if ok():\n    return await call_next(request)\nelse:\n    raise RuntimeError()"),
        middleware("while True:\n    return await call_next(request)"),
        middleware("try:\n    return await call_next(request)\nexcept ValueError:\n    raise"),
        middleware("try:\n    pass\nfinally:\n    return await call_next(request)"),
        middleware("with timer():\n    return await call_next(request)"),
        middleware(
            "match request.method:\n    case 'GET':\n        return 1 and x\n    case _:\n        return y()"
        ),
        middleware("if ok():\n    return await call_next(request)\nsys.exit(1)"),
        "def fail() -> NoReturn:\n    load()\n"
        + middleware("if ok():\n    return await call_next(request)\nfail()"),
        "def fail():\n    raise ValueError()\n"
        + middleware("if ok():\n    return await call_next(request)\nfail()"),
        middleware("..."),
        handler("return unknown(exc)"),
        handler("return JSONResponse({})"),
        handler("raise exc"),
        handler("return cached.get(exc) or JSONResponse({})"),
        handler("await exc.close()", "WebSocketDisconnect"),
        (
            "@app.exception_handler(KeyError)\nasync def answer(websocket: WebSocket, exc):\n"
            "    await websocket.close()\n"
        ),
        "class M:\n    def __init__(self, app): ...\n"
        "    async def __call__(self, scope, receive, send):\n        send(1)\n"
        "app.add_middleware(M)\n",
        "class M:\n    async def dispatch(self, request, call_next):\n        print(1)\n",
        "def user():\n    print(1)\n@app.get('/')\ndef read(u=Depends(user)):\n    return {'a': 1}\n",
        "from contextlib import asynccontextmanager\n@asynccontextmanager\n"
        "async def lifespan(app):\n    yield\n"
        "two = FastAPI(lifespan=lifespan)\n",
        "@app.on_event('startup')\nasync def start():\n    print(1)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_are_not_reported() -> None:
    assert lint({"tests/conftest.py": HEAD + middleware("log()")}, select=["ERR005"]) == []
