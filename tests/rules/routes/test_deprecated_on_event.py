from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from contextlib import asynccontextmanager\nfrom fastapi import APIRouter, FastAPI\n"
HEAD += "async def warm_up(): ...\n"
LIFESPAN = "@asynccontextmanager\nasync def lifespan(app):\n    yield\n"
APP = HEAD + "app = FastAPI()\n"
STARTUP = "@app.on_event('startup')\nasync def start(): ...\n"


def found(main: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": main, **(files or {})}, select=["RTE016"])


def test_place_message_and_help() -> None:
    [finding] = found(APP + STARTUP)
    assert (finding.span.line, finding.span.column) == (5, 2)
    assert finding.message == "`start` is registered by `on_event`, which is deprecated"
    assert finding.help == "Move it into a lifespan, before the `yield`: `FastAPI(lifespan=...)`"


@pytest.mark.parametrize(
    ("registered", "way"),
    [
        ("app.on_event('shutdown')(warm_up)\n", "on_event"),
        ("app.router.add_event_handler('startup', warm_up)\n", "add_event_handler"),
        ("other = FastAPI(on_startup=[warm_up])\n", "on_startup="),
        ("other = FastAPI(on_shutdown=[warm_up])\n", "on_shutdown="),
        (
            "router = APIRouter()\nrouter.on_event('startup')(warm_up)\napp.include_router(router)\n",
            "on_event",
        ),
        ("router = APIRouter(on_startup=[warm_up])\napp.include_router(router)\n", "on_startup="),
    ],
)
def test_every_way_to_register(registered: str, way: str) -> None:
    [finding] = found(APP + registered)
    assert finding.message == f"`warm_up` is registered by `{way}`, which is deprecated"


@pytest.mark.parametrize(
    ("code", "pin", "fate"),
    [
        ("app.add_event_handler('startup', warm_up)\n", "", "Starlette 1.0 has removed"),
        ("app.add_event_handler('startup', warm_up)\n", "fastapi==0.110.0\n", "is deprecated"),
        ("app.router.add_event_handler('startup', warm_up)\n", "", "is deprecated"),
        ("r = APIRouter()\nr.add_event_handler('startup', warm_up)\n", "", "is deprecated"),
    ],
)
def test_method_that_is_gone(code: str, pin: str, fate: str) -> None:
    [finding] = found(APP + code, {"requirements.txt": pin})
    assert finding.message == f"`warm_up` is registered by `add_event_handler`, which {fate}"


def test_handler_that_is_not_known() -> None:
    [finding] = found("import kit\n" + APP + "app.add_event_handler('startup', kit.start)\n")
    assert finding.message.startswith("A handler is registered")


def test_factory_that_is_called_twice() -> None:
    main = HEAD + "def make():\n    app = FastAPI()\n    app.on_event('startup')(warm_up)\n    return app\n"
    assert len(found(main + "app = make()\nother = make()\n")) == 1


@pytest.mark.parametrize(
    "main",
    [
        HEAD + LIFESPAN + "app = FastAPI(lifespan=lifespan)\n" + STARTUP,
        "import kit\n" + HEAD + "app = FastAPI(lifespan=kit.lifespan())\n" + STARTUP,
        "import kit\n" + HEAD + "app = FastAPI(**kit.options())\n" + STARTUP,
        "import kit\napp = kit.App()\n" + STARTUP,
        "from starlette.applications import Starlette\napp = Starlette()\n" + STARTUP,
        APP + "import kit\n@kit.bus.on_event('startup')\nasync def start(): ...\n",
    ],
    ids=["lifespan", "unknown", "keywords", "other-app", "starlette", "other-receiver"],
)
def test_silent(main: str) -> None:
    assert found(main) == []


def test_app_in_tests() -> None:
    assert found("", {"tests/test_app.py": APP + STARTUP}) == []


@pytest.mark.parametrize(
    ("pin", "count"), [("==0.92.0", 0), ("==0.93.0", 1), (">=0.90", 0), (">=0.93,<0.100", 1), ("", 1)]
)
def test_fastapi_without_lifespans(pin: str, count: int) -> None:
    assert len(found(APP + STARTUP, {"requirements.txt": f"fastapi{pin}\n"})) == count


@pytest.mark.parametrize(("pin", "count"), [("==0.112.1", 0), ("==0.112.2", 1)])
def test_router_beside_a_lifespan(pin: str, count: int) -> None:
    """Up to 0.112.1 the handler is lost, which the other rule reports."""
    main = HEAD + LIFESPAN + "app = FastAPI(lifespan=lifespan)\nrouter = APIRouter(on_startup=[warm_up])\n"
    files = {"requirements.txt": f"fastapi{pin}\n"}
    assert len(found(main + "app.include_router(router)\n", files)) == count
