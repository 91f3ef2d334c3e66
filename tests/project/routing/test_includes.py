# ruff: noqa: E501
"""`include_router` before and from FastAPI 0.137."""

from __future__ import annotations

import pytest

from .conftest import Rows, TheApp

LATE = """
from fastapi import FastAPI, APIRouter
from fastapi.staticfiles import StaticFiles
app = FastAPI()
r = APIRouter(prefix="/r")
@r.get("/early")
def early(): ...
r.mount("/files", StaticFiles(directory="x"))
app.include_router(r, prefix="/p")
@r.get("/late")
def late(): ...
"""


@pytest.mark.parametrize("lazy", [True, False])
def test_prefixes_are_joined(the_app: TheApp, rows: Rows, lazy: bool) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\n"
        "a = APIRouter(prefix='/a')\nb = APIRouter(prefix='/b')\nc = APIRouter()\n"
        "@c.get('/c')\ndef c1(): ...\n@b.get('')\ndef b1(): ...\n"
        "b.include_router(c, prefix='/cc')\na.include_router(b)\n"
        "app = FastAPI()\napp.include_router(a, prefix='/api')\napp.include_router(router=b)\n",
        lazy,
    )
    assert rows(app) == ["GET /api/a/b b1", "GET /api/a/b/cc/c c1", "GET /b b1", "GET /b/cc/c c1"]
    assert app.complete


def test_late_routes_and_mounts_are_served_since_0_137(the_app: TheApp, rows: Rows) -> None:
    assert rows(the_app(LATE, lazy=True)) == ["GET /p/r/early early", "mount /p/files", "GET /p/r/late late"]


def test_late_routes_and_mounts_are_lost_before_0_137(the_app: TheApp, rows: Rows) -> None:
    assert rows(the_app(LATE, lazy=False)) == ["GET /p/r/early early"]


@pytest.mark.parametrize(("lazy", "path"), [(True, "/v/a/"), (False, "/v/a")])
def test_changed_paths_of_included_routes(the_app: TheApp, rows: Rows, lazy: bool, path: str) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\nfrom fastapi.routing import APIRoute\n"
        "def strip(parent):\n    for route in parent.routes:\n        if isinstance(route, APIRoute):\n"
        "            route.path = route.path.rstrip('/')\n    return parent\n"
        "r = APIRouter()\n@r.get('/a/')\ndef a(): ...\n"
        "v = APIRouter(prefix='/v')\nv.include_router(r)\nv = strip(v)\n"
        "app = FastAPI()\napp.include_router(v)\n",
        lazy,
    )
    assert rows(app) == [f"GET {path} a"]


@pytest.mark.parametrize("lazy", [True, False])
def test_a_prefix_that_changes_later_counts_as_it_was(the_app: TheApp, rows: Rows, lazy: bool) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\nr = APIRouter()\n@r.get('/a')\ndef a(): ...\n"
        "outer = APIRouter(prefix='/old')\nouter.include_router(r)\nouter.prefix = '/new'\n"
        "@outer.get('/b')\ndef b(): ...\napp = FastAPI()\napp.include_router(outer)\n",
        lazy,
    )
    assert rows(app) == ["GET /old/a a", "GET /new/b b"]


def test_one_router_twice(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\nr = APIRouter()\n@r.get('/a')\ndef a(): ...\n"
        "app = FastAPI()\napp.include_router(r)\napp.include_router(r, prefix='/api')\n"
        "app.include_router(r)\n"
    )
    assert rows(app) == ["GET /a a", "GET /api/a a", "GET /a a"]


def test_routers_that_include_each_other_end(the_app: TheApp) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\na = APIRouter()\nb = APIRouter()\n"
        "@a.get('/a')\ndef f(): ...\na.include_router(b)\nb.include_router(a)\n"
        "app = FastAPI()\napp.include_router(a)\n"
    )
    assert not app.complete


def test_a_router_that_is_not_known_makes_the_table_incomplete(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI\nfrom lib import make_router\napp = FastAPI()\n"
        "@app.get('/a')\ndef a(): ...\napp.include_router(make_router(), prefix='/x')\n"
    )
    assert rows(app) == ["GET /a a"]
    assert app.incomplete_because == (
        "main.py:6: the router given to `include_router` is not known: `lib.make_router()` belongs to a library",
    )


@pytest.mark.parametrize("lazy", [True, False])
def test_an_unknown_prefix_is_never_guessed(the_app: TheApp, rows: Rows, lazy: bool) -> None:
    app = the_app(
        "import lib\nfrom fastapi import FastAPI, APIRouter\n"
        "r = APIRouter()\n@r.get('/a')\ndef a(): ...\n"
        "p = APIRouter(prefix=lib.PREFIX)\n@p.get('/b')\ndef b(): ...\n"
        "app = FastAPI()\napp.include_router(r, prefix=lib.PREFIX)\napp.include_router(p)\n"
        "app.include_router(r, prefix='/known')\n",
        lazy,
    )
    assert rows(app) == ["GET /known/a a"]
    assert not app.complete
    assert all(reason.startswith("main.py:") for reason in app.incomplete_because)


def test_a_subclass_that_overrides_include_router(the_app: TheApp, rows: Rows) -> None:
    app = the_app(
        "from fastapi import FastAPI, APIRouter\n"
        "class Inc(APIRouter):\n    def include_router(self, router, **kw):\n"
        "        kw['prefix'] = '/inc' + kw.get('prefix', '')\n"
        "        super().include_router(router, **kw)\n"
        "r = APIRouter()\n@r.get('/a')\ndef a(): ...\ni = Inc()\ni.include_router(r, prefix='/p')\n"
        "app = FastAPI()\napp.include_router(i)\n"
    )
    assert rows(app) == ["GET /inc/p/a a"]
