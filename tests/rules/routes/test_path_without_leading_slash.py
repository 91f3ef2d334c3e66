from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "from fastapi import APIRouter, FastAPI\nimport kit\ndef f(): ...\n"
APP = HEAD + "app = FastAPI()\n"
ROUTER = HEAD + "router = APIRouter(prefix='/orders')\n"
INCLUDE = "app = FastAPI()\napp.include_router(router)\n"


def found(main: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": main, **(files or {})}, select=["RTE012"])


def test_place_message_and_help() -> None:
    [finding] = found(APP + "@app.get('users', tags=['a'])\ndef users(): ...\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (5, 10, 17)
    assert finding.message == "The path `users` doesn't begin with a slash, so no request reaches it"
    assert finding.help == "Write `/users`"
    assert finding.fix is not None
    assert finding.fix.safety == "safe"


@pytest.mark.parametrize(
    "code",
    [
        "app.add_api_route('users', f)\n",
        "app.get(path='users')(f)\n",
        "app.websocket('users')(f)\n",
        "app.api_route('users', methods=['GET', 'POST'])(f)\n",
        "app.get('{user_id}')(f)\n",
        "app.get('*')(f)\n",
        "router = APIRouter()\nrouter.get('users')(f)\napp.include_router(router)\n",
        "def add(a, path):\n    a.get(path)(f)\nadd(app, 'users')\n",
        "inner = FastAPI()\ninner.get('users')(f)\n",
        "class Api(FastAPI): ...\napi = Api()\napi.get('users')(f)\n",
    ],
)
def test_path_that_no_request_has(code: str) -> None:
    [finding] = found(APP + code)
    assert "no request reaches it" in finding.message


@pytest.mark.parametrize(
    ("main", "path"),
    [
        (ROUTER + "router.get('list')(f)\n" + INCLUDE, "/orderslist"),
        (ROUTER + "router.get('{order_id}')(f)\n" + INCLUDE, "/orders{order_id}"),
        (APP + "r = APIRouter()\nr.get('list')(f)\napp.include_router(r, prefix='/x')\n", "/xlist"),
        (ROUTER + "router.get('list')(f)\n", "/orderslist"),
    ],
)
def test_path_that_is_joined_to_a_prefix(main: str, path: str) -> None:
    [finding] = found(main)
    assert finding.message.endswith(f"so the route is `{path}`")
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("router = APIRouter(prefix='orders')\n", "The prefix `orders` doesn't begin with a slash"),
        ("router = APIRouter(prefix='/orders/')\n", "The prefix `/orders/` ends with a slash"),
        ("router = APIRouter(prefix='/')\n", "The prefix `/` ends with a slash"),
        ("app.include_router(APIRouter(), prefix='orders')\n", "The prefix `orders` doesn't begin"),
        ("app.include_router(APIRouter(), prefix='/orders/')\n", "The prefix `/orders/` ends with a slash"),
        ("app.include_router(prefix='/', router=APIRouter())\n", "The prefix `/` ends with a slash"),
    ],
)
def test_prefixes(code: str, message: str) -> None:
    [finding] = found(APP + code)
    assert finding.message.startswith(message)
    assert finding.message.endswith("so the import fails")


def test_included_elsewhere() -> None:
    routes = HEAD + "router = APIRouter()\nrouter.get('users')(f)\n"
    main = "from app.users import router\n" + APP + "app.include_router(router)\n"
    [finding] = found(main, {"app/users.py": routes})
    assert finding.span.path == "app/users.py"


def test_literal_that_serves_two_routes() -> None:
    """With a prefix it belongs to the word before, without one it is lost: not certain that it is wrong."""
    main = APP + "r = APIRouter()\nr.get('.csv')(f)\napp.include_router(r)\n"
    assert len(found(main)) == 1
    assert found(main + "app.include_router(r, prefix='/orders')\n") == []


@pytest.mark.parametrize(
    "main",
    [
        ROUTER + "router.get('')(f)\n" + INCLUDE,
        APP + "r = APIRouter()\nr.get('')(f)\napp.include_router(r, prefix='/x')\n",
        APP + "app.get('/users')(f)\n",
        APP + "app.get(kit.PATH)(f)\n",
        APP + "PATH = 'us' + 'ers'\napp.get(PATH)(f)\n",
        APP + "app.get(f'{kit.NAME}')(f)\n",
        APP + "app.get('{rest:path}')(f)\n",
        ROUTER + "router.get('{rest:path}')(f)\n" + INCLUDE,
        ROUTER + "router.post(':search')(f)\n" + INCLUDE,
        ROUTER + "router.get('.json')(f)\n" + INCLUDE,
        APP + "def add(path):\n    app.get('/' + path)(f)\nadd('users')\n",
        HEAD + "class Slashed(APIRouter):\n    def add_api_route(self, path, endpoint, **more):\n"
        "        super().add_api_route('/' + path, endpoint, **more)\n"
        "router = Slashed()\nrouter.get('users')(f)\n" + INCLUDE,
        HEAD + "class Slashed(APIRouter):\n    def add_api_route(self, path, endpoint, **more):\n"
        "        if not path.startswith('/'):\n            path = '/' + path\n"
        "        super().add_api_route(path, endpoint, **more)\n"
        "router = Slashed()\nrouter.get('users')(f)\n" + INCLUDE,
        HEAD + "class Slashed(APIRouter):\n    def __init__(self, prefix):\n"
        "        super().__init__(prefix='/' + prefix)\nrouter = Slashed(prefix='orders')\n" + INCLUDE,
        HEAD + "client = kit.Client()\nclient.get('users')\n",
        HEAD + "r = kit.Router(prefix='orders')\nr.include_router(kit.router, prefix='orders')\n",
        HEAD + "r = APIRouter(prefix=kit.PREFIX)\nr.get('users')(f)\n" + INCLUDE.replace("router)", "r)"),
        HEAD + "r = APIRouter(prefix='')\n",
    ],
)
def test_silent(main: str) -> None:
    assert found(main) == []


def test_app_in_tests() -> None:
    assert found("", {"tests/test_app.py": APP + "app.get('users')(f)\n"}) == []


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("app.get('users')(f)\n", "app.get('/users')(f)\n"),
        ('app.get("""users""")(f)\n', 'app.get("""/users""")(f)\n'),
        ("app.get(r'users')(f)\n", "app.get(r'/users')(f)\n"),
        ("r = APIRouter(prefix='/x//')\n", "r = APIRouter(prefix='/x')\n"),
        ("r = APIRouter(prefix='/')\n", "r = APIRouter(prefix='')\n"),
    ],
)
def test_fix(code: str, fixed: str) -> None:
    files = {"app/main.py": APP + code}
    findings = lint(files, select=["RTE012"])
    text = apply_fixes(files, findings)["app/main.py"]
    assert text == APP + fixed
    assert lint({"app/main.py": text}, select=["RTE012"]) == []


def test_no_fix_for_strings_in_parts() -> None:
    [finding] = found(APP + "app.get('us' 'ers')(f)\n")
    assert finding.fix is None
