from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.effects import STORES, resource_of_name
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def function(project: Project, name: str) -> FunctionSymbol:
    return next(f for m in project.modules for f in project.resolver.index(m).functions if f.qualname == name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sqlalchemy.orm.Session.execute", "database"),
        ("sqlmodel.ext.asyncio.session.AsyncSession.exec", "database"),
        ("sqlalchemy.Engine.connect", "database"),
        ("asyncpg.connect", "database"),
        ("beanie.Document.find_all", "database"),
        ("redis.asyncio.Redis.get", "redis"),
        ("aio_pika.connect_robust", "broker"),
        ("httpx.AsyncClient.get", "HTTP"),
        ("httpx.AsyncClient", None),
        ("redis.asyncio.from_url", None),
        ("sqlalchemy.create_engine", None),
        ("sqlalchemy.text", None),
        ("logging.getLogger", None),
    ],
)
def test_resource_of_name(name: str, kind: str | None) -> None:
    assert resource_of_name(name) == kind


def test_reach_through_calls_and_methods(project_of: Build) -> None:
    source = (
        "import redis\nclass Cache:\n    def __init__(self):\n        self.client = redis.Redis()\n"
        "    def read(self, key):\n        return self.client.get(key)\n"
        "cache = Cache()\ndef helper():\n    return cache.read('x')\ndef endpoint():\n    return helper()\n"
    )
    project = project_of(source)
    found = project.effects.reach(function(project, "endpoint"))
    assert found is not None
    assert (found.kind, len(found.calls)) == ("redis", 3)


def test_reach_of_some_kinds(project_of: Build) -> None:
    source = "import httpx, redis\ncache = redis.Redis()\ndef f():\n    httpx.get('x')\n    cache.get('x')\n"
    project = project_of(source)
    both = project.effects.reach(function(project, "f"))
    store = project.effects.reach(function(project, "f"), STORES)
    assert both is not None
    assert store is not None
    assert (both.kind, store.kind) == ("HTTP", "redis")


def test_state_of_the_app(project_of: Build) -> None:
    source = (
        "import redis.asyncio as redis\nfrom fastapi import FastAPI, Request\n"
        "async def lifespan(app: FastAPI):\n    app.state.cache = redis.from_url('x')\n    yield\n"
        "async def endpoint(request: Request):\n    await request.app.state.cache.get('x')\n"
        "async def other(request: Request):\n    await request.state.cache.get('x')\n"
    )
    project = project_of(source)
    found = project.effects.reach(function(project, "endpoint"))
    assert found is not None
    assert found.kind == "redis"
    assert project.effects.reach(function(project, "other")) is None


def test_state_of_the_request(project_of: Build) -> None:
    source = (
        "from fastapi import FastAPI, Request\nfrom sqlalchemy.orm import Session\napp = FastAPI()\n"
        "@app.middleware('http')\nasync def open_session(request: Request, call_next):\n"
        "    request.state.db = Session()\n    return await call_next(request)\n"
        "def endpoint(request: Request):\n    request.state.db.execute('x')\n"
    )
    project = project_of(source)
    found = project.effects.reach(function(project, "endpoint"))
    assert found is not None
    assert found.kind == "database"


def test_state_that_is_set_to_two_things_is_unknown(project_of: Build) -> None:
    source = (
        "import redis\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "app.state.cache = redis.Redis()\napp.state.cache = {}\n"
        "def endpoint():\n    app.state.cache.get('x')\n"
    )
    project = project_of(source)
    assert project.effects.reach(function(project, "endpoint")) is None
