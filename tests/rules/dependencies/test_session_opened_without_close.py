from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "import contextlib\n"
    "from fastapi import Depends, FastAPI\n"
    "from sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import Session, scoped_session, sessionmaker\n"
    "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker\n"
    "import sqlmodel\n"
    "engine = create_engine('sqlite://')\n"
    "SessionLocal = sessionmaker(engine)\n"
    "factory = async_sessionmaker(engine)\n"
    "registry = scoped_session(SessionLocal)\n"
    "def make():\n    return SessionLocal()\n"
    "app = FastAPI()\n"
)
USE = "@app.get('/')\ndef endpoint(db=Depends(get)): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["DEP007"])


def dependency(body: str, use: str = USE) -> str:
    return "async def get():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + use


def endpoint(body: str) -> str:
    return "@app.get('/')\nasync def read():\n" + "".join(f"    {line}\n" for line in body.splitlines())


def test_place_message_and_help() -> None:
    [finding] = found(dependency("db = SessionLocal()\nreturn db"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (15, 10, 24)
    assert finding.message == "The dependency `get` returns a session that nothing closes"
    assert finding.help == "Yield it from a `with` block, so that it is closed when the request ends"
    assert finding.symbol == "get"
    assert finding.fix is None


@pytest.mark.parametrize(
    "body",
    [
        "return SessionLocal()",
        "return Session(engine)",
        "return Session(bind=engine)",
        "return factory()",
        "return AsyncSession(engine)",
        "return sqlmodel.Session(engine)",
        "return make()",
        "db = SessionLocal()\ndb.autoflush = False\nreturn db",
        "db: Session = SessionLocal()\nreturn db",
        "db = SessionLocal()\nyield db",
        "db = SessionLocal()\ntry:\n    yield db\nexcept Exception:\n    db.rollback()\n    raise",
    ],
)
def test_dependency(body: str) -> None:
    assert len(found(dependency(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "with SessionLocal() as db:\n    yield db",
        "async with factory() as db:\n    return db",
        "db = SessionLocal()\ntry:\n    yield db\nfinally:\n    db.close()",
        "db = SessionLocal()\nyield db\ndb.close()",
        "db = SessionLocal()\nwith db:\n    yield db",
        "db = SessionLocal()\nstack.callback(close, db)\nreturn db",
        "db = SessionLocal()\nstate.db = db\nreturn db",
        "return registry()",
        "return registry",
        "return Session",
        "return unknown()",
        "return SessionLocal",
        "with contextlib.closing(SessionLocal()) as db:\n    yield db",
    ],
)
def test_dependency_is_silent(body: str) -> None:
    assert found(dependency(body)) == []


@pytest.mark.parametrize(
    "use",
    [
        "",
        "def outer(db=Depends(get)):\n    try:\n        yield db\n    finally:\n        db.close()\n"
        "@app.get('/')\ndef e(db=Depends(outer)): ...\n",
        "@app.get('/')\ndef e(db=Depends(get)):\n    with db:\n        ...\n",
        "def caller():\n    db = get()\n    db.close()\n",
    ],
)
def test_closed_by_its_users(use: str) -> None:
    assert found(dependency("return SessionLocal()", use)) == []


@pytest.mark.parametrize(
    "body",
    [
        "db = SessionLocal()\nreturn db.query(1).all()",
        "db = SessionLocal()\ndb.add(1)\ndb.commit()",
        "return SessionLocal().query(1).all()",
        "s = factory()\nreturn await s.execute(1)",
        "db = None\ndb = Session(engine)\ndb.add(1)",
    ],
)
def test_endpoint(body: str) -> None:
    [finding] = found(endpoint(body))
    assert finding.message.endswith("is opened in `read` and never closed")


@pytest.mark.parametrize(
    "body",
    [
        "with SessionLocal() as db:\n    return db.query(1).all()",
        "db = SessionLocal()\ntry:\n    db.add(1)\nfinally:\n    db.close()",
        "db = SessionLocal()\nif a:\n    db.close()\ndb.add(1)",
        "db = factory()\nawait db.execute(1)\nawait db.aclose()",
        "db = SessionLocal()\nwork(db)\ndb.add(1)",
        "db = SessionLocal()\nreturn db",
        "db = SessionLocal()\nwith db.begin():\n    db.add(1)",
        "db = SessionLocal()\nwith db:\n    db.add(1)",
        "db = SessionLocal()\nother = db\ndb.add(1)",
        "db = registry()\ndb.add(1)",
        "db = unknown()\ndb.add(1)",
        "with SessionLocal.begin() as db:\n    db.add(1)",
        "global db\ndb = SessionLocal()\ndb.add(1)",
        "work(SessionLocal())",
    ],
)
def test_endpoint_is_silent(body: str) -> None:
    assert found(endpoint(body)) == []


def test_repository_and_unrelated_code() -> None:
    work = (
        "from app.main import SessionLocal\ndef load():\n    db = SessionLocal()\n    "
        "return db.query(1).all()\n"
    )
    assert len(found("", **{"app/repositories/users.py": work})) == 1
    assert found("", **{"app/seeding.py": work, "scripts/run.py": work}) == []


def test_session_of_an_instance() -> None:
    source = (
        "class Unit:\n    def __init__(self):\n        self.db = SessionLocal()\n    def close(self):\n"
        "        self.db.close()\n@app.get('/')\ndef e(u: Unit = Depends()): ...\n"
    )
    assert found(source) == []


def test_fix_of_an_async_session() -> None:
    before = "def get() -> AsyncSession:\n    return factory()\n" + USE
    after = "async def get() -> AsyncIterator[AsyncSession]:\n    async with factory() as session:\n"
    files = {"app/main.py": HEAD + before}
    fixed = apply_fixes(files, lint(files, select=["DEP007"]))["app/main.py"]
    assert after + "        yield session\n" in fixed
    assert "from collections.abc import AsyncIterator\n" in fixed
    assert lint({"app/main.py": fixed}, select=["DEP007"]) == []


def test_no_fix_where_it_is_not_the_only_way() -> None:
    [finding] = found(dependency("if a:\n    return SessionLocal()\nreturn None"))
    assert finding.fix is None
