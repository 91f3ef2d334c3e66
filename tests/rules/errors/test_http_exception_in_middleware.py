from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from fastapi import Depends, FastAPI, HTTPException, Request\n"
    "from starlette.middleware import Middleware\n"
    "from starlette.middleware.base import BaseHTTPMiddleware\n"
    "app = FastAPI()\n"
)
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ERR002"])


def middleware(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"@app.middleware('http')\nasync def check(request, call_next):\n{lines}"


def test_place_and_message() -> None:
    [finding] = found(
        middleware("if bad():\n    raise HTTPException(401, 'no')\nreturn await call_next(request)")
    )
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 4, 9, 39)
    assert finding.message == (
        "The middleware `check` raises `HTTPException` 401, which no exception handler sees: the "
        "client gets 500"
    )
    assert finding.symbol == "check"


def test_chain() -> None:
    source = (
        "class Denied(HTTPException):\n    def __init__(self):\n        super().__init__(status_code=403)\n"
        "async def verify(x):\n    raise Denied()\n" + middleware("await verify(request)\nreturn 1")
    )
    [finding] = found(source)
    assert (
        finding.message
        == "`Denied` 403 that `verify` raises leaves the middleware `check`, so the client gets 500"
    )
    assert [(hop.symbol, hop.span.line) for hop in finding.chain] == [("verify", LINES + 8)]
    assert finding.related[0].span.line == LINES + 5
    assert finding.fix is None


def test_dispatch_of_a_subclass_of_a_subclass() -> None:
    base = "from starlette.middleware.base import BaseHTTPMiddleware\nclass Base(BaseHTTPMiddleware): ...\n"
    source = (
        "from app.base import Base\nclass Mine(Base):\n    async def dispatch(self, request, call_next):\n"
        "        self.check(request)\n        return await call_next(request)\n"
        "    def check(self, request):\n        raise HTTPException(status_code=400)\n"
    )
    [finding] = found(source, **{"app/base.py": base})
    assert finding.symbol == "Mine.dispatch"


@pytest.mark.parametrize(
    "added", ["app.add_middleware(Auth)\n", "other = FastAPI(middleware=[Middleware(Auth)])\n"]
)
def test_asgi_middleware(added: str) -> None:
    source = (
        "class Auth:\n    def __init__(self, app):\n        self.app = app\n"
        "    async def __call__(self, scope, receive, send):\n        raise HTTPException(401)\n"
    )
    [finding] = found(source + added)
    assert finding.fix is None
    assert found(source) == []


def test_several_raises() -> None:
    assert len(found(middleware("if a:\n    raise HTTPException(401)\nraise HTTPException(403)"))) == 2


def test_fix_keeps_headers_and_names_the_status() -> None:
    [finding] = found(middleware("raise HTTPException(401, headers={'WWW-Authenticate': 'Bearer'})"))
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert finding.fix.edits[-1].text == (
        'return JSONResponse({"detail": "Unauthorized"}, status_code=401, '
        "headers={'WWW-Authenticate': 'Bearer'})"
    )
    [finding] = found(middleware("raise HTTPException(code(), headers=None)"))
    assert finding.fix is None


@pytest.mark.parametrize(
    "source",
    [
        middleware("try:\n    raise HTTPException(401)\nexcept HTTPException:\n    return JSONResponse({})"),
        middleware(
            "try:\n    verify()\nexcept Exception:\n    return JSONResponse({})\n"
            "return await call_next(request)"
        ),
        middleware("return await call_next(request)")
        + "@app.get('/')\ndef read():\n    raise HTTPException(404)\n",
        middleware("try:\n    return await call_next(request)\nexcept HTTPException:\n    raise"),
        middleware("raise ValueError()"),
        middleware("from fastapi import WebSocketException\nraise WebSocketException(1000)"),
        middleware("raise unknown()"),
        middleware("def inner():\n    raise HTTPException(401)\nreturn await call_next(request)"),
        "class Check:\n    def __call__(self, request: Request):\n        raise HTTPException(401)\n"
        "@app.get('/', dependencies=[Depends(Check())])\ndef read(): ...\n",
        "class Auth:\n    async def dispatch(self, request, call_next):\n        raise HTTPException(401)\n",
        middleware("raise HTTPException(401)")
        + "class Errors(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n"
        "        try:\n"
        "            return await call_next(request)\n        except Exception:\n"
        "            return answer()\n",
        middleware("raise HTTPException(401)")
        + "class Errors:\n    def __init__(self, app):\n        self.app = app\n"
        "    async def __call__(self, scope, receive, send):\n        try:\n"
        "            await self.app(scope, receive, send)\n        except HTTPException as e:\n"
        "            await answer(e)(scope, receive, send)\napp.add_middleware(Errors)\n",
        "def a():\n    raise HTTPException(401)\ndef b(): a()\ndef c(): b()\ndef d(): c()\n"
        + middleware("d()"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_a_middleware_that_logs_errors_and_lets_them_go_converts_nothing() -> None:
    source = middleware("raise HTTPException(401)") + (
        "class Log(BaseHTTPMiddleware):\n    async def dispatch(self, request, call_next):\n        try:\n"
        "            return await call_next(request)\n        except Exception:\n            raise\n"
    )
    assert len(found(source)) == 1


def test_tests_are_not_reported() -> None:
    files = {"tests/test_app.py": HEAD + middleware("raise HTTPException(401)")}
    assert lint(files, select=["ERR002"]) == []
