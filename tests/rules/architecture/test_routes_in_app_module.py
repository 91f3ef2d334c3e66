from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

USERS = (
    "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n@router.get('')\ndef users(): ...\n"
)
HEAD = """
from fastapi import APIRouter, FastAPI
from app.api.users import router

app = FastAPI()
app.include_router(router)
"""


def routes(*paths: str, owner: str = "app") -> str:
    return "".join(f"@{owner}.get('{path}')\ndef f{number}(): ...\n" for number, path in enumerate(paths))


def found(body: str, files: dict[str, str] | None = None) -> list[Finding]:
    sources = {"app/__init__.py": "", "app/api/users.py": USERS, "app/main.py": HEAD + body, **(files or {})}
    return lint(sources, select=["ARC010"])


def test_place_message_and_related() -> None:
    [finding] = found(routes("/", "/a", "/b", "/c"))
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 9, 2)
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("3 routes, `GET /a` first, are registered on the application itself")
    assert [other.message for other in finding.related] == [
        "`GET /b` is another one",
        "`GET /c` is another one",
    ]


def test_other_ways_of_registering() -> None:
    body = "def f(): ...\napp.add_api_route('/a', f)\napp.get('/b')(f)\n@app.post('/c')\ndef c(): ...\n"
    assert len(found(body)) == 1


def test_an_application_made_by_a_function() -> None:
    body = "def create_app():\n    app = FastAPI()\n    app.include_router(router)\n"
    body += (
        "".join(f"    @app.get('/{name}')\n    def {name}(): ...\n" for name in "abc") + "    return app\n"
    )
    source = HEAD.replace("app = FastAPI()\napp.include_router(router)\n", body)
    files = {"app/__init__.py": "", "app/api/users.py": USERS, "app/main.py": source}
    assert len(lint(files, select=["ARC010"])) == 1


@pytest.mark.parametrize(
    "body",
    [
        routes("/a", "/b"),
        routes("/", "/health", "/ready", "/metrics", "/favicon.ico", "/docs", "/a"),
        "other = APIRouter()\n" + routes("/a", "/b", "/c", owner="other") + "app.include_router(other)\n",
        routes("/a", "/b", "/c", owner="client"),
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_no_router_anywhere() -> None:
    source = "from fastapi import FastAPI\napp = FastAPI()\n" + routes("/a", "/b", "/c")
    assert lint({"app/main.py": source}, select=["ARC010"]) == []


def test_the_only_router_stands_in_the_same_module() -> None:
    source = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\nr = APIRouter()\n"
    source += routes("/x", owner="r") + "app.include_router(r)\n" + routes("/a", "/b", "/c")
    assert lint({"app/main.py": source}, select=["ARC010"]) == []


@pytest.mark.parametrize("path", ["examples/main.py", "tests/main.py"])
def test_examples_and_tests(path: str) -> None:
    files = {path: HEAD + routes("/a", "/b", "/c"), "app/__init__.py": "", "app/api/users.py": USERS}
    assert lint(files, select=["ARC010"]) == []


@pytest.mark.parametrize(("limit", "count"), [(3, 0), (2, 1), (0, 1)])
def test_option(limit: int, count: int) -> None:
    config = {"fastapi-lint.toml": f"max-app-routes = {limit}\n"}
    assert len(found(routes("/a", "/b", "/c"), config)) == count
