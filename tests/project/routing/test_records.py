"""What a route, router and app say besides the path."""

from __future__ import annotations

from .conftest import Tables, TheApp

CODE = """
from fastapi import FastAPI, APIRouter, Depends
def d0(): ...
def d1(): ...
def d2(): ...
def d3(): ...
def d4(): ...
inner = APIRouter(prefix="/i", dependencies=[Depends(d3)])
@inner.get("/a/{x}", response_model=int, dependencies=[Depends(d4)], status_code=201)
def a(): ...
outer = APIRouter()
outer.dependencies.append(Depends(d2))
outer.include_router(inner)
def life(app): ...
app = FastAPI(dependencies=[Depends(d0)], docs_url="/d", redoc_url=None, root_path="/root", lifespan=life)
app.include_router(outer, prefix="/o", dependencies=[Depends(d1)])
lost = APIRouter(prefix="/lost")
@lost.get("/x")
def x(): ...
"""


def _dependencies(app_levels: object) -> list[str]:
    found = []
    for level in app_levels:  # type: ignore[attr-defined]
        names = [site.expr.args[0].id for site in level.dependencies]
        found.append(f"{level.kind} {' '.join(names)}".strip())
    return found


def test_levels_run_from_the_app_inwards(the_app: TheApp) -> None:
    for lazy in (True, False):
        (route,) = the_app(CODE, lazy).routes
        assert _dependencies(route.levels) == [
            "app d0",
            "include d1",
            "router d2",
            "include",
            "router d3",
            "route d4",
        ]


def test_a_route_knows_its_places(the_app: TheApp) -> None:
    (route,) = the_app(CODE).routes
    assert (route.file, route.line, route.name) == ("main.py", 10, "a")
    assert route.endpoint is not None
    assert route.registered is not None
    assert route.path_at is not None
    assert (route.registered.line, route.path_at.line) == (9, 9)
    assert set(route.options) == {"response_model", "dependencies", "status_code"}
    assert [site.line for site in route.via] == [16, 13]


def test_what_an_app_was_given(the_app: TheApp) -> None:
    app = the_app(CODE)
    assert (app.docs_url, app.redoc_url, app.openapi_url, app.root_path) == (
        "/d",
        None,
        "/openapi.json",
        "/root",
    )
    assert app.lifespan is not None
    assert app.lifespan.name == "life"
    assert len(app.dependencies) == 1
    assert [router.name for router in app.routers] == ["inner", "outer"]


def test_routers_know_whether_an_app_serves_them(tables: Tables) -> None:
    for lazy in (True, False):
        found = {router.name: router for router in tables(CODE, lazy).routers}
        assert {name: router.reached for name, router in found.items()} == {
            "inner": True,
            "outer": True,
            "lost": False,
        }
        assert [route.path for route in found["inner"].own] == ["/i/a/{x}"]
        assert found["lost"].included == ()
        assert len(found["inner"].included) == 1


def test_routers_of_modules_that_nothing_imports(tables: Tables) -> None:
    found = tables(
        {
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n",
            "unused.py": "from fastapi import APIRouter\nr = APIRouter()\n@r.get('/x')\ndef x(): ...\n",
        }
    )
    assert [(router.name, router.reached) for router in found.routers] == [("r", False)]


def test_a_router_that_leaves_what_is_followed(tables: Tables) -> None:
    (router,) = tables(
        "import lib\nfrom fastapi import FastAPI, APIRouter\napp = FastAPI()\nr = APIRouter()\n"
        "@r.get('/x')\ndef x(): ...\nlib.register(r)\n"
    ).routers
    assert not router.reached
    assert router.escapes == ("main.py:7",)


def test_events(the_app: TheApp) -> None:
    app = the_app(
        "from fastapi import FastAPI\napp = FastAPI()\n@app.on_event('startup')\ndef up(): ...\n"
        "def down(): ...\napp.add_event_handler('shutdown', down)\n"
    )
    assert [(event.event, event.function and event.function.name) for event in app.events] == [
        ("startup", "up"),
        ("shutdown", "down"),
    ]


def test_the_same_twice(tables: Tables) -> None:
    first, second = tables(CODE), tables(CODE)
    assert [route.path for route in first.routes] == [route.path for route in second.routes]
    assert [app.target for app in first.apps] == [app.target for app in second.apps]
