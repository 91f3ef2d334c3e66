"""WSK006 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import lint

HEAD = """
from typing import Annotated
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, HTTPException, Query, Request, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer, OAuth2PasswordBearer
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
router = APIRouter(prefix="/orders")
PUBLIC = ["/docs", "/openapi.json"]
OPEN = ["/docs", "/ws"]
guarded = [Depends(HTTPBearer())]

class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []
    async def connect(self, ws: WebSocket):
        await ws.accept()
        self.active.append(ws)
manager = Manager()
"""
REFUSE = (
    "    if request.headers.get('authorization') is None:\n"
    "        return JSONResponse({}, status_code=401)\n"
    "    return await call_next(request)\n"
)
ROUTES = "@app.get('/orders')\ndef orders(): ...\n"
BESIDE = (
    "@router.get('', dependencies=guarded)\ndef orders(): ...\n"
    "@router.post('', dependencies=guarded)\ndef order(): ...\n"
)
SERVED = "app.include_router(router)\n"


def found(source: str) -> list[str]:
    return [finding.message for finding in lint({"app/main.py": HEAD + source}, select=["WSK006"])]


def middleware(before: str = "", refuse: str = REFUSE) -> str:
    return f"@app.middleware('http')\nasync def check(request, call_next):\n{before}{refuse}{ROUTES}"


def socket(parameters: str = "", body: str = "await ws.accept()", on: str = "app", path: str = "/ws") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@{on}.websocket('{path}')\nasync def feed(ws: WebSocket, {parameters}):\n{lines}"


def test_a_middleware_class() -> None:
    source = (
        "class Auth(BaseHTTPMiddleware):\n    async def dispatch(self, request: Request, call_next):\n"
        + "".join(f"    {line}\n" for line in REFUSE.splitlines())
        + "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware)\n"
        + ROUTES
    )
    [message] = found(source + socket("room: str", "await manager.connect(ws)"))
    assert message == "`feed` is open to everybody: the middleware `Auth` doesn't run for websockets"


@pytest.mark.parametrize(
    ("before", "count"),
    [
        ("    if request.url.path in PUBLIC:\n        return await call_next(request)\n", 1),
        ("    if request.url.path.startswith('/docs'):\n        return await call_next(request)\n", 1),
        ("    if request.url.path in OPEN:\n        return await call_next(request)\n", 0),
        ("    if request.url.path.startswith('/w'):\n        return await call_next(request)\n", 0),
        ("    if request.url.path in settings.open:\n        return await call_next(request)\n", 0),
        ("    if not request.url.path.startswith('/admin'):\n        return await call_next(request)\n", 0),
        ("    path = request.url.path\n    if path == '/x' and not request.user:\n"
         "        return JSONResponse({}, status_code=401)\n", 0),
        ("    if request.method == 'OPTIONS':\n        return await call_next(request)\n", 1),
    ],
)  # fmt: skip
def test_paths_that_a_middleware_lets_pass(before: str, count: int) -> None:
    assert len(found(middleware(before) + socket())) == count


@pytest.mark.parametrize(
    "refuse",
    [
        "    if request.client.host != '10.0.0.1':\n        return JSONResponse({}, status_code=403)\n"
        "    return await call_next(request)\n",
        "    request.state.user = load(request.headers.get('authorization'))\n"
        "    return await call_next(request)\n",
        "    if too_often(request.headers['x-id']):\n        return JSONResponse({}, status_code=429)\n"
        "    return await call_next(request)\n",
    ],
)
def test_middleware_that_asks_nobody(refuse: str) -> None:
    assert found(middleware("", refuse) + socket()) == []


def test_a_middleware_that_is_there_only_sometimes() -> None:
    source = (
        f"async def check(request, call_next):\n{REFUSE}from lib import on\n"
        f"if on:\n    app.middleware('http')(check)\n{ROUTES}"
    )
    assert found(source + socket()) == []


@pytest.mark.parametrize(
    "added",
    [
        "app.add_middleware(AuthenticationMiddleware, backend=load())\n",
        "from lib import SocketAuth\napp.add_middleware(SocketAuth)\n",
        "app.add_middleware(unknown)\n",
    ],
)
def test_middleware_that_may_handle_websockets(added: str) -> None:
    assert found(middleware() + added + socket()) == []


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ("token: str", "await ws.accept()"),
        ("t: str = Query(alias='access_token')", "await ws.accept()"),
        ("ticket: str", "await ws.accept()"),
        ("session: Annotated[str, Cookie()]", "await ws.accept()"),
        ("x: str = Header()", "await ws.accept()"),
        ("", "if ws.headers.get('x') != '1':\n    return\nawait ws.accept()"),
        ("", "who = ws.cookies\nawait ws.accept()"),
        ("", "who = ws.query_params['t']\nawait ws.accept()"),
        ("", "who = ws.session\nawait ws.accept()"),
        ("", "who = ws.scope\nawait ws.accept()"),
        ("", "await ws.accept()\nfirst = await ws.receive_json()\ncheck_token(first)"),
        ("", "await ws.accept()\nfirst = await ws.receive_json()\nif first['token'] != known():\n    return"),
        ("", "await unknown(ws)"),
        ("user: str = Depends(unknown)", "await ws.accept()"),
    ],
)
def test_sockets_that_may_authenticate(parameters: str, body: str) -> None:
    assert found(middleware() + socket(parameters, body)) == []


def test_authentication_in_a_function_that_gets_the_socket() -> None:
    source = (
        "async def enter(s: WebSocket):\n    if s.headers.get('x-key') != '1':\n        await s.close()\n"
    )
    assert found(middleware() + source + socket("", "await enter(ws)")) == []


def test_another_decorator() -> None:
    assert found(middleware() + socket().replace("async def", "@guard\nasync def")) == []


def test_a_socket_that_is_there_only_sometimes() -> None:
    lines = "".join(f"    {line}\n" for line in socket().splitlines())
    assert found(f"{middleware()}from lib import on\nif on:\n{lines}") == []


def test_a_public_path() -> None:
    assert found(middleware() + socket(path="/ws/public")) == []
    assert len(found(middleware() + socket(path="/ws/events"))) == 1


def test_dependencies_of_the_router_or_app() -> None:
    guard = "def by_key(x_key: str = Header()): ...\n"
    kept = BESIDE.replace("router.", "kept.") + socket(on="kept") + "app.include_router(kept)\n"
    assert found(f"{guard}kept = APIRouter(dependencies=[Depends(by_key)])\n{kept}") == []
    included = BESIDE + socket(on="router") + "app.include_router(router, dependencies=[Depends(by_key)])\n"
    assert found(guard + included) == []
    assert found("from lib import guards\n" + included.replace("[Depends(by_key)]", "guards")) == []


def test_all_routes_of_the_router() -> None:
    [message] = found(BESIDE + socket(on="router") + SERVED)
    assert message.endswith("all 2 HTTP routes of its router ask for a login, and it doesn't")
    public = "@router.get('/public')\ndef public(): ...\n"
    assert found(BESIDE + public + socket(on="router") + SERVED) == []
    assert (
        found("@router.get('', dependencies=guarded)\ndef one(): ...\n" + socket(on="router") + SERVED) == []
    )


def test_all_routes_of_the_app() -> None:
    [message] = found(BESIDE + socket() + SERVED)
    assert message.endswith("all 2 HTTP routes of its app ask for a login, and it doesn't")
    assert found(BESIDE + "@app.get('/free')\ndef free(): ...\n" + socket() + SERVED) == []
    assert found(BESIDE + "from lib import extend\nextend(app)\n" + socket() + SERVED) == []


def test_a_scheme_that_lets_everybody_pass() -> None:
    lenient = BESIDE.replace("guarded", "[Depends(HTTPBearer(auto_error=False))]")
    assert found(lenient + socket(on="router") + SERVED) == []
