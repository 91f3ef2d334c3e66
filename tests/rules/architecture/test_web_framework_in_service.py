from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """
from typing import TYPE_CHECKING, Annotated
import fastapi
from fastapi import APIRouter, BackgroundTasks, Body, Depends, Header, HTTPException, Query, Request
from fastapi import Response, Security, UploadFile, WebSocket, status
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response as StarletteResponse
from sqlalchemy.orm import Query as SQLQuery
from pathlib import Path
from app.http import OwnResponse, Shared
if TYPE_CHECKING:
    from starlette.websockets import WebSocket as TypedWebSocket

def get_db(): ...

"""
HTTP = (
    "from fastapi import Request as Shared\nfrom fastapi.responses import JSONResponse\n"
    "class OwnResponse(JSONResponse): ...\n"
)


def found(body: str, path: str = "app/services/x.py", files: dict[str, str] | None = None) -> list[Finding]:
    return lint({"app/http.py": HTTP, path: f"{HEAD}{body}\n", **(files or {})}, select=["ARC007"])


def test_place_message_and_related() -> None:
    findings = found("def f(r: Request) -> Response:\n    return Response(r)\ndef g(r: Request): ...")
    assert [(f.span.line, f.span.column, f.span.end_column) for f in findings] == [(19, 10, 17), (19, 22, 30)]
    assert findings[0].message == (
        "The service module `app.services.x` uses `Request`, which belongs to the HTTP layer"
    )
    assert findings[0].symbol == "f"
    assert [[other.span.line for other in finding.related] for finding in findings] == [[21], [20]]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("def f(r: Request): ...", "Request"),
        ("def f(r: 'Request', q: Request | None): ...", "Request"),
        ("def f(r: fastapi.Request): ...", "Request"),
        ("def f(r: StarletteRequest): ...", "Request"),
        ("def f(r: Shared): ...", "Request"),
        ("def f(r: list[Request]): ...", "Request"),
        ("async def f(ws: WebSocket): ...", "WebSocket"),
        ("def f() -> StarletteResponse: ...", "Response"),
        ("def f():\n    return JSONResponse({})", "JSONResponse"),
        ("def f():\n    return StreamingResponse(x)", "StreamingResponse"),
        ("def f():\n    return OwnResponse({})", "OwnResponse"),
        ("class R(JSONResponse): ...", "JSONResponse"),
        ("def f(db=Depends(get_db)): ...", "Depends"),
        ("def f(db: Annotated[str, Depends(get_db)]): ...", "Depends"),
        ("def f(q: str = Query()): ...", "Query"),
        ("class S:\n    def f(self, x=Header(), y=Body(), z=Security(get_db)): ...", "Header"),
        ("router = APIRouter()", "APIRouter"),
        ("def f():\n    def g(r: Request): ...\n    return g", "Request"),
        ("def f():\n    from fastapi import Cookie\n    return Cookie()", "Cookie"),
    ],
)
def test_uses(body: str, name: str) -> None:
    assert found(body)[0].message.split("`")[3] == name


@pytest.mark.parametrize("path", ["app/repositories/x.py", "app/crud.py", "app/models/x.py"])
def test_layers(path: str) -> None:
    assert len(found("def f(r: Request): ...", path)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "def f(r: TypedWebSocket): ...",
        "def f(file: UploadFile, tasks: BackgroundTasks):\n    return status.HTTP_200_OK",
        "async def f():\n    return await run_in_threadpool(jsonable_encoder, 1)",
        "def f():\n    raise HTTPException(404)",
        "def f(q: SQLQuery, p: Path): ...",
        "def f(r):\n    return isinstance(r, Request)",
        "def f(r):\n    try:\n        pass\n    except HTTPException:\n        raise",
        "Session = Annotated[str, Depends(get_db)]",
        "def f(request): ...",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "path",
    [
        "app/api/x.py",
        "app/deps.py",
        "app/middleware.py",
        "app/core/x.py",
        "app/tasks/x.py",
        "tests/services/x.py",
    ],
)
def test_other_modules(path: str) -> None:
    assert found("def f(r: Request): ...", path) == []


USERS = {
    "used with Depends": "from app.services.x import f\n@app.get('/')\ndef root(x=Depends(f)): ...\n",
    "middleware": "from app.services.x import f\napp.middleware('http')(f)\n",
    "exception handler": "from app.services.x import f\napp.add_exception_handler(ValueError, f)\n",
    "endpoint": "from app.services.x import f\napp.get('/')(f)\n",
}


@pytest.mark.parametrize("use", USERS.values(), ids=USERS)
def test_what_fastapi_calls(use: str) -> None:
    main = f"from fastapi import Depends, FastAPI\napp = FastAPI()\n{use}"
    assert found("async def f(request: Request, exc=None): ...", files={"app/main.py": main}) == []


SERVICE = "class S:\n    def __init__(self, db=Depends(get_db)): ...\n    def work(self{0}): ...\n"
INJECTS = """
from fastapi import Depends, FastAPI
from app.services.x import S
app = FastAPI()
@app.get("/")
def root(s: S = Depends()): ...
"""


def test_a_service_that_is_injected() -> None:
    assert found(SERVICE.format(""), files={"app/main.py": INJECTS}) == []


def test_other_methods_of_an_injected_service() -> None:
    findings = found(SERVICE.format(", x=Depends(get_db)"), files={"app/main.py": INJECTS})
    assert [finding.symbol for finding in findings] == ["S.work"]


def test_a_service_that_nobody_injects() -> None:
    assert len(found(SERVICE.format(""))) == 1


def test_a_small_application() -> None:
    source = "from fastapi import FastAPI, Request\napp = FastAPI()\ndef work(r: Request): ...\n"
    assert lint({"main.py": source}, select=["ARC007"]) == []


def test_methods_that_a_library_calls_with_the_request() -> None:
    hooks = "from fastapi_users import BaseUserManager\nfrom abc import ABC\nclass Users({base}):\n"
    hooks += "    async def on_after_register(self, user, request: Request | None = None): ...\n"
    assert found(hooks.format(base="BaseUserManager[int, int]")) == []
    assert len(found(hooks.format(base="ABC"))) == 1
