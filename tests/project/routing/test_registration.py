"""The ways in which FastAPI and Starlette register a route."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp


@pytest.mark.parametrize("verb", ["get", "post", "put", "patch", "delete", "head", "options", "trace"])
def test_each_verb(the_app: TheApp, rows: Rows, verb: str) -> None:
    app = the_app(
        f"from fastapi import FastAPI\napp = FastAPI()\n@app.{verb}('/a/{{x:int}}')\ndef handler(): ...\n"
    )
    assert rows(app) == [f"{verb.upper()} /a/{{x:int}} handler"]
    assert app.complete


def test_several_methods_are_sorted_and_upper_case(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from http import HTTPMethod\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@app.api_route('/a', methods=['post', 'GET'])\ndef a(): ...\n"
        "@app.api_route('/b')\ndef b(): ...\n"
        "app.add_api_route('/c', b, methods=[HTTPMethod.PUT])\n"
    )
    assert rows(app) == ["GET,POST /a a", "GET /b b", "PUT /c b"]


def test_unknown_methods_are_left_out_with_a_reason(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "import lib\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@app.api_route('/a', methods=lib.METHODS)\ndef a(): ...\n@app.get('/b')\ndef b(): ...\n"
    )
    assert rows(app) == ["GET /b b"]
    assert app.incomplete_because == ("main.py:4: the methods of a route are not known",)


def test_websockets_and_starlette_routes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\n"
        "async def ws(websocket): ...\nasync def page(request): ...\n"
        "app = FastAPI()\nr = APIRouter(prefix='/r')\n"
        "@r.websocket('/a')\nasync def a(websocket): ...\n"
        "r.add_api_websocket_route('/b', ws)\n"
        "r.add_route('/c', page)\nr.add_websocket_route('/d', ws)\n"
        "app.include_router(r, prefix='/p')\n"
        "app.add_route('/e', page, methods=['GET', 'HEAD', 'POST'])\n"
        "@app.route('/f')\nasync def f(request): ...\n"
    )
    assert rows(app) == [
        "websocket /p/r/a a",
        "websocket /p/r/b ws",
        "GET /p/c page",
        "websocket /p/d ws",
        "GET,POST /e page",
        "GET /f f",
    ]


def test_decorators_that_are_called(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from functools import partial\nfrom fastapi import FastAPI, APIRouter\n"
        "def a(): ...\napp = FastAPI()\nr = APIRouter()\n"
        "app.get('/1')(a)\n"
        "a = app.post('/2')(a)\n"
        "get = partial(r.get, tags=['x'])\n"
        "@get('/3')\ndef b(): ...\n"
        "getattr(r, 'PUT'.lower())('/4')(b)\n"
        "@r.delete('/5')\n@r.get('/6')\ndef c(): ...\n"
        "app.get('/7')(lambda: None)\n"
        "app.include_router(r)\n"
    )
    assert rows(app) == [
        "GET /1 a",
        "POST /2 a",
        "GET /7 <lambda>",
        "GET /3 b",
        "PUT /4 b",
        "GET /6 c",
        "DELETE /5 c",
    ]


def test_mounts_list_the_routes_of_the_projects_own_apps(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\n"
        "deep = FastAPI()\n@deep.get('/d')\ndef d(): ...\n"
        "sub = FastAPI()\n@sub.get('/s')\ndef s(): ...\nsub.mount('/deep', deep)\n"
        "app = FastAPI()\napp.mount('/sub/', sub)\napp.mount('/static', StaticFiles(directory='x'))\n"
        "@app.get('/')\ndef root(): ...\napp.mount('/', StaticFiles(directory='y'))\n"
    )
    assert rows(app) == [
        "mount /sub",
        "GET /sub/s s",
        "mount /sub/deep",
        "GET /sub/deep/d d",
        "mount /static",
        "GET / root",
        "mount ",
    ]
    assert [one.target for one in app.mounted] == ["main:sub", "main:deep"]
    assert app.mounted[0].mounted_under is not None
    assert [route.mounted for route in app.routes] == [0, 1, 1, 2, 0, 0, 0]


def test_routes_given_to_the_constructor(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nfrom fastapi.routing import APIRoute\n"
        "from starlette.routing import Mount, Route, WebSocketRoute\n"
        "async def h(request): ...\nasync def w(websocket): ...\n"
        "app = FastAPI(routes=[APIRoute('/a', h), Route('/b', endpoint=h, methods=['POST']),\n"
        "    Mount('/m', routes=[Route('/in', h), WebSocketRoute('/ws', w)])])\n"
    )
    assert rows(app) == ["GET /a h", "POST /b h", "mount /m", "GET /m/in h", "websocket /m/ws w"]


def test_a_frontend_comes_last(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\napp = FastAPI()\nr = APIRouter(prefix='/r')\n"
        "app.frontend('/', directory='dist')\nr.frontend('/ui/', directory='ui')\n"
        "app.include_router(r, prefix='/p')\n"
        "@app.get('/a')\ndef a(): ...\n"
    )
    assert rows(app) == ["GET /a a", "frontend /p/r/ui", "frontend /"]


def test_the_list_of_routes_can_be_changed(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nfrom starlette.routing import Route\n"
        "async def h(request): ...\napp = FastAPI()\n"
        "@app.get('/a')\ndef a(): ...\n@app.get('/b')\ndef b(): ...\n"
        "app.router.routes.insert(0, app.routes.pop())\n"
        "app.routes.append(Route('/c', h))\n"
    )
    assert rows(app) == ["GET /b b", "GET /a a", "GET /c h"]


def test_calls_of_other_things_are_no_routes(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "import httpx\nfrom fastapi import FastAPI\nfrom fastapi.testclient import TestClient\n"
        "app = FastAPI()\nclient = TestClient(app)\n"
        "client.get('/no')\nhttpx.post('/no')\n{}.get('/no')\n"
        "@app.middleware('http')\nasync def m(request, call_next): ...\n"
        "@app.exception_handler(ValueError)\nasync def e(request, error): ...\n"
        "@app.get('/yes')\ndef yes(): ...\n"
    )
    assert rows(app) == ["GET /yes yes"]
    assert app.complete
