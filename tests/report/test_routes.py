"""The route table as text and JSON."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.names import modules
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.routing.build import build
from fastapi_lint.report.routes import routes_json, routes_text

CODE = """\
import os, lib
from fastapi import FastAPI, APIRouter, Depends, Security
from fastapi.staticfiles import StaticFiles
from pydantic_settings import BaseSettings
class S(BaseSettings):
    prefix: str = "/api"
def auth(): ...
r = APIRouter(dependencies=[Depends(auth)])
@r.get("/a", dependencies=[Security(auth, scopes=["x"])], response_model=dict[str, int])
def a(): ...
@r.post("/b")
def b() -> int: ...
app = FastAPI()
app.include_router(r, prefix=S().prefix)
if os.getenv("X"):
    app.mount("/static", StaticFiles(directory="x"))
app.include_router(lib.make())
"""


@pytest.fixture
def project() -> Any:
    """What the report asks of a project."""
    facts = extract(CODE.encode())
    assert isinstance(facts, PythonFacts)
    tables = build(Resolver(modules.build({"main.py": facts})))
    return SimpleNamespace(apps=tables.apps, text=lambda _: CODE)


def test_text(project: Any) -> None:
    assert list(routes_text(project)) == [
        "main:app  main.py:13  3 routes",
        "  METHODS  PATH      HANDLER                              DEPENDENCIES               RESPONSE",
        "  GET      /api/a    main.py:10 a                         router: auth; route: auth  dict[str, int]",
        "  POST     /api/b    main.py:12 b                         router: auth               int",
        "  MOUNT    /static?  (starlette.staticfiles.StaticFiles)  -                          -",
        "  ? is registered only under a condition",
        "  paths assume the default of `S.prefix`",
        "  incomplete: main.py:17: the router given to `include_router` is not known: "
        "`lib.make()` belongs to a library",
    ]


def test_json(project: Any) -> None:
    document = json.loads(routes_json(project))
    assert list(document) == ["version", "apps"]
    (app,) = document["apps"]
    assert list(app) == ["target", "name", "path", "line", "complete", "incomplete_because", "routes"]
    assert (app["target"], app["path"], app["line"], app["complete"]) == ("main:app", "main.py", 13, False)
    assert len(app["incomplete_because"]) == 1
    assert app["routes"][0] == {
        "kind": "http",
        "methods": ["GET"],
        "path": "/api/a",
        "file": "main.py",
        "line": 10,
        "name": "a",
        "conditional": False,
        "assumes": ["S.prefix"],
    }
    assert app["routes"][2] == {
        "kind": "mount",
        "methods": [],
        "path": "/static",
        "file": None,
        "line": None,
        "name": None,
        "conditional": True,
        "assumes": [],
    }


def test_no_app() -> None:
    empty: Any = SimpleNamespace(apps=(), text=lambda _: "")
    assert list(routes_text(empty)) == ["No FastAPI app was found."]
    assert json.loads(routes_json(empty)) == {"version": 1, "apps": []}
