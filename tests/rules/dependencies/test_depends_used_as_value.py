from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
from typing import Annotated
from fastapi import APIRouter, Depends, Depends as D, FastAPI, Security, WebSocket
import fastapi
from fast_depends import Depends as Other
from wiring import inject
app = FastAPI()
def get_db():
    return open("x")
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source} | files, select=["DEP004"])


def endpoint(body: str) -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"@app.get('/')\nasync def read():\n{lines}")


def test_place_and_message() -> None:
    [finding] = endpoint("db = Depends(get_db)\nreturn db.query()")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (11, 10, 25)
    assert finding.message == (
        "`db` is a marker, not the dependency's value: FastAPI resolves it in signatures only"
    )
    assert [related.span.line for related in finding.related] == [12]
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    "marker", ["Depends(get_db)", "D(get_db)", "fastapi.Depends(get_db)", "Security(get_db)"]
)
@pytest.mark.parametrize(
    "use", ["db.query()", "db['x']", "db()", "await db", "f(db.name)", "[x for x in db.all()]"]
)
def test_used(marker: str, use: str) -> None:
    assert len(endpoint(f"db = {marker}\n{use}")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return Depends(get_db).name",
        "return Depends(get_db)['x']",
        "return await Depends(get_db)",
        "return Depends(get_db)()",
        "db: object = Depends(get_db)\nreturn db.name",
        "db = Depends(get_db)\ndef inner():\n    return db.name",
    ],
)
def test_used_otherwise(body: str) -> None:
    assert len(endpoint(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return Depends(get_db)",
        "return Depends(get_db).dependency",
        "db = Depends(get_db)\nreturn db",
        "db = Depends(get_db)\ndef inner(x=db):\n    return x.name",
        "db = Depends(get_db)\nrouter = APIRouter(dependencies=[db])",
        "db = Depends(get_db)\nreturn db.dependency()",
        "db = Depends(get_db)\nreturn isinstance(db, object)",
        "db = Depends(get_db)\ndb = db or get_db()\nreturn db.name",
        "db = Other(get_db)\nreturn db.name",
        "db = unknown.Depends(get_db)\nreturn db.name",
        "alias = Annotated[str, Depends(get_db)]\nreturn alias.__name__",
        "db = get_db()\nreturn db.name",
        "items = [Depends(get_db)]\nreturn items[0]",
        "def inner(db=Depends(get_db)):\n    return db.name\nreturn inner",
    ],
)
def test_not_used(body: str) -> None:
    assert endpoint(body) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("db = Depends(get_db)\ndef f():\n    return db.name\n", 1),
        ("db = Depends(get_db)\n@app.get('/')\ndef f(x=db):\n    return x.name\n", 0),
        ("db = Depends(get_db)\ndef f(db):\n    return db.name\n", 0),
        ("Alias = Annotated[str, Depends(get_db)]\n@app.get('/')\ndef f(x: Alias):\n    return x.name\n", 0),
    ],
)
def test_module_level(source: str, count: int) -> None:
    assert len(found(source)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (
            "def __init__(self):\n        self.db = Depends(get_db)\n    def f(self):\n"
            "        return self.db.name",
            1,
        ),
        (
            "def __init__(self, db=None):\n        self.db = db or Depends(get_db)\n    def f(self):\n"
            "        self.db.x",
            0,
        ),
        (
            "def __init__(self):\n        self.db = Depends(get_db)\n    def f(self):\n        self.db = 1\n"
            "        self.db.x",
            0,
        ),
        ("db = Depends(get_db)\n    def f(self):\n        return self.db.name", 0),
    ],
)
def test_attributes_of_self(body: str, count: int) -> None:
    assert len(found(f"class Service:\n    {body}\n")) == count


def test_message_of_a_default() -> None:
    [finding] = found("def load(db=Depends(get_db)):\n    return db.name\ndef main():\n    load()\n")
    assert (finding.span.line, finding.span.column) == (9, 10)
    assert finding.message == (
        "`db` is a marker, not the dependency's value: `load` is called as a plain function"
    )
    assert [related.span.line for related in finding.related] == [12]


LOAD = "def load(x=1, db=Depends(get_db)):\n    return db.name\n"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (LOAD + "def f():\n    load()\n", 1),
        (LOAD + "load(2)\n", 1),
        (LOAD + "def f(s):\n    load(2, s)\n", 0),
        (LOAD + "def f(s):\n    load(db=s)\n", 0),
        (LOAD + "def f(s):\n    load(*s)\n    load(**s)\n", 0),
        (LOAD + "def f():\n    load()\n@app.get('/')\ndef g(x=Depends(load)): ...\n", 0),
        (LOAD + "def f():\n    load()\n@app.get('/')\ndef g(x: Annotated[str, Depends(load)]): ...\n", 0),
        (LOAD + "def f():\n    load()\ndef unused(x=Depends(load)): ...\n", 0),
        ("@app.get('/')\n" + LOAD + "def f():\n    load()\n", 0),
        ("@inject\n" + LOAD + "def f():\n    load()\n", 0),
        ("def load(db=Depends(get_db)):\n    return 1\ndef f():\n    load()\n", 0),
        ("def load(db=Depends(get_db)):\n    db = db or 1\n    return db.x\ndef f():\n    load()\n", 0),
        ("def load(db=Other(get_db)):\n    return db.x\ndef f():\n    load()\n", 0),
        ("def load(db: Annotated[str, Depends(get_db)]):\n    return db.x\ndef f(s):\n    load(s)\n", 0),
        (LOAD, 0),
    ],
)
def test_defaults(source: str, count: int) -> None:
    assert len(found(source)) == count


CLASS = "class Repo:\n    def __init__(self, db=Depends(get_db)):\n        self.db = db\n"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def f():\n    return Repo()\n", 1),
        ("def f():\n    return Repo()\n@app.get('/')\ndef g(x: Repo = Depends()): ...\n", 0),
        ("def f():\n    return Repo()\n@app.get('/')\ndef g(x=Depends(Repo)): ...\n", 0),
        ("def f():\n    return Repo()\ndef g(x: Annotated[Repo, Depends()]): ...\n", 0),
        ("def f(s):\n    return Repo(s)\n", 0),
    ],
)
def test_classes(source: str, count: int) -> None:
    assert len(found(CLASS + source)) == count


def test_methods() -> None:
    source = (
        "class S:\n    def load(self, db=Depends(get_db)):\n        return db.x\ndef f():\n    S().load()\n"
    )
    assert len(found(source)) == 1


def test_calls_in_another_module_and_in_tests() -> None:
    use = "from app.main import load\ndef f():\n    load()\n"
    assert len(found(LOAD, **{"app/jobs.py": use, "app/__init__.py": ""})) == 1
    assert found(LOAD, **{"tests/test_x.py": use, "app/__init__.py": ""}) == []
