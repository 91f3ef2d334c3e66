from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = """
from sqlalchemy import create_engine, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session
from sqlmodel import Session as SQLSession

class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
class Order(Base):
    __tablename__ = "orders"
class Plain: ...
engine = create_engine("sqlite://")

"""


def queries(project: Project) -> list[CallSite]:
    module = project.module("app/main.py")
    assert module is not None
    functions = project.resolver.index(module).functions
    [work] = [function for function in functions if function.name == "work"]
    return [site for site in project.calls.of(work) if project.queries.is_query(site)]


@pytest.mark.parametrize(
    ("parameter", "call", "expected"),
    [
        ("db: Session", "db.execute(x)", True),
        ("db: AsyncSession", "db.scalars(x)", True),
        ("db: SQLSession", "db.exec(x)", True),
        ("db: Session", "db.commit()", True),
        ("db: Session", "db.close()", False),
        ("db: Session", "db.begin()", False),
        ("db", "db.execute(x)", False),
        ("db: Plain", "db.execute(x)", False),
        ("db: Session", "db.query(User).all()", True),
    ],
)
def test_what_is_a_query(project_of: Build, parameter: str, call: str, expected: bool) -> None:
    project = project_of(f"{HEAD}def work({parameter}, x):\n    {call}\n")
    assert bool(queries(project)) is expected


def test_connections(project_of: Build) -> None:
    source = "def work(x):\n    with engine.begin() as c:\n        c.execute(x)\n        c.add(x)\n"
    assert len(queries(project_of(HEAD + source))) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("db.scalar(select(User))", ["User"]),
        ("db.scalar(select(User.id, Order.id))", ["User", "Order"]),
        ("db.scalar(select(User).join(Order).where(Order.id == 1))", ["User"]),
        ("db.scalar(select(func.count(User.id)))", ["User"]),
        ("db.scalar(select(func.count()).select_from(User))", ["User"]),
        ("db.execute(update(User).values(a=1))", ["User"]),
        ("db.execute(insert(User))", ["User"]),
        ("db.execute(delete(User))", ["User"]),
        ("db.query(User, Order)", ["User", "Order"]),
        ("db.get(User, 1)", ["User"]),
        ("s = select(User)\n    s = s.limit(1)\n    db.execute(s)", ["User"]),
        ("s = s.limit(1)\n    db.execute(s)", []),
        ("db.execute(text('x'))", []),
        ("db.get(Plain, 1)", []),
        ("db.commit()", []),
        ("db.add(User())", []),
    ],
)
def test_tables(project_of: Build, body: str, expected: list[str]) -> None:
    project = project_of(f"{HEAD}def work(db: Session):\n    {body}\n")
    found = [cls.name for site in queries(project) for cls in project.queries.tables(site)]
    assert found == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("text('SELECT 1')", True),
        ("select(1)", True),
        ("'SELECT 1'", True),
        ("select(User)", False),
        ("text(x)", False),
        ("x", False),
        ("", False),
    ],
)
def test_constant_probes(project_of: Build, argument: str, expected: bool) -> None:
    project = project_of(f"{HEAD}def work(db: Session, x):\n    db.execute({argument})\n")
    [site] = queries(project)
    assert project.queries.is_constant_probe(site) is expected


@pytest.mark.parametrize(
    ("body", "helpers", "names"),
    [
        ("_load(db)", "def _load(db: Session):\n    db.commit()\n", [["_load", "commit"]]),
        ("_load(session=db)", "def _load(session: Session):\n    session.commit()\n", [["_load", "commit"]]),
        ("load(db)", "def load(db: Session):\n    db.commit()\n", []),
        ("_load()", "def _load():\n    Session().commit()\n", []),
        (
            "_a(db)",
            "def _a(db: Session):\n    _b(db)\ndef _b(db: Session):\n    db.commit()\n",
            [["_a", "_b", "commit"]],
        ),
        ("_a(db)", "def _a(db: Session):\n    _a(db)\n", []),
    ],
)
def test_helpers(project_of: Build, body: str, helpers: str, names: list[list[str]]) -> None:
    project = project_of(f"{HEAD}{helpers}def work(db: Session):\n    {body}\n")
    module = project.module("app/main.py")
    assert module is not None
    [work] = [f for f in project.resolver.index(module).functions if f.name == "work"]
    found = [
        [getattr(site.callee, "name", "?").rpartition(".")[2] for site in path]
        for path in project.queries.made_by(work)
    ]
    assert found == names


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return db.query(User).filter(User.id == 1)", True),
        ("q = db.query(User)\n    return q", True),
        ("q = db.query(User)\n    return Plain(q)", False),
        ("q = db.query(User)\n    return q.first()", True),
        ("return list(db.query(User))", True),
        ("return [*db.query(User)]", True),
        ("return [u for u in db.query(User)]", True),
        ("for u in db.query(User): ...", True),
        ("return paginate(db.query(User))", True),
        ("return db.query(User)[0]", True),
        ("db.query(User)\n    db.commit()", True),
    ],
)
def test_a_query_that_is_only_built_waits_for_nothing(project_of: Build, body: str, expected: bool) -> None:
    project = project_of({"app/main.py": f"{HEAD}def work(db: Session):\n    {body}\n"})
    module = project.module("app/main.py")
    assert module is not None
    [work] = [one for one in project.resolver.index(module).functions if one.name == "work"]
    assert any(map(project.queries.is_sync_query, project.calls.of(work))) is expected
