from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import functools
from functools import wraps
from typing import cast, overload
from fastapi import APIRouter, FastAPI, Request
from typing_extensions import deprecated

app = FastAPI()
router = APIRouter()
app.include_router(router, prefix="/v1")
SEEN = []

def timed(func):
    @wraps(func)
    async def wrapper(*args, **kwargs):
        return await func(*args, **kwargs)
    return wrapper

def registry(func):
    SEEN.append(func)
    return func

"""
LINES = HEAD.count("\n")
ROUTE = "@app.get('/a')\nasync def read(request: Request): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["RTE003"])


def test_place_message_and_related() -> None:
    [finding] = found("@timed\n" + ROUTE)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (LINES + 1, 2, 7)
    assert finding.message == (
        "`GET /a` runs without `@timed`, which stands above the decorator that registers `read`"
    )
    assert [related.span.line for related in finding.related] == [LINES + 2]


@pytest.mark.parametrize(
    "decorator",
    [
        "functools.lru_cache(maxsize=1)",
        "functools.cache",
        "limiter.shared_limit('5/minute', scope='x')",
        "cached(ttl=1)",
        "retry()",
        "requires('admin')",
        "login_required",
        "jwt.jwt_required()",
        "elsewhere.limit('1/day')",
    ],
)
def test_wrappers_of_libraries(decorator: str) -> None:
    head = (
        "from slowapi import Limiter\nfrom aiocache import cached\nfrom tenacity import retry\n"
        "from starlette.authentication import requires\nfrom flask_login import login_required\n"
        "import jwtkit as jwt\nlimiter = Limiter()\n"
    )
    assert len(found(f"{head}@{decorator}\n{ROUTE}")) == 1


@pytest.mark.parametrize(
    "maker",
    [
        "def deco(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n",
        "def deco(f):\n    def inner(*a):\n        return f(*a)\n    return cast('F', inner)\n",
        "def deco(f):\n    def inner(*a): ...\n    return functools.update_wrapper(inner, f)\n",
        "def deco(f):\n    @wraps(f)\n    def one(*a): ...\n    @wraps(f)\n    async def two(*a): ...\n"
        "    if functools.iscoroutinefunction(f):\n        return two\n    return one\n",
        "class deco:\n    def __init__(self, f):\n        self.f = f\n    def __call__(self, *a):\n"
        "        return self.f(*a)\n",
        "def deco(f):\n    return functools.partial(f, 1)\n",
        "def deco(f):\n    print('wrapping', f.__name__)\n    name = functools.partial(f)\n"
        "    def inner(): ...\n    inner.role = 1\n    return inner\n",
    ],
)
def test_wrappers_of_the_project(maker: str) -> None:
    assert len(found(f"{maker}\n@deco\n{ROUTE}")) == 1


def test_factories_and_instances() -> None:
    factory = (
        "def role(name):\n    def deco(f):\n        @wraps(f)\n        def inner(*a): ...\n"
        "        return inner\n    return deco\n"
    )
    assert len(found(f"{factory}\n@role('admin')\n{ROUTE}")) == 1
    instance = (
        "class Limit:\n    def __call__(self, f):\n        def inner(*a): ...\n        return inner\n"
        "limit = Limit()\n"
    )
    assert len(found(f"{instance}\n@limit\n{ROUTE}")) == 1
    assert len(found(f"{instance}\n@Limit()\n{ROUTE}")) == 1


def test_through_imports() -> None:
    files = {
        "app/guards/__init__.py": "from .roles import admin_only as only_admins\n",
        "app/guards/roles.py": "def admin_only(f):\n    def inner(*a): ...\n    return inner\n",
        "app/web.py": "from fastapi import APIRouter\nfrom app import guards\nrouter = APIRouter()\n"
        "@guards.only_admins\n@router.get('/x')\ndef x(): ...\n",
    }
    [finding] = lint({"app/__init__.py": "", "app/main.py": HEAD, **files}, select=["RTE003"])
    assert (finding.span.path, finding.span.line) == ("app/web.py", 4)


def test_every_wrapper_above_each_route() -> None:
    findings = found("@timed\n@functools.cache\n@app.get('/a')\n@app.get('/b')\ndef read(): ...\n")
    assert [finding.span.line for finding in findings] == [LINES + 1, LINES + 2]


def test_between_two_routes() -> None:
    [finding] = found("@app.get('/a')\n@timed\n@app.get('/b')\nasync def read(): ...\n")
    assert finding.message.startswith("`GET /b` runs without `@timed`")


def test_methods_routers_and_websockets() -> None:
    assert len(found("@timed\n@router.post('/a')\nasync def read(): ...\n")) == 1
    assert len(found("@timed\n@app.api_route('/a', methods=['GET'])\nasync def read(): ...\n")) == 1
    assert len(found("@timed\n@app.websocket('/a')\nasync def read(ws): ...\n")) == 1
    assert len(found("@timed\n@APIRouter().get('/a')\nasync def read(ws): ...\n")) <= 1


def test_inside_a_factory() -> None:
    source = (
        "def create():\n    inner = APIRouter()\n    @timed\n    @inner.get('/a')\n"
        "    async def read(): ...\n    return inner\napp.include_router(create())\n"
    )
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    "decorator",
    [
        "app.post('/a')",
        "overload",
        "deprecated('x')",
        "staticmethod",
        "registry",
        "app.exception_handler(404)",
    ],
)
def test_decorators_that_change_nothing(decorator: str) -> None:
    assert found(f"@{decorator}\n{ROUTE}") == []


@pytest.mark.parametrize(
    "maker",
    [
        "def deco(f):\n    f.role = 1\n    def inner(*a): ...\n    return inner\n",
        "def deco(f):\n    setattr(f, 'role', 1)\n    def inner(*a): ...\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    SEEN.append(inner)\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    app.handlers = inner\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    NAMES[f.__name__] = 1\n    return inner\n",
        "def deco(f):\n    def inner(*a): ...\n    register(inner)\n    return inner\n",
        "class deco:\n    def __init__(self, f):\n        self.f = f\n        SEEN.append(self)\n",
        "def deco(f):\n    def inner(*a): ...\n    return inner if app.debug else f\n",
        "@elsewhere\ndef deco(f):\n    def inner(*a): ...\n    return inner\n",
        "def deco(f):\n    return elsewhere(f)\n",
    ],
)
def test_decorators_that_may_have_an_effect_above(maker: str) -> None:
    assert found(f"{maker}\n@deco\n{ROUTE}") == []


@pytest.mark.parametrize(
    "decorator", ["elsewhere", "elsewhere.task(queue='x')", "mcp.tool()", "limiter.exempt", "cbv(router)"]
)
def test_unknown_decorators(decorator: str) -> None:
    head = "from slowapi import Limiter\nimport mcp\nlimiter = Limiter()\n"
    assert found(f"{head}@{decorator}\n{ROUTE}") == []


def test_an_unknown_one_of_the_project_with_such_a_name() -> None:
    marker = "def requires(role):\n    return Marker(role).mark\n"
    assert found(f"{marker}@requires('x')\n{ROUTE}") == []


def test_below_the_route() -> None:
    assert found("@app.get('/a')\n@timed\nasync def read(): ...\n") == []
    assert found("@app.get('/a')\n@app.get('/b')\n@timed\nasync def read(): ...\n") == []
    assert found("@timed\nasync def read(): ...\napp.get('/a')(read)\n") == []
    assert found("@timed\nasync def read(): ...\napp.add_api_route('/a', read)\n") == []


def test_what_only_looks_like_a_route() -> None:
    source = "@timed\n@client.get('/a')\nasync def read(): ...\n"
    assert found("import client\n" + source) == []


def test_tests_are_left_out() -> None:
    files = {"tests/test_app.py": HEAD + "@timed\n" + ROUTE}
    assert lint({"app/main.py": HEAD, **files}, select=["RTE003"]) == []


def fixed(source: str) -> str:
    fixed_files = apply_fixes({"app/main.py": HEAD + source}, found(source))
    return fixed_files["app/main.py"].removeprefix(HEAD)


def test_fix_moves_whole_lines_below_the_lowest_route() -> None:
    source = "@timed  # slow\n@app.get(\n    '/a',\n)\n@app.get('/b')\nasync def read(): ...\n"
    assert fixed(source) == "@app.get(\n    '/a',\n)\n@app.get('/b')\n@timed  # slow\nasync def read(): ...\n"


def test_fix_keeps_the_order() -> None:
    source = "@functools.cache\n@timed\n@app.get('/a')\nasync def read(): ...\n"
    findings = found(source)
    assert [finding.fix is None for finding in findings] == [True, False]
    assert fixed(source) == "@functools.cache\n@app.get('/a')\n@timed\nasync def read(): ...\n"


def test_no_fix_for_a_wrapper_that_hides_the_parameters() -> None:
    maker = "def deco(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n\n"
    source = f"{maker}@deco\n{ROUTE}"
    assert len(found(source)) == 1
    assert fixed(source) == source


def test_above_a_route_whose_function_is_wrapped_below() -> None:
    source = "@timed\n@app.get('/a')\n@functools.cache\ndef read(): ...\n"
    assert len(found(source)) == 1
    hiding = "def deco(f):\n    def inner(*a): ...\n    return inner\n"
    assert len(found(f"{hiding}@timed\n@app.get('/a')\n@deco\ndef read(): ...\n")) == 1
