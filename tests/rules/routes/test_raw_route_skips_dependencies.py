from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer
from fastapi.staticfiles import StaticFiles
from starlette.endpoints import HTTPEndpoint
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

bearer = HTTPBearer()
optional = HTTPBearer(auto_error=False)

def require_key(request: Request) -> None:
    if "x-key" not in request.headers:
        raise HTTPException(401)

def count(request: Request) -> None:
    request.app.state.count += 1

async def export(request):
    return JSONResponse({"rows": 1})

"""
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE007"])


APP = "app = FastAPI(dependencies=[Depends(bearer)])\n"


def test_place_message_and_related() -> None:
    [finding] = found(APP + "app.add_route('/export', export)\n")
    assert (finding.span.line, finding.span.column) == (LINES + 2, 1)
    assert finding.message == ("The raw route `GET /export` runs without `bearer`, which other routes have")
    assert [related.span.line for related in finding.related] == [LINES + 1]


@pytest.mark.parametrize(
    "dependency",
    [
        "Depends(bearer)",
        "Security(bearer)",
        "Depends(HTTPBearer(auto_error=True))",
        "Depends(APIKeyHeader(name='x'))",
        "Depends(require_key)",
        "Depends(nested)",
    ],
)
def test_dependencies_that_refuse(dependency: str) -> None:
    nested = "def nested(key=Depends(require_key)): ...\n"
    app = f"app = FastAPI(dependencies=[Depends(count), {dependency}])\n"
    assert len(found(nested + app + "app.add_route('/export', export)\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "@app.route('/export', methods=['POST'])\nasync def other(request):\n    return JSONResponse({})\n",
        "class Export(HTTPEndpoint):\n    async def get(self, request):\n        return JSONResponse({})\n"
        "app.add_route('/export', Export)\n",
        "app.router.add_route('/export', export)\n",
    ],
)
def test_ways_to_register(source: str) -> None:
    assert len(found(APP + source)) == 1


def test_routes_of_the_constructor() -> None:
    app = "app = FastAPI(dependencies=[Depends(bearer)], routes=[Route('/export', export)])\n"
    assert len(found(app)) == 1


def test_routers() -> None:
    router = "router = APIRouter(dependencies=[Depends(bearer)])\nrouter.add_route('/export', export)\n"
    assert len(found(router + "app = FastAPI()\napp.include_router(router)\n")) == 1
    router = "router = APIRouter()\nrouter.add_route('/export', export)\n"
    included = "app = FastAPI()\napp.include_router(router, dependencies=[Depends(bearer)])\n"
    assert len(found(router + included)) == 1


def test_mounted_apps() -> None:
    sub = "sub = FastAPI()\n@sub.get('/x')\ndef x(): ...\n"
    [finding] = found(sub + APP + "app.mount('/reports', sub)\n")
    assert finding.message == "`sub`, mounted at `/reports`, runs without `bearer`, which other routes have"


# --- silent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dependency",
    ["Depends(count)", "Depends(optional)", "Depends(HTTPBearer(auto_error=flag))", "Depends(elsewhere)"],
)
def test_dependencies_that_do_not_refuse(dependency: str) -> None:
    app = f"app = FastAPI(dependencies=[{dependency}])\n"
    assert found(app + "app.add_route('/export', export)\n") == []


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/healthz",
        "/metrics",
        "/static/{name}",
        "/docs",
        "/openapi.json",
        "/login",
        "/auth/callback",
    ],
)
def test_open_paths(path: str) -> None:
    assert found(APP + f"app.add_route('{path}', export)\n") == []


@pytest.mark.parametrize(
    "handler",
    [
        "    if request.headers.get('authorization') != 'x':\n        return JSONResponse({}, 401)\n",
        "    if request.user.name != 'x':\n        return JSONResponse({})\n",
        "    await verify_token(request)\n",
        "    check(request)\n",
    ],
)
def test_handlers_that_check_themselves(handler: str) -> None:
    source = (
        "def check(request):\n    if not request.session:\n        raise HTTPException(401)\n"
        f"async def other(request):\n{handler}    return JSONResponse({{}})\n"
        "app.add_route('/export', other)\n"
    )
    assert found(APP + source) == []


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/export')\nasync def other(): ...\n",
        "app.add_api_route('/export', export)\n",
        "@app.websocket_route('/export')\nasync def other(socket): ...\n",
        "from lib import handler\napp.add_route('/export', handler)\n",
        "@app.route('/export')\n@guarded\nasync def other(request): ...\n",
        "app.mount('/files', StaticFiles(directory='x'))\n",
        "from lib import sub\napp.mount('/sub', sub)\n",
        "sub = FastAPI(dependencies=[Depends(require_key)])\n@sub.get('/x')\ndef x(): ...\n"
        "app.mount('/sub', sub)\n",
        "sub = FastAPI()\n@sub.get('/x', dependencies=[Depends(require_key)])\ndef x(): ...\n"
        "app.mount('/sub', sub)\n",
        "sub = FastAPI()\n@sub.middleware('http')\nasync def check(request, call_next): ...\n"
        "@sub.get('/x')\ndef x(): ...\napp.mount('/sub', sub)\n",
        "sub = FastAPI()\napp.mount('/sub', sub)\n",
    ],
)
def test_what_skips_nothing(source: str) -> None:
    assert found(APP + source) == []


def test_apps_without_dependencies() -> None:
    assert found("app = FastAPI()\napp.add_route('/export', export)\n") == []
    guarded = "router = APIRouter(dependencies=[Depends(bearer)])\n@router.get('/a')\ndef a(): ...\n"
    app = "app = FastAPI()\napp.include_router(router)\napp.add_route('/export', export)\n"
    assert found(guarded + app) == []
