from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import datetime
import re
import sqlite3
from enum import Enum
from typing import Annotated, Any, Literal, Optional
from uuid import UUID
import asyncpg
from fastapi import Depends, FastAPI, Header, Query, Request
from pydantic import AfterValidator, BaseModel, Field, field_validator
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from sqlalchemy.ext.asyncio import AsyncSession
app = FastAPI()
engine = create_engine("sqlite://")
TABLE = "users"
COLUMNS = {"name": "full_name"}
class Colour(Enum):
    RED = "red"
class Inner(BaseModel):
    label: str
class Filter(BaseModel):
    name: str
    age: int
    note: str = Field("", pattern="^[a-z]+$")
    kind: Literal["a", "b"]
    inner: Inner
class Checked(BaseModel):
    name: str
    @field_validator("name")
    @classmethod
    def check(cls, value):
        return value
def get_db():
    with Session(engine) as db:
        yield db
def validate(value):
    if value not in COLUMNS:
        raise ValueError(value)
def clean(value):
    return value
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source} | files, select=["DBS007"])


def endpoint(body: str, parameters: str = "q: str") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"@app.post('/')\ndef read({parameters}, db: Session = Depends(get_db)):\n{lines}")


def test_place_and_message() -> None:
    [finding] = endpoint("return db.execute(text(f'select {q}'))")
    line = HEAD.count("\n") + 3
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (line, 28, 41)
    assert finding.message == "`q` of `read` becomes a part of the SQL, so a client can change the query"
    assert [related.span.line for related in finding.related] == [line - 1]
    assert finding.symbol == "read"


@pytest.mark.parametrize(
    "sql",
    [
        "f'select {q}'",
        "f'select {q!r}'",
        "f'select {q:>10}'",
        "f'select {q.strip().lower()}'",
        "f'select {str(q)}'",
        "'select ' + q",
        "'select ' + q + ' limit 1'",
        "'select %s' % q",
        "'select %s %s' % (1, q)",
        "'select %(q)s' % {'q': q}",
        "'select {}'.format(q)",
        "'select {q}'.format(q=q)",
        "f'select {q}' if db else 'select 1'",
        "f'select {q or 1}'",
        "'select 1 ' + f'where x = {q}'",
    ],
)
@pytest.mark.parametrize("call", ["text({})", "db.execute({})", "db.scalars(text({}))"])
def test_ways_to_build(sql: str, call: str) -> None:
    assert len(endpoint(f"return {call.format(sql)}")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "query = f'select {q}'\ndb.execute(text(query))",
        "query = 'select 1'\nquery += f' where x = {q}'\ndb.execute(text(query))",
        "query = 'select 1'\nif q:\n    query = query + f' where x = {q}'\ndb.execute(text(query))",
        "like = f'%{q}%'\ndb.execute(text(f\"select '{like}'\"))",
        "q = q.strip()\ndb.execute(text(f'select {q}'))",
        "if q is not None:\n    db.execute(text(f'select {q}'))",
        "if not q:\n    return\ndb.execute(text(f'select {q}'))",
        "sqlite3.connect('x').execute(f'select {q}')",
        "cursor = sqlite3.connect('x').cursor()\ncursor.execute(f'select {q}')",
        "with engine.connect() as c:\n    c.exec_driver_sql(f'select {q}')",
    ],
)
def test_bodies(body: str) -> None:
    assert len(endpoint(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "db.execute(text('select :q'), {'q': q})",
        "db.execute(text('select :q').bindparams(q=q))",
        "db.execute(text(f'select {TABLE}'))",
        "db.execute(text(f'select {COLUMNS[q]}'))",
        "db.execute(text(f'select {COLUMNS.get(q)}'))",
        "db.execute(text(f'select {len(q)}'))",
        "db.execute(text(f'select {int(q)}'))",
        "db.execute(text(f'select {clean(q)}'))",
        "db.execute(text(f'select {unknown(q)}'))",
        "q = clean(q)\ndb.execute(text(f'select {q}'))",
        "quoted = q.replace(\"'\", '')\ndb.execute(text(f'select {quoted}'))",
        "if q not in COLUMNS:\n    return\ndb.execute(text(f'select {q}'))",
        "if q == 'name':\n    db.execute(text(f'select {q}'))",
        "if not re.match('x', q):\n    return\ndb.execute(text(f'select {q}'))",
        "assert q in COLUMNS\ndb.execute(text(f'select {q}'))",
        "q = q if q in COLUMNS else 'id'\ndb.execute(text(f'select {q}'))",
        "validate(q)\ndb.execute(text(f'select {q}'))",
        "db.execute(select(Filter).where(q == 1))",
        "print(f'select {q}')",
        "text(q)",
        "unknown.execute(f'select {q}')",
        "q = 1\ndb.execute(text(f'select {q}'))",
    ],
)
def test_silent_bodies(body: str) -> None:
    assert endpoint(body) == []


@pytest.mark.parametrize(
    ("parameters", "value", "count"),
    [
        ("q", "q", 1),
        ("q: str | None = None", "q", 1),
        ("q: Optional[str] = Query(None)", "q", 1),
        ("q: Annotated[str, Header()]", "q", 1),
        ("q: list[str]", "q[0]", 1),
        ("q: dict[str, Any]", "q['name']", 1),
        ("q: Filter", "q.name", 1),
        ("q: Filter", "q.inner.label", 1),
        ("q: Request", "q.query_params['x']", 1),
        ("q: Request", "q.headers.get('x')", 1),
        ("q: int", "q", 0),
        ("q: float | None = None", "q", 0),
        ("q: bool = False", "q", 0),
        ("q: UUID", "q", 0),
        ("q: datetime.date", "q", 0),
        ("q: Colour", "q.value", 0),
        ("q: Literal['a', 'b']", "q", 0),
        ("q: Filter", "q.age", 0),
        ("q: Filter", "q.note", 0),
        ("q: Filter", "q.kind", 0),
        ("q: Checked", "q.name", 0),
        ("q: str = Query(pattern='^[a-z]+$')", "q", 0),
        ("q: Annotated[str, Query(pattern='^[a-z]+$')]", "q", 0),
        ("q: Annotated[str, AfterValidator(clean)]", "q", 0),
        ("q: Request", "q.url", 0),
        ("q: str = Depends(clean)", "q", 0),
        ("q: Unknown", "q", 0),
    ],
)
def test_parameters(parameters: str, value: str, count: int) -> None:
    assert len(endpoint(f'db.execute(text(f"select {{{value}}}"))', parameters)) == count


CALLED = "@app.get('/')\ndef read(q: str, n: int, db: Session = Depends(get_db)):\n    return {}\n"


@pytest.mark.parametrize(
    ("function", "call", "count"),
    [
        ("def run(db, name):\n    db.execute(1)\n    text(f'select {name}')\n", "run(db, q)", 1),
        ("def run(name: str):\n    text(f'select {name}')\n", "run(name=q)", 1),
        ("def run(name: int):\n    text(f'select {name}')\n", "run(q)", 0),
        ("def run(name):\n    text(f'select {name}')\n", "run(n)", 0),
        ("def run(name):\n    text(f'select {name}')\n", "run('x')", 0),
        ("def run(name):\n    if name in COLUMNS:\n        text(f'select {name}')\n", "run(q)", 0),
        ("def run(sql):\n    text(sql)\n", "run(f'select {q}')", 1),
        ("def run(sql):\n    text(sql)\n", "run('select 1')", 0),
        ("def run(*names):\n    text(f'select {names}')\n", "run(q)", 0),
        ("def inner(x):\n    text(f'select {x}')\ndef run(name):\n    inner(name)\n", "run(q)", 1),
        ("class Repo:\n    def find(self, x):\n        text(f'select {x}')\n", "Repo().find(q)", 1),
    ],
)
def test_called_functions(function: str, call: str, count: int) -> None:
    assert len(found(function + CALLED.format(call))) == count


def test_a_chain_leads_from_the_endpoint() -> None:
    source = "def inner(x):\n    text(f'select {x}')\ndef run(name):\n    inner(name)\n"
    [finding] = found(source + CALLED.format("run(q)"))
    assert [hop.symbol for hop in finding.chain] == ["run", "inner"]
    assert finding.message.startswith("`q` of `read`")


def test_asyncpg() -> None:
    source = (
        "async def get_connection() -> asyncpg.Connection: ...\n@app.get('/')\n"
        "async def read(q: str, c: Annotated[asyncpg.Connection, Depends(get_connection)]):\n"
        "    return await c.fetch(f'select {q}')\n"
    )
    assert len(found(source)) == 1


def test_code_that_no_request_runs() -> None:
    assert found("def run(name: str):\n    text(f'select {name}')\n") == []
    source = HEAD + "@app.get('/')\ndef read(q: str):\n    text(f'select {q}')\n"
    assert lint({"tests/test_x.py": source, "scripts/x.py": source}, select=["DBS007"]) == []
