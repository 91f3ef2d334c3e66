from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from fastapi import APIRouter, FastAPI\nfrom fastapi.staticfiles import StaticFiles\n"
    "app = FastAPI()\nrouter = APIRouter()\nfiles = StaticFiles(directory='x')\n"
)
LINES = HEAD.count("\n")


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE002"])


def route(path: str, on: str = "app.get") -> str:
    return f"@{on}('{path}')\ndef read(): ...\n"


def test_place_message_and_related() -> None:
    [finding] = found("app.mount('/', files)\n" + route("/a") + route("/b").replace("read", "other"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 1, 1, 22)
    assert finding.message == "The mount at `/` answers for `GET /a` and 1 more, registered after it"
    assert [related.span.line for related in finding.related] == [LINES + 2, LINES + 4]


@pytest.mark.parametrize(
    ("mount", "path"),
    [("", "/"), ("/", "/a/{x}"), ("/api", "/api/users"), ("/api/", "/api/users"), ("/{team}", "/{x}/y")],
)
def test_covered_paths(mount: str, path: str) -> None:
    assert len(found(f"app.mount('{mount}', files)\n" + route(path))) == 1


def test_websockets_routers_and_further_mounts() -> None:
    assert len(found("app.mount('/', files)\n" + route("/ws", "app.websocket"))) == 1
    assert (
        len(found("app.mount('/', files)\n" + route("/a", "router.get") + "app.include_router(router)\n"))
        == 1
    )
    assert len(found("app.mount('/', files)\napp.mount('/sub', FastAPI())\n")) == 1


def test_function_that_gets_the_app() -> None:
    setup = "def add_files(app):\n    app.mount('/', files)\n"
    [finding] = found(setup + "add_files(app)\n" + route("/a"))
    assert finding.span.line == LINES + 2
    assert finding.fix is None


def test_constant_path() -> None:
    assert len(found("ROOT = '/'\napp.mount(ROOT, files)\n" + route("/a"))) == 1


@pytest.mark.parametrize(("version", "count"), [("0.136.3", 0), ("0.137.0", 1)])
def test_mount_on_an_included_router(version: str, count: int) -> None:
    source = "router.mount('/a', files)\napp.include_router(router)\n" + route("/a/b")
    assert len(found(source, **{"requirements.txt": f"fastapi=={version}\n"})) == count


def test_fix_in_a_function() -> None:
    source = (
        "def make():\n    two = FastAPI()\n    two.mount('/', files)\n"
        "    two.include_router(router)\n    return two\n"
    )
    [finding] = found(route("/a", "router.get") + source)
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == ["", "\n    two.mount('/', files)"]


@pytest.mark.parametrize(
    "source",
    [
        route("/a") + "app.mount('/', files)\n",
        "app.mount('/static', files)\n" + route("/a"),
        "app.mount('/static', files)\n" + route("/static"),
        "app.mount('/static', files)\n" + route("/staticfiles/x"),
        "app.mount('/a/b', files)\n" + route("/a"),
        "app.mount('/a', files)\n" + route("/{x}/b"),
        "app.frontend('/', directory='x')\n" + route("/a"),
        "if FLAG:\n    app.mount('/', files)\n" + route("/a"),
        "app.mount(unknown(), files)\n" + route("/a"),
        "app.mount('/', files)\nif FLAG:\n    @app.get('/a')\n    def read(): ...\n",
        "sub = FastAPI()\napp.mount('/sub', sub)\n" + route("/a", "sub.get"),
        "other = FastAPI()\nother.mount('/', files)\n" + route("/a"),
        "client.mount('/', files)\n" + route("/a"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests_are_not_reported() -> None:
    source = HEAD + "app.mount('/', files)\n" + route("/a")
    assert lint({"tests/test_app.py": source}, select=["RTE002"]) == []
