from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """\
from typing import Annotated, Optional
from fastapi import APIRouter, Depends, FastAPI, Request, Security, WebSocket
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer
from fastapi.security.http import HTTPBasic
import kit
def tenant(request: Request): return request.headers
Tenant = Annotated[str, Depends(tenant)]
scheme = OAuth2PasswordBearer(tokenUrl='t')
app = FastAPI()
router = APIRouter()
"""
INCLUDE = "app.include_router(router)\n"
OLD = {"requirements.txt": "fastapi==0.115.0\n"}


def found(code: str, files: dict[str, str] | None = None) -> list[Finding]:
    files = {"app/__init__.py": "", "app/main.py": HEAD + code, **(files or {})}
    return lint(files, select=["DEP010"])


def socket(parameter: str = "", on: str = "app", options: str = "") -> str:
    return f"@{on}.websocket('/ws'{options})\nasync def ws(websocket: WebSocket, {parameter}): ...\n"


def test_place_message_help_and_chain() -> None:
    [finding] = found(socket("t=Depends(tenant)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (7, 12, 28)
    assert finding.message == (
        "`tenant` needs a `Request`, so each connection to the websocket endpoint `ws` fails"
    )
    assert finding.help == "Annotate `request` with `HTTPConnection`, which requests and websockets both are"
    assert [hop.symbol for hop in finding.chain] == ["t", "tenant"]


@pytest.mark.parametrize(
    "code",
    [
        socket("t: Tenant"),
        socket("t: Annotated[str, Depends(tenant)]"),
        socket("t=Security(tenant)"),
        "def outer(t=Depends(tenant)): ...\n" + socket("o=Depends(outer)"),
        socket(options=", dependencies=[Depends(tenant)]"),
        "api = FastAPI(dependencies=[Depends(tenant)])\n" + socket(on="api"),
        "r = APIRouter(dependencies=[Depends(tenant)])\n" + socket(on="r") + "app.include_router(r)\n",
        socket(on="router") + "app.include_router(router, dependencies=[Depends(tenant)])\n",
        "async def ws(websocket: WebSocket, t: Tenant): ...\napp.add_api_websocket_route('/ws', ws)\n",
        "class View:\n    def __init__(self, request: Request): ...\n" + socket("v: View = Depends()"),
        "class Check:\n    def __call__(self, request: Request): ...\ncheck = Check()\n"
        + socket("c=Depends(check)"),
        "class Mine(Request): ...\ndef own(request: Mine): ...\n" + socket("o=Depends(own)"),
        "async def gen(request: Request):\n    yield\n" + socket("g=Depends(gen)"),
    ],
)
def test_every_way_to_depend(code: str) -> None:
    assert len(found(code)) == 1


def test_dependency_and_endpoint_in_different_modules() -> None:
    code = "from app.deps import Who\n" + socket("who: Who")
    deps = (
        "from typing import Annotated\nfrom fastapi import Depends\nfrom starlette.requests import Request\n"
    )
    deps += "def who(request: Request): ...\nWho = Annotated[str, Depends(who)]\n"
    [finding] = found(code, {"app/deps.py": deps})
    assert (finding.span.path, finding.span.line) == ("app/deps.py", 4)


def test_one_finding_for_several_sockets() -> None:
    code = socket("t: Tenant") + "@app.websocket('/b')\nasync def b(websocket: WebSocket, t: Tenant): ...\n"
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "parameter",
    [
        "t: str = Depends(scheme)",
        "t: Annotated[str, Security(scheme)]",
        "t=Depends(APIKeyHeader(name='x'))",
        "t=Depends(HTTPBearer())",
        "t=Depends(HTTPBasic(auto_error=False))",
    ],
)
def test_security_schemes(parameter: str) -> None:
    [finding] = found(socket(parameter), OLD)
    assert finding.span.line == 13
    assert finding.help.endswith("or use FastAPI 0.144 or later")
    assert found(socket(parameter)) == []


def test_security_scheme_below_a_dependency() -> None:
    [finding] = found("def user(token=Depends(scheme)): ...\n" + socket("u=Depends(user)"), OLD)
    assert (finding.span.line, finding.span.column) == (12, 10)


def test_subclass_of_a_security_scheme() -> None:
    kept = "class Mine(HTTPBearer): ...\nmine = Mine()\n" + socket("t=Depends(mine)")
    own = "class Mine(HTTPBearer):\n    async def __call__(self, request: Request): ...\nmine = Mine()\n"
    assert (len(found(kept, OLD)), len(found(kept))) == (1, 0)
    assert len(found(own + socket("t=Depends(mine)"))) == 1


@pytest.mark.parametrize(
    ("pin", "count"),
    [
        ("==0.143.5", 1),
        ("==0.144.0", 0),
        (">=0.100,<0.144", 1),
        (">=0.100", 0),
        ("<0.145,>=0.100", 0),
        ("", 0),
    ],
)
def test_schemes_take_connections_since(pin: str, count: int) -> None:
    files = {"requirements.txt": f"fastapi{pin}\n"}
    assert len(found(socket("t=Depends(scheme)"), files)) == count


@pytest.mark.parametrize(
    ("pin", "count"), [("==0.96.1", 0), ("==0.97.0", 1), (">=0.90", 0), (">=0.97", 1), ("", 1)]
)
def test_levels_reach_websockets_since(pin: str, count: int) -> None:
    code = "api = FastAPI(dependencies=[Depends(tenant)])\n" + socket(on="api")
    assert len(found(code, {"requirements.txt": f"fastapi{pin}\n"})) == count


def test_parameters_reach_websockets_in_all_versions() -> None:
    assert len(found(socket("t: Tenant"), {"requirements.txt": "fastapi==0.90.0\n"})) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def any_(c: HTTPConnection): ...\n" + socket("a=Depends(any_)"),
        "def own(w: WebSocket): ...\n" + socket("o=Depends(own)"),
        "def opt(request: Request = None): ...\n" + socket("o=Depends(opt)"),
        "def opt(request: Optional[Request] = None): ...\n" + socket("o=Depends(opt)"),
        "def plain(x_tenant: str): ...\n" + socket("p=Depends(plain)"),
        "def other(request: kit.Request): ...\n" + socket("o=Depends(other)"),
        "@kit.wrap\ndef wrapped(request: Request): ...\n" + socket("w=Depends(wrapped)"),
        "class Check:\n    def __call__(self, request: Request): ...\ndef make() -> Check:\n"
        "    class Any(Check):\n        def __call__(self, c: HTTPConnection): ...\n    return Any()\n"
        + socket("c=Depends(make())"),
        socket("t=Depends(kit.tenant)"),
        "def outer():\n    return tenant\n" + socket("o=Depends(outer)"),
        "@app.get('/x')\ndef x(t: Tenant): ...\n" + socket(),
        "r = APIRouter(dependencies=[Depends(tenant)])\n@r.get('/x')\ndef x(): ...\napp.include_router(r)\n"
        + socket(),
        "async def raw(websocket): ...\napi = FastAPI(dependencies=[Depends(tenant)])\n"
        "api.add_websocket_route('/ws', raw)\n",
        "async def raw(websocket, t=Depends(tenant)): ...\napp.add_websocket_route('/ws', raw)\n",
        "@kit.app.websocket('/ws')\nasync def ws(websocket: WebSocket, t: Tenant): ...\n",
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_app_in_tests() -> None:
    assert lint({"tests/test_app.py": HEAD + socket("t: Tenant")}, select=["DEP010"]) == []


@pytest.mark.parametrize(
    ("body", "fixes"),
    [
        ("return r.headers['a'], r.cookies, r.query_params, r.state.x, r.app, r.url, r.client", True),
        ("return 1", True),
        ("return r.method", False),
        ("return r.body()", False),
        ("return kit.user(r)", False),
    ],
)
def test_fix(body: str, fixes: bool) -> None:
    files = {"app/main.py": HEAD + f"def own(r: Request):\n    {body}\n" + socket("o=Depends(own)")}
    [finding] = lint(files, select=["DEP010"])
    assert (finding.fix is not None) == fixes
    if fixes:
        after = apply_fixes(files, [finding])
        assert after["app/main.py"] == files["app/main.py"].replace("r: Request", "r: HTTPConnection")
        assert lint(after, select=["DEP010"]) == []
