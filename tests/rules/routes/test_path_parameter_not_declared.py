from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from typing import Annotated\n"
    "from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, "
    "Security, WebSocket\n"
    "from pydantic import BaseModel\napp = FastAPI()\nrouter = APIRouter()\n"
)
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE009"])


def endpoint(parameters: str, path: str = "/things/{thing_id}", body: str = "...") -> str:
    return f"@app.get('{path}')\ndef read({parameters}):\n    {body}\n"


def test_place_and_message() -> None:
    [finding] = found(endpoint("id: int"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 1, 19, 29)
    assert finding.message == (
        "`read` ignores the path parameter `thing_id` of `GET /things/{thing_id}`, "
        "and wants `id` in the query string"
    )
    assert finding.help == "Add `thing_id` to the parameters of `read`"
    assert finding.symbol == "read"


def test_each_parameter_and_convertors() -> None:
    findings = found(endpoint("b: int", "/{a}/{b:int}/{c:uuid}"))
    assert [finding.message.split("`")[3] for finding in findings] == ["a", "c"]


def test_prefix_of_a_router_is_placed_at_the_path() -> None:
    source = "r = APIRouter(prefix='/{team}')\n@r.get('/list')\ndef read(): ...\napp.include_router(r)\n"
    [finding] = found(source)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 2, 8, 15)
    assert "`GET /{team}/list`" in finding.message


def test_websocket() -> None:
    [finding] = found("@app.websocket('/ws/{room}')\nasync def talk(ws: WebSocket): ...\n")
    assert "`WEBSOCKET /ws/{room}`" in finding.message


def test_router_that_nothing_includes() -> None:
    assert len(found("@router.get('/{x}')\ndef read(): ...\n")) == 1


def test_add_api_route() -> None:
    [finding] = found("def read(): ...\napp.add_api_route('/{x}', read)\n")
    assert finding.span.line == LINES + 2


def test_imported_dependency_that_declares_nothing_hides_nothing() -> None:
    files = {"app/deps.py": "from fastapi import Header\ndef user(authorization: str = Header()): ...\n"}
    source = "from app.deps import user\n" + endpoint("user=Depends(user)")
    assert len(found(source, **files)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "thing_id: str"),
        ("id: int", "thing_id: str, id: int"),
        ("id: int = 1, /", "thing_id: str, id: int = 1, /"),
    ],
)
def test_fix(before: str, after: str) -> None:
    files = {"app/main.py": HEAD + endpoint(before)}
    fixed = apply_fixes(files, lint(files, select=["RTE009"]))
    assert f"def read({after}):" in fixed["app/main.py"]


def test_similar_name_that_has_a_default_is_not_wanted() -> None:
    [finding] = found(endpoint("id: int = 1"))
    assert "query string" not in finding.message


DEPENDENCY = "def get_thing(thing_id: int): ...\n"


@pytest.mark.parametrize(
    "source",
    [
        endpoint("thing_id"),
        endpoint("thing_id: int = Path(gt=0)"),
        endpoint("thing: Annotated[int, Path(alias='thing_id')]"),
        "Thing = Annotated[int, Path(alias='thing_id')]\n" + endpoint("thing: Thing"),
        "type Thing = Annotated[int, Path(alias='thing_id')]\n" + endpoint("thing: Thing"),
        # dependencies
        DEPENDENCY + endpoint("thing=Depends(get_thing)"),
        DEPENDENCY + endpoint("thing=Security(get_thing, scopes=['x'])"),
        DEPENDENCY + endpoint("thing: Annotated[dict, Depends(get_thing)]"),
        DEPENDENCY + "Thing = Annotated[dict, Depends(get_thing)]\n" + endpoint("thing: Thing"),
        DEPENDENCY + "Thing = Annotated[dict, Depends(get_thing)]\nAlso = Thing\n" + endpoint("thing: Also"),
        DEPENDENCY + "type Thing = Annotated[dict, Depends(get_thing)]\n" + endpoint("thing: Thing"),
        DEPENDENCY + "Find = Depends(get_thing)\n" + endpoint("thing: Annotated[str, Find]"),
        DEPENDENCY + "Find = Depends(get_thing)\n" + endpoint("thing=Find"),
        DEPENDENCY + "def need():\n    return Depends(get_thing)\n" + endpoint("thing=need()"),
        DEPENDENCY + "def outer(t=Depends(get_thing)): ...\n" + endpoint("thing=Depends(outer)"),
        DEPENDENCY + "@app.get('/{thing_id}', dependencies=[Depends(get_thing)])\ndef read(): ...\n",
        DEPENDENCY
        + "r = APIRouter(dependencies=[Depends(get_thing)])\n@r.get('/{thing_id}')\ndef read(): ...\n"
        "app.include_router(r)\n",
        DEPENDENCY + "@router.get('/{thing_id}')\ndef read(): ...\n"
        "app.include_router(router, dependencies=[Depends(get_thing)])\n",
        DEPENDENCY
        + "two = FastAPI(dependencies=[Depends(get_thing)])\n@two.get('/{thing_id}')\ndef read(): ...\n",
        # classes
        "class Params(BaseModel):\n    thing_id: int\n" + endpoint("p: Params = Depends()"),
        "class Params(BaseModel):\n    thing_id: int\n" + endpoint("p: Annotated[Params, Depends()]"),
        "class Params(BaseModel):\n    thing_id: int\n" + endpoint("p: Annotated[Params, Path()]"),
        "class Base(BaseModel):\n    thing_id: int\nclass Params(Base): ...\n"
        + endpoint("p: Params = Depends(Params)"),
        "class Params:\n    def __init__(self, thing_id: int): ...\n" + endpoint("p: Params = Depends()"),
        "from dataclasses import dataclass\n@dataclass\nclass Params:\n    thing_id: int\n"
        + endpoint("p: Params = Depends()"),
        "class Check:\n    def __call__(self, thing_id: int): ...\n" + endpoint("p=Depends(Check())"),
        "class Service:\n    def get(self, thing_id: int): ...\nservice = Service()\n"
        + endpoint("p=Depends(service.get)"),
        "def make(kind):\n    def check(thing_id: int): ...\n    return check\n"
        + endpoint("p=Depends(make('x'))"),
        "from functools import partial\ndef check(kind, thing_id: int): ...\n"
        + endpoint("p=Depends(partial(check, 1))"),
        # the request
        endpoint("request: Request", body="return request.path_params['thing_id']"),
        endpoint("request: Request", body="return request.path_params.get('thing_id')"),
        endpoint("request: Request", body="return request.path_params"),
        endpoint("request: Request", body="return request.scope['path_params']"),
        endpoint("request: Request", body="return unknown(request)"),
        "def which(r):\n    return r.path_params['thing_id']\n"
        + endpoint("request: Request", body="return which(request)"),
        "def user(request: Request):\n    return request.path_params['thing_id']\n"
        + endpoint("u=Depends(user)"),
        "@app.websocket('/{x}')\nasync def talk(ws: WebSocket):\n    return ws.path_params['x']\n",
        # not known
        "from lib import user\n" + endpoint("u=Depends(user)"),
        "from lib import User\n" + endpoint("u: User"),
        "from lib import Base\nclass Params(Base): ...\n" + endpoint("p: Params = Depends()"),
        endpoint("u=unknown()"),
        "from lib import inject\n@app.get('/{x}')\n@inject\ndef read(): ...\n",
        (
            "def hide(f):\n    def run(x: int):\n        return f()\n    return run\n@app.get('/{x}')\n"
            "@hide\ndef read(): ...\n"
        ),
        "@app.get(PATH)\ndef read(): ...\n",
        "@app.get('/{x}', dependencies=unknown())\ndef read(): ...\n",
        "r = APIRouter(route_class=Own)\n@r.get('/{x}')\ndef read(): ...\napp.include_router(r)\n",
        # other paths
        endpoint("", "/{rest:path}"),
        endpoint("", "/{ x }"),
        endpoint("", "/{x!r}"),
        "async def raw(request): ...\napp.add_route('/{x}', raw)\n",
        "sub = FastAPI()\n@sub.get('/list')\ndef read(): ...\napp.mount('/{team}', sub)\n",
        "client.get('/{x}')\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_imported_through_a_package() -> None:
    files = {
        "app/deps/__init__.py": "from .things import Thing, get_thing\n",
        "app/deps/things.py": (
            "from typing import Annotated\nfrom fastapi import Depends\ndef get_thing(thing_id: int): ...\n"
            "Thing = Annotated[dict, Depends(get_thing)]\n"
        ),
    }
    assert found("from app.deps import Thing\n" + endpoint("t: Thing"), **files) == []
    assert found("from app import deps\n" + endpoint("t: deps.Thing"), **files) == []
    assert found("from app import deps\n" + endpoint("t=Depends(deps.get_thing)"), **files) == []


def test_other_uses_of_the_request_hide_nothing() -> None:
    body = "return templates.render('x.html', {'request': request}, request.headers, request.url.hostname)"
    source = "from fastapi.templating import Jinja2Templates\ntemplates = Jinja2Templates()\n"
    assert len(found(source + endpoint("request: Request", body=body))) == 1
    helper = "def log(r):\n    print(r.method)\n"
    assert len(found(helper + endpoint("request: Request", body="log(request)"))) == 1


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("@app.get('/a/{b}', response_class=HTMLResponse)\ndef read(request: Request): return page()\n", 0),
        ("@app.get('/a/{b}', response_class=HTMLResponse)\ndef read(b_id: int): return page()\n", 1),
        ("@app.get('/a/{b}')\ndef read(request: Request): return HTMLResponse('<p>')\n", 0),
        (
            "@app.get('/a/{b}')\ndef read(request: Request):\n"
            "    if request.url.port: return {}\n    return HTMLResponse('<p>')\n",
            1,
        ),
        (
            "@app.get('/a/{b}')\ndef read(request: Request): return pages.TemplateResponse(request, 'a')\n",
            0,
        ),
        ("@app.get('/a/{b}')\ndef read(): return FileResponse('web/index.html')\n", 0),
        ("@app.get('/a/{b}')\ndef read(): return FileResponse('web/plan.pdf')\n", 1),
        ("@app.get('/a/{b}', response_class=JSONResponse)\ndef read(): return 1\n", 1),
    ],
)
def test_pages_may_read_their_address_themselves(source: str, count: int) -> None:
    imports = (
        "from fastapi.responses import FileResponse, HTMLResponse, JSONResponse\n"
        "from fastapi.templating import Jinja2Templates\npages = Jinja2Templates('web')\n"
    )
    assert len(found(imports + source)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("raise HTTPException(410)", 0),
        ("if here():\n        raise HTTPException(410)\n    else:\n        raise HTTPException(404)", 0),
        ("if here():\n        raise HTTPException(410)\n    return 1", 1),
    ],
)
def test_endpoint_that_always_refuses(body: str, count: int) -> None:
    assert len(found(endpoint("", body=body))) == count


def test_name_that_the_request_gives_is_only_that_one() -> None:
    source = endpoint("request: Request", "/{a}/{b}", "return request.path_params['a']")
    [finding] = found(source)
    assert "parameter `b`" in finding.message


def test_view_class() -> None:
    source = (
        "from fastapi_utils.cbv import cbv\n@cbv(router)\nclass View:\n    thing_id: int = Path()\n"
        "    @router.get('/{thing_id}')\n    def read(self): ...\n    @router.get('/{other}/x')\n"
        "    def two(self): ...\n"
    )
    assert [finding.symbol for finding in found(source)] == ["View.two"]


def test_tests_are_not_reported() -> None:
    assert lint({"tests/test_app.py": HEAD + endpoint("")}, select=["RTE009"]) == []


@pytest.mark.parametrize("read", ["request.url.path", "str(request.url)", "request.url"])
def test_gateways_that_forward_the_path(read: str) -> None:
    helper = f"class Gateway:\n    async def forward(self, request):\n        return send({read})\n"
    source = helper + "gateway = Gateway()\n"
    assert found(source + endpoint("request: Request", body="return gateway.forward(request=request)")) == []
