from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.original_request import OriginalRequest

Build = Callable[..., Project]
HEAD = (
    "from fastapi import FastAPI, Request, WebSocket\nfrom fastapi.middleware import Middleware\n"
    "app = FastAPI()\n"
)

MIDDLEWARE = "class Https:\n    async def __call__(self, scope, receive, send):\n        "


def said(project: Project) -> list[str]:
    [app] = project.apps
    return [use.said for use in OriginalRequest(project).of(app)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    return request.client.host", ["request.client"]),
        ("    return str(request.base_url)", ["request.base_url"]),
        ("    return request.url.scheme", ["request.url.scheme"]),
        ("    return request.url_for('me')", ["request.url_for"]),
        ("    return request.url.path", []),
        ("    return request.headers", []),
        ("    return request.headers.get('x-forwarded-for') or request.client.host", []),
        ("    return request.headers['X-Real-IP'] if request.client else ''", []),
    ],
)
def test_what_a_request_is_asked(project_of: Build, body: str, expected: list[str]) -> None:
    assert said(project_of(f"{HEAD}@app.get('/me')\ndef me(request: Request):\n{body}\n")) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "@app.websocket('/ws')\nasync def ws(socket: WebSocket):\n    print(socket.client)",
            ["request.client"],
        ),
        (
            "@app.middleware('http')\nasync def log(r, call_next):\n    print(r.client.host)",
            ["request.client"],
        ),
        ("def other(session):\n    return session.client, session.base_url", []),
        (
            "from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware as Redirect\n"
            "app.add_middleware(Redirect)",
            ["HTTPSRedirectMiddleware"],
        ),
        (
            "from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware\n"
            "other = FastAPI\nmiddleware = [Middleware(HTTPSRedirectMiddleware)]",
            ["HTTPSRedirectMiddleware"],
        ),
        (
            "from slowapi import Limiter\nfrom slowapi.util import get_remote_address\n"
            "limiter = Limiter(key_func=get_remote_address)",
            ["get_remote_address"],
        ),
        ("from slowapi import Limiter\nlimiter = Limiter(key_func=lambda request: 'one')", []),
    ],
)
def test_where_else(project_of: Build, code: str, expected: list[str]) -> None:
    assert said(project_of(f"{HEAD}{code}\n")) == expected


def test_only_modules_that_the_app_imports(project_of: Build) -> None:
    code = "from fastapi import Request\ndef address(request: Request):\n    return request.client\n"
    assert said(project_of({"app/main.py": HEAD, "app/address.py": code})) == []
    main = f"{HEAD}from app.address import address\n"
    assert said(project_of({"app/main.py": main, "app/address.py": code})) == ["request.client"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", False),
        (
            "from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\n"
            "app.add_middleware(ProxyHeadersMiddleware, trusted_hosts='*')",
            True,
        ),
        (
            MIDDLEWARE + "scope['scheme'] = 'https'",
            True,
        ),
        (
            MIDDLEWARE + "scope['state'] = {}",
            False,
        ),
    ],
)
def test_requests_that_are_put_right(project_of: Build, code: str, expected: bool) -> None:
    project = project_of(f"{HEAD}{code}\n")
    assert OriginalRequest(project).is_restored(project.apps[0]) is expected
