from __future__ import annotations

import pytest

from .conftest import Tables

HEAD = "from fastapi import APIRouter, FastAPI\nimport kit\ndef f(): ...\ndef g(): ...\n"


def test_own_handlers_and_those_of_included_routers(tables: Tables) -> None:
    text = HEAD + "router = APIRouter(on_startup=[f])\napp = FastAPI()\napp.on_event('shutdown')(g)\n"
    router, app = tables(text + "app.include_router(router)\n").lifecycles.all
    assert (router.kind, router.name, app.kind, app.name) == ("router", "router", "app", "app")
    assert [(one.event, one.function and one.function.name) for one in router.own] == [("startup", "f")]
    assert [one.event for one in app.own] == ["shutdown"]
    assert [one.event for one in app.handlers] == ["shutdown", "startup"]


@pytest.mark.parametrize(
    ("app", "has", "function"),
    [
        ("app = FastAPI()", False, None),
        ("app = FastAPI(lifespan=None)", False, None),
        ("app = FastAPI(lifespan=f)", True, "f"),
        ("app = FastAPI(lifespan=f if kit.x else None)", None, None),
        ("app = FastAPI(lifespan=kit.make())", True, None),
        ("app = FastAPI(**kit.options())", None, None),
        ("app = FastAPI()\napp.router.lifespan_context = f", None, "f"),
    ],
)
def test_lifespan(tables: Tables, app: str, has: bool | None, function: str | None) -> None:
    [found] = tables(HEAD + app + "\n").lifecycles.all
    assert (found.has_lifespan, found.lifespan and found.lifespan.name) == (has, function)


def test_mounts(tables: Tables) -> None:
    text = HEAD + "inner, router = FastAPI(), APIRouter()\napp = FastAPI()\napp.mount('/a', inner)\n"
    [mounted] = tables(text + "app.mount('/b', router)\napp.mount('/c', kit.app)\n").lifecycles.mounts
    assert (mounted.outer.name, mounted.inner.name, mounted.site.line) == ("app", "inner", 7)
