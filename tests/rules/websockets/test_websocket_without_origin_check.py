"""WSK005 in the cases that aren't on its page."""

from __future__ import annotations

import pytest

from fastapi_lint.testing import lint

HEAD = """
from typing import Annotated
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Query, Response, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from app.settings import settings
app = FastAPI()
cookie = APIKeyCookie(name="sid")
"""
FILES = {"app/settings.py": "class settings: ...\n", "app/__init__.py": ""}
SESSION = "session: Annotated[str, Cookie()]"


def found(source: str) -> list[str]:
    findings = lint({"app/main.py": HEAD + source, **FILES}, select=["WSK005"])
    return [finding.message for finding in findings]


def socket(parameters: str = "", body: str = "await ws.accept()") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"@app.websocket('/ws')\nasync def feed(ws: WebSocket, {parameters}):\n{lines}"


def login(options: str) -> str:
    return f"@app.post('/in')\ndef log_in(response: Response):\n    response.set_cookie({options})\n"


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ("sid: str = Cookie()", "await ws.accept()"),
        ("s: str = Cookie(alias='session_id')", "await ws.accept()"),
        ("sid: str = Depends(cookie)", "await ws.accept()"),
        ("", "who = load(ws.cookies.get('access_token'))\nawait ws.accept()"),
        ("", "who = load(ws.cookies['session'])\nawait ws.accept()"),
    ],
)
def test_ways_to_read_a_cookie(parameters: str, body: str) -> None:
    assert len(found(socket(parameters, body))) == 1


def test_through_dependencies_and_functions() -> None:
    source = (
        "def token_of(conn: HTTPConnection):\n    return conn.cookies.get('auth_token')\n"
        "def user(conn: HTTPConnection):\n    return load(token_of(conn))\n"
    )
    [message] = found(source + socket("user: str = Depends(user)"))
    assert message == (
        "`feed` knows its client by the cookie `auth_token`, and nothing checks the `Origin` header"
    )


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("'session', 'x', samesite='none'", 1),
        ("'session', 'x', samesite=None", 1),
        ("'other', 'x'", 1),
        ("'session', 'x'", 0),
        ("'session', 'x', samesite='lax'", 0),
        ("'session', 'x', samesite='Strict'", 0),
        ("'session', 'x', samesite=settings.same_site", 0),
        ("'session', 'x', **settings.options", 0),
        ("settings.name, 'x'", 0),
    ],
)
def test_how_far_the_cookie_goes(options: str, count: int) -> None:
    assert len(found(login(options) + socket(SESSION))) == count


@pytest.mark.parametrize(
    ("added", "key", "count"),
    [
        ("app.add_middleware(SessionMiddleware, secret_key='x', same_site='none')\n", "user_id", 1),
        ("app.add_middleware(SessionMiddleware, secret_key='x', same_site='none')\n", "language", 0),
        ("app.add_middleware(SessionMiddleware, secret_key='x')\n", "user_id", 0),
        ("app.add_middleware(SessionMiddleware, secret_key='x', same_site=settings.x)\n", "user_id", 0),
        ("", "user_id", 0),
    ],
)
def test_sessions(added: str, key: str, count: int) -> None:
    body = f"who = ws.session['{key}']\nawait ws.accept()"
    assert len(found(added + socket("", body))) == count


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        (f"{SESSION}, token: str = Query()", "await ws.accept()"),
        (f"{SESSION}, authorization: str = Header()", "await ws.accept()"),
        (f"{SESSION}, token: str", "await ws.accept()"),
        (SESSION, "t = ws.query_params['ticket']\nawait ws.accept()"),
        (SESSION, "p = ws.headers['sec-websocket-protocol']\nawait ws.accept()"),
        (f"{SESSION}, c: str = Depends(HTTPBearer())", "await ws.accept()"),
        (f"{SESSION}, c: str = Depends(unknown)", "await ws.accept()"),
        (SESSION, "await guard(ws)\nawait ws.accept()"),
        (SESSION, "check_origin(settings)\nawait ws.accept()"),
        (f"{SESSION}, origin: str = Header()", "await ws.accept()"),
        ("lang: str = Cookie()", "await ws.accept()"),
        ("", "theme = ws.cookies.get('theme')\nawait ws.accept()"),
        ("", "await ws.accept()\nfirst = await ws.receive_json()\nload(first['token'])"),
    ],
)
def test_silent(parameters: str, body: str) -> None:
    assert found(socket(parameters, body)) == []


def test_an_origin_that_a_function_checks() -> None:
    source = "def admit(ws: WebSocket):\n    return ws.headers.get('origin') in settings.pages\n"
    body = "if not admit(ws):\n    return\nawait ws.accept()"
    assert found(source + socket("who: str = Cookie(alias='sid')", body)) == []


@pytest.mark.parametrize(
    ("added", "count"),
    [
        ("app.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])\n", 1),
        ("from lib import Guard\napp.add_middleware(Guard)\n", 0),
        ("from app.guard import Guard\napp.add_middleware(Guard)\n", 0),
        ("from app.plain import Plain\napp.add_middleware(Plain)\n", 1),
    ],
)
def test_middleware(added: str, count: int) -> None:
    call = "    async def __call__(self, scope, receive, send):\n        "
    files = {
        "app/main.py": HEAD + added + socket(SESSION),
        "app/guard.py": f"class Guard:\n{call}o = dict(scope['headers']).get(b'origin')\n",
        "app/plain.py": f"class Plain:\n{call}await self.app(scope, receive, send)\n",
        **FILES,
    }
    assert len(lint(files, select=["WSK005"])) == count


def test_where_the_socket_goes_once_it_is_accepted() -> None:
    assert len(found(socket(SESSION, "await ws.accept()\nawait unknown(ws)"))) == 1


def test_another_decorator() -> None:
    assert found(socket(SESSION).replace("async def", "@guarded\nasync def")) == []


def test_cookies_of_http_endpoints() -> None:
    assert found("@app.get('/x')\ndef read(session: Annotated[str, Cookie()]): ...\n") == []
