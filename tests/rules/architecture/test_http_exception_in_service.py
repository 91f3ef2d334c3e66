from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

SOURCE = """
import fastapi
from fastapi import HTTPException, WebSocketException
from fastapi.exceptions import HTTPException as Alias
from starlette.exceptions import HTTPException as Starlette
from app.errors import *

class Orders:
    def load(self, order_id: int):
        {body}
"""
ERRORS = """
from fastapi import HTTPException
class NotFound(HTTPException):
    def __init__(self, what): ...
class Deep(NotFound): ...
class Domain(Exception): ...
def not_found(what) -> NotFound:
    return NotFound(what)
missing = HTTPException(404)
"""


def found(
    body: str, path: str = "app/services/orders.py", files: dict[str, str] | None = None
) -> list[Finding]:
    sources = {"app/errors.py": ERRORS, path: SOURCE.format(body=body), **(files or {})}
    return lint(sources, select=["ARC006"])


def test_place_and_message() -> None:
    [finding] = found("raise HTTPException(404) from None")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (10, 15, 33)
    assert finding.message == "The service `Orders.load` raises the HTTP error `HTTPException`"
    assert finding.symbol == "Orders.load"


@pytest.mark.parametrize(
    "body",
    [
        "raise HTTPException(404)",
        "raise HTTPException",
        "raise fastapi.HTTPException(404)",
        "raise Alias(404)",
        "raise Starlette(404)",
        "raise WebSocketException(1008)",
        "raise NotFound('x')",
        "raise Deep('x')",
        "raise missing",
        "raise not_found('x')",
        "error = HTTPException(404)\n        raise error",
        "if order_id:\n            raise HTTPException(404)",
        "try:\n            pass\n        except OSError as e:\n            raise HTTPException(404) from e",
        "def inner():\n            raise HTTPException(404)",
    ],
)
def test_raises(body: str) -> None:
    assert len(found(body)) == 1


def test_the_class_is_named_where_a_function_makes_it() -> None:
    [finding] = found("raise not_found('x')")
    assert finding.message.endswith("raises the HTTP error `NotFound`")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("app/repositories/orders.py", "repository"),
        ("app/models/order.py", "model"),
        ("app/crud.py", "repository"),
    ],
)
def test_layers(path: str, role: str) -> None:
    [finding] = found("raise HTTPException(404)", path)
    assert finding.message.startswith(f"The {role} ")


def test_a_helper_is_reported_where_it_raises() -> None:
    files = {
        "app/services/checks.py": (
            "from fastapi import HTTPException\ndef refuse():\n    raise HTTPException(403)\n"
        )
    }
    [finding] = found("from app.services.checks import refuse\n        refuse()", files=files)
    assert finding.span.path == "app/services/checks.py"


@pytest.mark.parametrize(
    "body",
    [
        "raise Domain('x')",
        "raise ValueError('x')",
        "raise missing_name",
        "raise unknown.Error()",
        "raise",
        "return HTTPException(404)",
        "try:\n            work()\n        except HTTPException as exc:\n            raise exc",
        "try:\n            work()\n        except HTTPException:\n            raise",
        "isinstance(order_id, HTTPException)",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "path",
    [
        "app/security.py",
        "app/main.py",
        "app/middleware.py",
        "app/deps.py",
        "app/tasks/orders.py",
        "tests/services/x.py",
    ],
)
def test_other_roles(path: str) -> None:
    assert found("raise HTTPException(404)", path) == []


def test_routers() -> None:
    source = (
        "from fastapi import APIRouter, HTTPException\nrouter = APIRouter()\n"
        "@router.get('/x')\ndef x():\n    raise HTTPException(404)\n"
    )
    assert lint({"app/services/x.py": source}, select=["ARC006"]) == []


@pytest.mark.parametrize(
    "parameter",
    ["user=Depends(current)", "user: Annotated[str, Depends(current)]", "user=Depends(auth.current)"],
)
def test_functions_used_as_dependency(parameter: str) -> None:
    files = {
        "app/services/auth.py": (
            "from fastapi import HTTPException\ndef current():\n    raise HTTPException(401)\n"
        ),
        "app/api/me.py": "from typing import Annotated\nfrom fastapi import APIRouter, Depends\n"
        "from app.services import auth\nfrom app.services.auth import current\n"
        f"router = APIRouter()\n@router.get('/me')\ndef me({parameter}): ...\n",
    }
    assert lint(files, select=["ARC006"]) == []


def test_methods_used_as_dependency() -> None:
    files = {
        "app/services/auth.py": (
            "from fastapi import HTTPException\n"
            "class Auth:\n"
            "    def __init__(self):\n        raise HTTPException(401)\n"
            "    def __call__(self):\n        raise HTTPException(401)\n"
            "    def user(self):\n        raise HTTPException(401)\n"
            "auth = Auth()\n"
        ),
        "app/api/me.py": (
            "from fastapi import APIRouter, Depends\nfrom app.services.auth import Auth, auth\n"
            "router = APIRouter()\n@router.get('/me')\n"
            "def me(a=Depends(auth), b=Depends(auth.user), c: Auth = Depends()): ...\n"
        ),
    }
    assert lint(files, select=["ARC006"]) == []
