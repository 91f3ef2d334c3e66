from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\nrouter = APIRouter()\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["RTE001"])


def routes(*paths: str, on: str = "app.get") -> str:
    return "".join(f"@{on}('{path}')\ndef f{i}(): ...\n" for i, path in enumerate(paths))


def test_place_message_and_related() -> None:
    [finding] = found(routes("/users/{user_id}", "/users/me"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (6, 10, 21)
    assert finding.message == (
        "`GET /users/me` is never reached: `GET /users/{user_id}` is registered before it and answers first"
    )
    assert finding.help == "Register `/users/me` before `/users/{user_id}`"
    [related] = finding.related
    assert (related.span.line, related.span.column, related.symbol) == (4, 10, "f0")
    assert finding.symbol == "f1"


def test_duplicate() -> None:
    [finding] = found(routes("/a/{x}", "/a/{y}"))
    assert "the same path and method are registered before" in finding.message
    assert finding.fix is None


def test_earlier_routes_that_take_all_methods_together() -> None:
    source = (
        "@app.get('/a')\ndef a(): ...\n@app.post('/a')\ndef b(): ...\n"
        "@app.api_route('/a', methods=['GET', 'POST'])\ndef c(): ...\n"
    )
    [finding] = found(source)
    assert [related.span.line for related in finding.related] == [4, 6]


def test_a_method_is_left() -> None:
    source = "@app.get('/a')\ndef a(): ...\n@app.api_route('/a', methods=['GET', 'POST'])\ndef c(): ...\n"
    assert found(source) == []


def test_prefixes_of_router_and_include() -> None:
    source = routes("/{item_id}", "/latest", on="router.get")
    [finding] = found(source + "app.include_router(router, prefix='/items')\n")
    assert finding.span.line == 6
    assert "`GET /items/latest`" in finding.message


def test_websockets_hide_websockets_only() -> None:
    [finding] = found(routes("/ws/{room}", "/ws/main", on="app.websocket"))
    assert "`WEBSOCKET /ws/main`" in finding.message
    assert found(routes("/ws/{x}") + "@app.websocket('/ws/main')\nasync def b(ws): ...\n") == []


def test_added_without_decorator() -> None:
    source = "def a(x): ...\ndef b(): ...\napp.add_api_route('/{x}', a)\napp.add_api_route('/b', b)\n"
    [finding] = found(source)
    assert finding.span.line == 7
    assert finding.fix is None


def test_one_finding_for_a_router_that_two_apps_include() -> None:
    source = (
        routes("/{x}", "/a", on="router.get")
        + "other = FastAPI()\napp.include_router(router)\nother.include_router(router)\n"
    )
    assert len(found(source)) == 1


def test_mounted_app_has_a_table_of_its_own() -> None:
    source = "sub = FastAPI()\n" + routes("/{x}", "/a", on="sub.get") + "app.mount('/sub', sub)\n"
    [finding] = found(source)
    assert "`GET /a`" in finding.message


def test_mounted_app_is_not_compared_with_what_mounts_it() -> None:
    source = (
        "sub = FastAPI()\n@app.get('/{x}/{y}')\ndef a(): ...\n@sub.get('/b')\ndef b(): ...\n"
        "app.mount('/sub', sub)\n"
    )
    assert found(source) == []


def test_order_is_that_of_the_includes() -> None:
    head = "from fastapi import APIRouter\nrouter = APIRouter()\n"
    files = {
        "app/one.py": head + routes("/{x}", on="router.get"),
        "app/two.py": head + routes("/a", on="router.get"),
        "app/__init__.py": "",
    }
    good = "from app import one, two\napp.include_router(two.router)\napp.include_router(one.router)\n"
    bad = "from app import one, two\napp.include_router(one.router)\napp.include_router(two.router)\n"
    assert lint({"app/main.py": HEAD + good, **files}, select=["RTE001"]) == []
    [finding] = lint({"app/main.py": HEAD + bad, **files}, select=["RTE001"])
    assert finding.span.path == "app/two.py"


def test_third_route_hidden_by_the_first_is_reported_once() -> None:
    findings = found(routes("/{x}", "/a", "/a"))
    assert [finding.span.line for finding in findings] == [6, 8]
    assert all(len(finding.related) == 1 for finding in findings)


@pytest.mark.parametrize(
    "source",
    [
        routes("/users/{user_id:int}", "/users/me"),
        routes("/users/me", "/users/{user_id}"),
        routes("/users/{user_id}", "/users/{user_id}/posts"),
        routes("/users/{user_id}", "/users/"),
        routes("/{day:date}", "/today"),
        routes("/a", on="app.get") + "@app.post('/a')\ndef other(): ...\n",
        "if FLAG:\n    @app.get('/{x}')\n    def a(): ...\n@app.get('/a')\ndef b(): ...\n",
        "@app.get('/{x}')\ndef a(): ...\nif FLAG:\n    @app.get('/a')\n    def b(): ...\n",
        "@app.get(PATH)\ndef a(): ...\n@app.get('/a')\ndef b(): ...\n",
        "@app.get('/a')\n@app.get('/a')\ndef a(): ...\n",
        routes("/a", on="router.get") + "app.include_router(router)\napp.include_router(router)\n",
        routes("/{x}", on="router.get")
        + "app.include_router(router, prefix='/a')\n@app.get('/b/c')\ndef b(): ...\n",
        routes("/{x}", on="router.get") + "@app.get('/a')\ndef b(): ...\n",
        "@app.get('/a')\n@version(1)\ndef a(): ...\n@app.get('/a')\n@version(2)\ndef b(): ...\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_route_class_that_matches_by_itself() -> None:
    source = (
        "from fastapi.routing import APIRoute\n"
        "class ByHeader(APIRoute):\n    def matches(self, scope): ...\n"
        "special = APIRouter(route_class=ByHeader)\n"
        "@special.get('/a')\ndef a(): ...\n@router.get('/a')\ndef b(): ...\n"
        "app.include_router(special)\napp.include_router(router)\n"
    )
    assert found(source) == []
    assert len(found(source.replace("def matches", "def get_route_handler"))) == 1


def test_tests_and_scripts_are_not_reported() -> None:
    assert lint({"tests/test_app.py": HEAD + routes("/{x}", "/a")}, select=["RTE001"]) == []


def test_fix_is_not_offered_across_what_the_function_may_need() -> None:
    source = "@app.get('/{x}')\ndef a(): ...\nclass Out: ...\n@app.get('/a')\ndef b() -> Out: ...\n"
    [finding] = found(source)
    assert finding.fix is None
