# ruff: noqa: E501
"""Classes that make or fill routers: subclasses, controllers, factories, decorators."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp

SLASHES = """
from fastapi import FastAPI, APIRouter
class Both(APIRouter):
    def api_route(self, path, *, include_in_schema=True, **kwargs):
        if path.endswith("/") and len(path) > 1:
            path = path[:-1]
        plain = super().api_route(path, include_in_schema=include_in_schema, **kwargs)
        slashed = super().api_route(path + "/", include_in_schema=False, **kwargs)
        def decorator(func):
            result = plain(func)
            slashed(func)
            return result
        return decorator
r = Both(prefix="/r")
@r.get("/a")
def a(): ...
@r.post("/b/")
def b(): ...
app = FastAPI()
app.include_router(r)
"""

GUARDED = """
import functools, inspect
from fastapi import FastAPI, APIRouter, Security
def needs(scopes):
    def decorator(func):
        if inspect.iscoroutinefunction(func):
            @functools.wraps(func)
            async def wrapper(*args, **kwargs): return await func(*args, **kwargs)
            return wrapper
        @functools.wraps(func)
        def plain(*args, **kwargs): return func(*args, **kwargs)
        return plain
    return decorator
def protected(method, path, scopes=None, **kwargs):
    def decorator(func):
        return method(path, dependencies=[Security(check, scopes=scopes or [])], **kwargs)(needs(scopes)(func))
    return decorator
def check(): ...
r = APIRouter()
@protected(r.get, "/a", ["read"], status_code=204)
async def a(): ...
@protected(r.post, "/b")
def b(): ...
app = FastAPI()
app.include_router(r)
"""

CONTROLLER = """
import inspect
from fastapi import FastAPI, APIRouter
def controller(router):
    def decorator(cls):
        moved = APIRouter()
        members = inspect.getmembers(cls, inspect.isfunction)
        numbered = {route.endpoint: (i, route) for i, route in enumerate(router.routes)}
        length = len(router.prefix)
        found = []
        for _, func in members:
            index_route = numbered.get(func)
            if index_route is None:
                continue
            _, route = index_route
            route.path = route.path[length:]
            found.append(index_route)
            router.routes.remove(route)
        found.sort(key=lambda x: x[0])
        moved.routes = [route for _, route in found]
        prefix = router.prefix
        router.prefix = ""
        router.include_router(moved, prefix=prefix)
        return cls
    return decorator
r = APIRouter(prefix="/r")
@controller(r)
class Things:
    @r.get("/z")
    def z(self): ...
    @r.post("")
    def a(self): ...
app = FastAPI()
app.include_router(r, prefix="/api")
"""

TILES = """
from attrs import define, field
from fastapi import FastAPI, APIRouter
@define
class Extension:
    def register(self, factory): raise NotImplementedError
@define(kw_only=True)
class Base:
    router: APIRouter = field(factory=APIRouter)
    extensions: list[Extension] = field(factory=list)
    add_more: bool = True
    def __attrs_post_init__(self):
        self.register_routes()
        for extension in self.extensions:
            extension.register(self)
class Viewer(Extension):
    def register(self, factory):
        @factory.router.get("/viewer")
        def viewer(): ...
@define(kw_only=True)
class Tiles(Base):
    def register_routes(self):
        self.info()
        if self.add_more:
            self.more()
    def info(self):
        @self.router.get("/info")
        def info(): ...
    def more(self):
        @self.router.get("/more")
        def more(): ...
app = FastAPI()
app.include_router(Tiles(extensions=[Viewer()]).router, prefix="/one")
app.include_router(Tiles(add_more=False).router, prefix="/two")
"""


@pytest.mark.parametrize("lazy", [True, False])
def test_a_router_that_registers_each_path_twice(the_app: TheApp, rows: Rows, lazy: bool) -> None:
    app = the_app(SLASHES, lazy)
    assert rows(app) == ["GET /r/a a", "GET /r/a/ a", "POST /r/b b", "POST /r/b/ b"]
    assert app.complete


def test_the_method_as_argument_of_a_decorator(the_app: TheApp, rows: Rows) -> None:
    app = the_app(GUARDED)
    assert rows(app) == ["GET /a a", "POST /b b"]
    assert app.complete
    first = app.routes[0]
    line = GUARDED[: GUARDED.index("@protected(r.get")].count("\n") + 1
    assert first.registered is not None
    assert first.registered.line == line
    assert first.path_at is not None
    assert first.path_at.line == line
    assert "status_code" in first.options
    assert [len(level.dependencies) for level in first.levels if level.kind == "route"] == [1]


@pytest.mark.parametrize("lazy", [True, False])
def test_a_controller_that_moves_its_routes(the_app: TheApp, rows: Rows, lazy: bool) -> None:
    app = the_app(CONTROLLER, lazy)
    assert rows(app) == ["GET /api/r/z Things.z", "POST /api/r Things.a"]
    assert app.complete


def test_factories_that_fill_a_router_for_each_instance(the_app: TheApp, rows: Rows) -> None:
    app = the_app(TILES)
    assert rows(app) == [
        "GET /one/info Tiles.info.<locals>.info",
        "GET /one/more Tiles.more.<locals>.more",
        "GET /one/viewer Viewer.register.<locals>.viewer",
        "GET /two/info Tiles.info.<locals>.info",
    ]
    assert app.complete


def test_class_based_views_of_a_library(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\nfrom fastapi_utils.cbv import cbv\n"
        "r = APIRouter()\n@cbv(r)\nclass View:\n  @r.get('/a')\n  def a(self): ...\n"
        "  @r.post('/b')\n  async def b(self): ...\napp = FastAPI()\napp.include_router(r)\n"
    )
    assert rows(app) == ["GET /a View.a", "POST /b View.b"]
    assert app.complete


def test_methods_of_an_instance(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\nclass Base:\n  prefix = ''\n  known = []\n"
        "  def __init_subclass__(cls):\n    Base.known.append(cls)\n"
        "  def __init__(self):\n    self.router = APIRouter(prefix=self.prefix)\n    self.setup()\n"
        "  def setup(self):\n    self.router.get('/')(self.list)\n  def list(self): ...\n"
        "class Users(Base):\n  prefix = '/users'\n"
        "  def setup(self):\n    super().setup()\n    self.router.add_api_route('/x', self.x)\n  def x(self): ...\n"
        "class Items(Base):\n  prefix = '/items'\n  def list(self): ...\n"
        "app = FastAPI()\nfor c in Base.known:\n  app.include_router(c().router)\n"
    )
    assert rows(app) == ["GET /users/ Base.list", "GET /users/x Users.x", "GET /items/ Items.list"]


def test_subclasses_of_the_app_and_of_the_router(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter, Depends\ndef auth(): ...\n"
        "class Secured(APIRouter):\n  def __init__(self, prefix='', **kw):\n"
        "    super().__init__(prefix='/secure' + prefix, dependencies=[Depends(auth)], **kw)\n"
        "def named(route_class):\n  class Named(APIRouter):\n    def __init__(self, *args, **kwargs):\n"
        "      kwargs['route_class'] = route_class\n      super().__init__(*args, **kwargs)\n  return Named\n"
        "Named = named(None)\n"
        "class Mine(FastAPI):\n  def __init__(self, **kw):\n    super().__init__(**kw)\n"
        "    self.add_api_route('/boot', self.boot)\n  def boot(self): ...\n"
        "s = Secured('/s')\n@s.get('/a')\ndef a(): ...\nn = Named(prefix='/n')\n@n.get('/b')\ndef b(): ...\n"
        "app = Mine()\napp.include_router(s)\napp.include_router(n)\n"
    )
    assert rows(app) == ["GET /boot Mine.boot", "GET /secure/s/a a", "GET /n/b b"]
    router = next(level for level in app.routes[1].levels if level.kind == "router")
    assert len(router.dependencies) == 1


def test_attributes_put_on_functions(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\ndef get(path):\n  def deco(f):\n    f._route = path\n    return f\n"
        "  return deco\ndef controller(cls):\n  cls.router = APIRouter(prefix='/c')\n  for name in dir(cls):\n"
        "    attr = getattr(cls, name)\n    if callable(attr) and hasattr(attr, '_route'):\n"
        "      cls.router.add_api_route(attr._route, attr)\n  return cls\n"
        "@controller\nclass C:\n  @get('/x')\n  def x(): ...\n  def other(self): ...\n"
        "app = FastAPI()\napp.include_router(C.router)\n"
    )
    assert rows(app) == ["GET /c/x C.x"]
    assert app.complete


def test_wrapped_endpoints_keep_their_function(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from functools import wraps\nimport lib\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "def good(f):\n  @wraps(f)\n  def w(*a, **k): ...\n  return w\n"
        "def bad(f):\n  def inner(*a, **k): ...\n  return inner\n"
        "@app.get('/a')\n@good\ndef a(): ...\n@app.get('/b')\n@bad\ndef b(): ...\n"
        "@app.get('/c')\n@lib.limit('5/m')\ndef c(): ...\n"
    )
    assert rows(app) == ["GET /a a", "GET /b bad.<locals>.inner", "GET /c c"]
    assert app.routes[0].line == 14
