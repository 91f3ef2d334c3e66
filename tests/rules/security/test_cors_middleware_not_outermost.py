"""SEC003 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import lint

HEAD = """
from fastapi import FastAPI, HTTPException, Request, status
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.middleware.base import BaseHTTPMiddleware
from app.settings import settings

class Guard(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if "authorization" not in request.headers:
            return self.refuse()
        return await call_next(request)

    def refuse(self):
        return JSONResponse({"detail": "unauthorized"}, status_code=status.HTTP_401_UNAUTHORIZED)

class PureGuard:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and not allowed(scope):
            response = PlainTextResponse("no", status_code=403)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)
"""
CORS = "app.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])\n"
APP = f"app = FastAPI()\n{CORS}"


def found(source: str) -> list[str]:
    settings = "class settings: ...\n"
    files = {"app/main.py": HEAD + source, "app/settings.py": settings, "app/__init__.py": ""}
    return [finding.message for finding in lint(files, select=["SEC003"])]


def wrapped(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{APP}@app.middleware('http')\nasync def outer(request: Request, call_next):\n{lines}"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (f"{APP}app.add_middleware(Guard)\n", "Guard"),
        (f"{APP}app.add_middleware(PureGuard)\n", "PureGuard"),
        (f"{APP}app.add_middleware(BaseHTTPMiddleware, dispatch=check)\n", ""),
        (f"{APP}app.add_middleware(TrustedHostMiddleware, allowed_hosts=['a.example'])\n", "TrustedHost"),
        (f"app = FastAPI()\nif settings.o:\n    {CORS}app.add_middleware(Guard)\n", "Guard"),
        (f"def add(app):\n    {CORS}    app.add_middleware(Guard)\napp = FastAPI()\nadd(app)\n", "Guard"),
        ("app = FastAPI(middleware=[Middleware(Guard), Middleware(CORSMiddleware)])\n", "Guard"),
        (wrapped("try:\n    return await call_next(request)\nexcept HTTPException as error:\n"
                 "    return JSONResponse({}, status_code=error.status_code)"), "outer"),
    ],
)  # fmt: skip
def test_reported(source: str, name: str) -> None:
    messages = found(source)
    assert len(messages) == (1 if name else 0)
    assert all(name in message for message in messages)


@pytest.mark.parametrize(
    "body",
    [
        "return await call_next(request)",
        "if request.url.path == '/up':\n    return PlainTextResponse('ok')\nreturn await call_next(request)",
        "if is_plain(request):\n    return RedirectResponse('/a')\nreturn await call_next(request)",
        "response = await call_next(request)\n"
        "return JSONResponse({}, status_code=503, headers=dict(response.headers))",
        "response = JSONResponse({}, status_code=401)\nadd_cors_headers(response)\nreturn response",
        "return JSONResponse({}, 401, headers={'Access-Control-Allow-Origin': '*'})",
        "return JSONResponse({}, status_code=pick())",
        "try:\n    return await call_next(request)\nexcept Gone:\n    return PlainTextResponse('', 499)",
    ],
)
def test_answers_that_are_no_refusal(body: str) -> None:
    assert found(wrapped(body)) == []


@pytest.mark.parametrize(
    "source",
    [
        f"app = FastAPI()\napp.add_middleware(Guard)\n{CORS}",
        f"{APP}app.add_middleware(HTTPSRedirectMiddleware)\n",
        f"{APP}app.add_middleware(TrustedHostMiddleware)\n",
        f"{APP}app.add_middleware(TrustedHostMiddleware, allowed_hosts=['*'])\n",
        f"{APP}app.add_middleware(Guard)\nclass Cors(CORSMiddleware): ...\napp.add_middleware(Cors)\n",
        f"{APP}app.add_middleware(Guard)\nserved = CORSMiddleware(app)\n",
        f"app = FastAPI()\nif settings.debug:\n    {CORS}app.add_middleware(Guard)\n",
        f"app = FastAPI()\nif settings.origins:\n    {CORS}if settings.on:\n    app.add_middleware(Guard)\n",
        f"app = FastAPI()\nif settings.late:\n    app.add_middleware(Guard)\n    {CORS}"
        f"else:\n    {CORS}    app.add_middleware(Guard)\n",
        "app = FastAPI(middleware=[Middleware(CORSMiddleware), Middleware(Guard)])\n",
        f"{APP}inner = FastAPI()\ninner.add_middleware(Guard)\napp.mount('/inner', inner)\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


BACKENDS = """
from starlette.authentication import AuthenticationBackend, AuthenticationError
from starlette.middleware.authentication import AuthenticationMiddleware

class Lenient(AuthenticationBackend):
    async def authenticate(self, conn):
        return None

class Strict(AuthenticationBackend):
    async def authenticate(self, conn):
        raise AuthenticationError("no")

"""


@pytest.mark.parametrize(("backend", "count"), [("Strict", 1), ("Lenient", 0), ("picked", 0)])
def test_an_authentication_that_only_looks_who_is_there(backend: str, count: int) -> None:
    source = f"{BACKENDS}{APP}app.add_middleware(AuthenticationMiddleware, backend={backend}())\n"
    assert len(found(source)) == count


def test_no_fix_across_functions() -> None:
    source = f"{HEAD}def late(app):\n    app.add_middleware(Guard)\n{APP}late(app)\n"
    [finding] = lint({"app/main.py": source}, select=["SEC003"])
    assert finding.fix is None
