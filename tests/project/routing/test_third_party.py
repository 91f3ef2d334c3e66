# ruff: noqa: E501
"""Libraries that get an app or make routers."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp


@pytest.mark.parametrize(
    "code",
    [
        "from fastapi_pagination import add_pagination\nadd_pagination(app)",
        "import logfire\nlogfire.instrument_fastapi(app)",
        "from starlette.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, allow_origins=['*'])",
        "import uvicorn\nuvicorn.run(app)",
        "from mangum import Mangum\nhandler = Mangum(app)",
        "from fastapi_pagination import add_pagination\napp = add_pagination(app)",
        "import socketio\napp = socketio.ASGIApp(sio, other_asgi_app=app)",
    ],
)
def test_harmless_libraries(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n{code}\n")
    assert (app.target, rows(app)) == ("main:app", ["GET /a a"])
    assert app.complete


@pytest.mark.parametrize(
    "code",
    [
        "from unheard import extend\nextend(app)",
        "import unheard\nunheard.Plugin(app=app)",
        "import unheard\nclass Mine(unheard.Plugin): ...\nMine(app)",
        "import unheard\nfor f in unheard.hooks():\n  f(app)",
    ],
)
def test_other_libraries_make_the_table_incomplete(the_app: TheApp, rows: Rows, code: str) -> None:
    app = the_app(f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n{code}\n")
    assert rows(app) == ["GET /a a"]
    assert not app.complete


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from sqladmin import Admin\nAdmin(app, engine)", ["mount /admin", "mount /admin/statics"]),
        ("from sqladmin import Admin\nclass A(Admin): ...\nA(app, engine, base_url='/x')", ["mount /x", "mount /x/statics"]),
        ("from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app).expose(app)", ["GET /metrics"]),
        ("from strawberry.fastapi import GraphQLRouter\napp.include_router(GraphQLRouter(schema), prefix='/q')",
         ["GET /q", "POST /q", "websocket /q"]),
        ("from fastapi_users import FastAPIUsers\nu = FastAPIUsers(x, [])\n"
         "app.include_router(u.get_auth_router(b), prefix='/auth')", ["POST /auth/login", "POST /auth/logout"]),
        ("from dockerflow.fastapi import router\napp.include_router(router)",
         ["GET /__version__", "GET /__heartbeat__", "GET /__lbheartbeat__"]),
    ],
)  # fmt: skip
def test_routes_of_libraries(the_app: TheApp, rows: Rows, code: str, expected: list[str]) -> None:
    app = the_app(f"from fastapi import FastAPI\napp = FastAPI()\n{code}\n")
    assert rows(app) == expected
    assert app.complete
    assert all(route.file is None and route.library for route in app.routes)


def test_a_library_that_moves_all_routes(the_app: TheApp) -> None:
    app = the_app(
        "from fastapi import FastAPI\nfrom fastapi_versioning import VersionedFastAPI\napp = FastAPI()\n"
        "@app.get('/a')\ndef a(): ...\napp = VersionedFastAPI(app)\n"
    )
    assert app.routes == ()
    assert not app.complete
