from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

ROUTER = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n"
APP = "from fastapi import FastAPI\napp = FastAPI()\n"
IMPORT = "from app.api.orders import router\n"
MODULE = "from app.api import orders\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/api/__init__.py": "", **files}, select=["RTE006"])


def test_place_message_and_help() -> None:
    [finding] = found({"app/api/orders.py": ROUTER, "app/main.py": APP})
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/api/orders.py", 2, 10)
    assert finding.message == "`router` is never included in an app, so its route is never served"
    assert finding.help == "Include it with `app.include_router(orders.router)`, or remove it"


def test_import_alone_includes_nothing() -> None:
    main = "from app.api.orders import router\n" + APP
    assert len(found({"app/api/orders.py": ROUTER, "app/main.py": main})) == 1


def test_one_name_for_two_routers() -> None:
    main = "from app.api.orders import router\nfrom app.api.users import router\n" + APP
    main += "app.include_router(router)\n"
    [finding] = found({"app/api/orders.py": ROUTER, "app/api/users.py": ROUTER, "app/main.py": main})
    assert finding.span.path == "app/api/orders.py"


def test_router_inside_one_that_is_never_included() -> None:
    api = "from fastapi import APIRouter\nfrom app.api.orders import router\nouter = APIRouter()\n"
    api += "outer.include_router(router)\n"
    [finding] = found({"app/api/orders.py": ROUTER, "app/api/all.py": api, "app/main.py": APP})
    assert finding.span.path == "app/api/orders.py"
    assert "is included only where no app reaches it" in finding.message
    assert [(related.span.path, related.span.line) for related in finding.related] == [("app/api/all.py", 4)]


def test_app_in_tests_does_not_count() -> None:
    test = IMPORT + APP + "app.include_router(router)\n"
    files = {"app/api/orders.py": ROUTER, "app/main.py": APP, "tests/test_orders.py": test}
    assert len(found(files)) == 1


@pytest.mark.parametrize(
    "main",
    [
        MODULE + APP + "app.include_router(orders.router)\n",
        "from app.api.orders import router as r\n" + APP + "app.include_router(r, prefix='/a')\n",
        IMPORT + APP + "app.mount('/a', router)\n",
        IMPORT + APP + "for r in [router]:\n    app.include_router(r)\n",
        IMPORT + APP + "app.router.routes.extend(router.routes)\n",
        IMPORT + APP + "@app.get('/', callbacks=router.routes)\ndef f(): ...\n",
        MODULE + APP + "@app.get('/', callbacks=orders.router.routes)\ndef f(): ...\n",
        IMPORT + APP + "REGISTRY = {'orders': router}\n",
        IMPORT + APP + "def setup(app):\n    app.include_router(router)\nsetup(app)\n",
        IMPORT + APP + "if DEBUG:\n    app.include_router(router)\n",
        APP + "import importlib\napp.include_router(importlib.import_module(name).router)\n",
        APP + "app.include_router(getattr(module, 'router'))\n",
        APP + "from missing import other\napp.include_router(other)\n",
        "x = 1\n",
    ],
)
def test_silent(main: str) -> None:
    assert found({"app/api/orders.py": ROUTER, "app/main.py": main}) == []


def test_router_without_routes() -> None:
    empty = "from fastapi import APIRouter\nrouter = APIRouter()\n"
    assert found({"app/api/orders.py": empty, "app/main.py": APP}) == []


def test_router_in_a_test() -> None:
    assert found({"tests/test_router.py": ROUTER, "app/main.py": APP}) == []


def test_another_services_app_leaves_doubt_for_none_of_ours() -> None:
    files = {
        "a/app/__init__.py": "",
        "a/app/main.py": "from app.orders import router\n" + APP + "@app.get('/')\ndef root(): ...\n",
        "a/app/orders.py": ROUTER,
        "b/svc/__init__.py": "",
        "b/svc/main.py": "from svc import other\n" + APP + "app.include_router(plugins.load())\n",
        "b/svc/other.py": "",
    }
    [finding] = lint(files, select=["RTE006"])
    assert finding.span.path == "a/app/orders.py"
