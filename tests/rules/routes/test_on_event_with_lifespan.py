from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI
async def warm_up(): ...
"""
LIFESPAN = """\
@asynccontextmanager
async def lifespan(app):
    yield
"""
APP = HEAD + LIFESPAN + "app = FastAPI(lifespan=lifespan)\n"
STARTUP = "@app.on_event('startup')\nasync def start(): ...\n"


def found(main: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": main, **(files or {})}, select=["RTE005"])


def test_place_message_help_and_related() -> None:
    [finding] = found(APP + STARTUP)
    assert (finding.span.line, finding.span.column) == (8, 2)
    assert finding.message == "`app` has a lifespan, so the startup handler `start` is never called"
    assert finding.help == "Do its work in the lifespan `lifespan`, before the `yield`"
    assert [related.span.line for related in finding.related] == [7]


@pytest.mark.parametrize(
    "registered",
    [
        "app.on_event('shutdown')(warm_up)\n",
        "app.add_event_handler('startup', warm_up)\n",
        "app.router.add_event_handler('startup', warm_up)\n",
        "app.add_event_handler('startup', lambda: None)\n",
        "import os\nif os.getenv('WARM'):\n    app.add_event_handler('startup', warm_up)\n",
        "def watch(a):\n    a.add_event_handler('startup', warm_up)\nwatch(app)\n",
    ],
)
def test_every_way_to_register(registered: str) -> None:
    assert len(found(APP + registered)) == 1


def test_one_finding_for_each_argument() -> None:
    given = "app = FastAPI(lifespan=lifespan, on_startup=[warm_up, print], on_shutdown=[print])\n"
    assert [finding.span.column for finding in found(HEAD + LIFESPAN + given)] == [45, 75]


def test_app_and_handler_in_different_modules() -> None:
    events = "from app.main import app\n" + STARTUP
    [finding] = found(APP + "import app.events\n", {"app/events.py": events})
    assert finding.span.path == "app/events.py"


def test_app_from_a_factory() -> None:
    factory = HEAD + LIFESPAN + "def create_app():\n    api = FastAPI(lifespan=lifespan)\n"
    factory += "    api.add_event_handler('shutdown', warm_up)\n    return api\napp = create_app()\n"
    [finding] = found(factory)
    assert finding.help.endswith("after the `yield`")


def test_lifespan_that_is_a_method() -> None:
    view = HEAD + "class Server:\n    def __init__(self):\n        self.app = FastAPI(lifespan=self.live)\n"
    view += "        self.app.on_event('startup')(warm_up)\n    @asynccontextmanager\n"
    view += "    async def live(self, app):\n        yield\nserver = Server()\n"
    assert len(found(view)) == 1


@pytest.mark.parametrize(
    "main",
    [
        HEAD + "app = FastAPI()\n" + STARTUP,
        HEAD + "app = FastAPI(lifespan=None)\n" + STARTUP,
        HEAD + "def create_app(lifespan=None):\n    app = FastAPI(lifespan=lifespan)\n"
        "    app.add_event_handler('startup', warm_up)\n    return app\napp = create_app()\n",
        APP + "@bus.on_event('startup')\nasync def start(): ...\n",
        "from kit import lifespan\n" + HEAD + "app = FastAPI(lifespan=lifespan)\n" + STARTUP,
        "import kit\n" + HEAD + "app = FastAPI(**kit.options())\n" + STARTUP,
        "import kit\n"
        + HEAD
        + LIFESPAN
        + "app = FastAPI(lifespan=lifespan if kit.new else None)\n"
        + STARTUP,
        "import kit\n"
        + HEAD
        + "@kit.with_events\n"
        + LIFESPAN
        + "app = FastAPI(lifespan=lifespan)\n"
        + STARTUP,
        HEAD + LIFESPAN + "app = FastAPI()\n" + STARTUP + "app.router.lifespan_context = lifespan\n",
    ],
    ids=["none", "None", "default", "other", "library", "keywords", "maybe", "decorator", "assigned"],
)
def test_silent(main: str) -> None:
    assert found(main) == []


@pytest.mark.parametrize(
    "body",
    [
        "await start()",
        "await app.router.startup()",
        "await app.router._startup()",
        "async with DEFAULT(app):\n        pass",
        "for handler in app.router.on_startup:\n        await handler()",
        "await begin()",
        "await asyncio.gather(*(one() for one in [start]))",
    ],
)
def test_lifespan_runs_the_handlers(body: str) -> None:
    head = "import asyncio\nfrom starlette.routing import _DefaultLifespan as DEFAULT\n" + HEAD
    head += "async def begin():\n    await start()\n@asynccontextmanager\nasync def lifespan(app):\n"
    assert found(f"{head}    {body}\n    yield\napp = FastAPI(lifespan=lifespan)\n{STARTUP}") == []


def test_lifespan_runs_another_handler() -> None:
    main = HEAD + "@asynccontextmanager\nasync def lifespan(app):\n    await warm_up()\n    yield\n"
    main += "app = FastAPI(lifespan=lifespan)\napp.on_event('startup')(warm_up)\n" + STARTUP
    assert [finding.span.line for finding in found(main)] == [10]


def test_lifespan_makes_the_handler_itself() -> None:
    main = HEAD + "def starter(app):\n    async def start(): ...\n    return start\n"
    main += "@asynccontextmanager\nasync def lifespan(app):\n    await starter(app)()\n    yield\n"
    main += "app = FastAPI(lifespan=lifespan)\napp.add_event_handler('startup', starter(app))\n"
    assert found(main) == []


def test_alternatives_of_one_condition() -> None:
    main = "import kit\n" + HEAD + LIFESPAN + "if kit.new:\n    app = FastAPI(lifespan=lifespan)\n"
    main += "else:\n    app = FastAPI()\nif not kit.new:\n    app.on_event('startup')(warm_up)\n"
    assert found(main) == []


def test_app_in_tests() -> None:
    assert found("", {"tests/test_app.py": APP + STARTUP}) == []


@pytest.mark.parametrize(
    ("pin", "count"), [("==0.92.0", 0), ("==0.93.0", 1), (">=0.92", 0), (">=0.93", 1), ("", 1)]
)
def test_fastapi_that_ignores_lifespans(pin: str, count: int) -> None:
    assert len(found(APP + STARTUP, {"requirements.txt": f"fastapi{pin}\n"})) == count


ON_ROUTER = APP + "router = APIRouter()\nrouter.on_event('startup')(warm_up)\napp.include_router(router)\n"


@pytest.mark.parametrize(
    ("pin", "count"),
    [("==0.110.0", 1), ("==0.112.1", 1), ("==0.112.2", 0), ("<0.112.2,>=0.93", 1), (">=0.110", 0), ("", 0)],
)
def test_handler_of_an_included_router(pin: str, count: int) -> None:
    assert len(found(ON_ROUTER, {"requirements.txt": f"fastapi{pin}\n"})) == count


def test_message_names_the_router() -> None:
    [finding] = found(ON_ROUTER, {"requirements.txt": "fastapi==0.110.0\n"})
    assert "the startup handler `warm_up` of `router` is never called" in finding.message


def test_router_that_another_app_starts() -> None:
    main = ON_ROUTER + "other = FastAPI()\nother.include_router(router)\n"
    assert found(main, {"requirements.txt": "fastapi==0.110.0\n"}) == []
