from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
from contextlib import AsyncExitStack, asynccontextmanager
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount
async def open_pool(): ...
@asynccontextmanager
async def inside(app):
    await open_pool()
    yield
"""
INNER = HEAD + "admin = FastAPI(lifespan=inside)\n"
MOUNT = "app = FastAPI()\napp.mount('/admin', admin)\n"


def found(main: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": main, **(files or {})}, select=["RTE015"])


def outer(body: str) -> str:
    lifespan = f"@asynccontextmanager\nasync def lifespan(app):\n    {body}\n"
    return lifespan + "app = FastAPI(lifespan=lifespan)\napp.mount('/admin', admin)\n"


def test_place_message_help_and_related() -> None:
    [finding] = found(INNER + MOUNT)
    assert (finding.span.line, finding.span.column) == (12, 1)
    assert finding.message == "The lifespan `inside` of `admin` never runs, because `app` mounts it"
    assert finding.help == "Enter it in the lifespan of `app`: `admin.router.lifespan_context(admin)`"
    assert [related.span.line for related in finding.related] == [10]


@pytest.mark.parametrize(
    "inner",
    [
        "admin = FastAPI(on_startup=[open_pool])\n",
        "admin = FastAPI(on_shutdown=[open_pool])\n",
        "admin = FastAPI()\nadmin.on_event('startup')(open_pool)\n",
        "admin = Starlette(on_startup=[open_pool])\n",
        "router = APIRouter(on_startup=[open_pool])\nadmin = FastAPI()\nadmin.include_router(router)\n",
    ],
)
def test_event_handlers(inner: str) -> None:
    [finding] = found(HEAD + inner + MOUNT)
    assert (
        finding.message == "The event handler `open_pool` of `admin` is never called, because `app` mounts it"
    )


@pytest.mark.parametrize(
    "mounting",
    [
        MOUNT,
        outer("yield"),
        "app = FastAPI(on_startup=[print])\napp.mount('/admin', admin)\n".replace("print", "open_pool"),
        "app = Starlette(routes=[Mount('/admin', app=admin)])\n",
        "app = FastAPI()\nimport os\nif os.getenv('ADMIN'):\n    app.mount('/admin', admin)\n",
        "def attach(a):\n    a.mount('/admin', admin)\napp = FastAPI()\nattach(app)\n",
    ],
)
def test_every_way_to_mount(mounting: str) -> None:
    assert len(found(INNER + mounting)) == 1


def test_apps_in_different_modules() -> None:
    main = "from app.admin import admin\nfrom fastapi import FastAPI\n" + MOUNT
    [finding] = found(main, {"app/admin.py": INNER})
    assert finding.span.path == "app/main.py"


def test_app_from_a_factory() -> None:
    main = HEAD + "def make():\n    inner = FastAPI(lifespan=inside)\n    return inner\n"
    [finding] = found(main + "app = FastAPI()\napp.mount('/admin', make())\n")
    assert finding.message == "The lifespan `inside` of the mounted app never runs, because `app` mounts it"


@pytest.mark.parametrize(
    "body",
    [
        "async with inside(admin):\n        yield",
        "async with admin.router.lifespan_context(admin):\n        yield",
        "async with AsyncExitStack() as stack:\n        await stack.enter_async_context(inside(admin))\n"
        "        yield",
        "await admin.router.startup()\n    yield",
        "for route in app.routes:\n        async with route.app.router.lifespan_context(route.app):\n"
        "            pass\n    yield",
        "await start_all()\n    yield",
    ],
)
def test_outer_lifespan_enters_the_inner_one(body: str) -> None:
    main = INNER + "async def start_all():\n    await inside(admin).__aenter__()\n" + outer(body)
    assert found(main) == []


def test_outer_lifespan_runs_the_handlers() -> None:
    main = HEAD + "admin = FastAPI(on_startup=[open_pool])\n" + outer("await open_pool()\n    yield")
    assert found(main) == []


def test_outer_handler_starts_the_inner_app() -> None:
    main = INNER + "async def start():\n    await admin.router.startup()\napp = FastAPI(on_startup=[start])\n"
    assert found(main + "app.mount('/admin', admin)\n") == []


def test_lifespan_manager_of_a_library() -> None:
    main = "from asgi_lifespan import LifespanManager\n" + INNER
    assert found(main + outer("async with LifespanManager(admin):\n        yield")) == []


@pytest.mark.parametrize(
    "main",
    [
        HEAD + "admin = FastAPI()\n" + MOUNT,
        HEAD + "admin = FastAPI(lifespan=None)\n" + MOUNT,
        "import kit\n" + HEAD + "admin = FastAPI(lifespan=kit.lifespan())\n" + MOUNT,
        "import kit\n" + HEAD + "admin = kit.app()\n" + MOUNT,
        "import kit\n" + INNER + "app = FastAPI(lifespan=kit.lifespan(admin))\napp.mount('/admin', admin)\n",
        "import kit\n" + INNER + "app = FastAPI(on_startup=[kit.start(admin)])\napp.mount('/admin', admin)\n",
        "import kit\n" + INNER + "app = FastAPI(**kit.options())\napp.mount('/admin', admin)\n",
        INNER + "app = FastAPI(lifespan=inside)\napp.mount('/admin', admin)\n",
    ],
    ids=["nothing", "None", "unknown", "library", "outer", "handlers", "keywords", "shared"],
)
def test_silent(main: str) -> None:
    assert found(main) == []


def test_mounted_in_tests_only() -> None:
    tests = "from fastapi import FastAPI\nfrom app.main import admin\n" + MOUNT
    assert found(INNER, {"tests/conftest.py": tests, "Procfile": "web: uvicorn app.main:admin\n"}) == []
