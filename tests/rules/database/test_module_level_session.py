from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker
import sqlmodel
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)
factory = async_sessionmaker(engine)
def make():
    return SessionLocal()
def get_db():
    with SessionLocal() as session:
        yield session
app = FastAPI()
"""
USE = "@app.get('/')\ndef read():\n    return db.execute(text('1'))\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source} | files, select=["DBS003"])


def test_place_message_and_related() -> None:
    [finding] = found("db = SessionLocal()\n" + USE)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (15, 6, 20)
    assert finding.message == "`db` is one session for all requests, and `read` works with it"
    assert [related.span.line for related in finding.related] == [18]
    assert finding.symbol == ""


@pytest.mark.parametrize(
    "value",
    [
        "Session(engine)",
        "Session(bind=engine)",
        "AsyncSession(engine)",
        "sqlmodel.Session(engine)",
        "factory()",
        "make()",
        "next(get_db())",
    ],
)
def test_sessions(value: str) -> None:
    assert len(found(f"db = {value}\n" + USE)) == 1
    assert len(found(f"db: Session = {value}\n" + USE)) == 1


@pytest.mark.parametrize(
    "value",
    [
        "SessionLocal",
        "scoped_session(SessionLocal)",
        "scoped_session(SessionLocal)()",
        "async_scoped_session(factory, make)",
        "unknown()",
        "Session",
        "get_db()",
        "None",
    ],
)
def test_other_values(value: str) -> None:
    assert found(f"db = {value}\n" + USE) == []


@pytest.mark.parametrize(
    "use",
    [
        "def read():\n    return db.execute(text('1'))\n",
        "db.add(1)\ndb.commit()\n",
        "@app.get('/')\ndef read(db=Depends(get_db)):\n    return db.execute(text('1'))\n",
        "@app.get('/')\ndef read():\n    db = SessionLocal()\n    return db.execute(text('1'))\n",
        "@app.get('/')\ndef read():\n    global db\n    db = SessionLocal()\n"
        "    return db.execute(text('1'))\n",
        "@app.on_event('startup')\ndef seed():\n    db.add(1)\n",
        "def main():\n    db.add(1)\nif __name__ == '__main__':\n    main()\n",
    ],
)
def test_other_uses(use: str) -> None:
    assert found("db = SessionLocal()\n" + use) == []


def test_a_block_of_its_own() -> None:
    source = "with SessionLocal() as db:\n    db.add(1)\n" + USE
    assert found(source) == []


def test_a_dependency_that_hands_it_out() -> None:
    source = "db = SessionLocal()\ndef get():\n    return db\n@app.get('/')\ndef read(s=Depends(get)): ...\n"
    assert len(found(source)) == 1


def test_a_function_that_an_endpoint_calls() -> None:
    source = (
        "db = SessionLocal()\ndef load():\n    return db.execute(1)\n@app.get('/')\ndef read():\n"
        "    return load()\n"
    )
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    ("path", "statement", "use", "count"),
    [
        ("app/services/users.py", "from app.main import db", "db", 1),
        ("app/services/users.py", "from app.main import db as session", "session", 1),
        ("app/services/users.py", "from app import main", "main.db", 1),
        ("app/services/users.py", "from app.relay import db", "db", 1),
        ("app/repositories/users.py", "from app.main import *", "db", 1),
        ("app/colours.py", "from app.main import db", "db", 0),
        ("scripts/seed.py", "from app.main import db", "db", 0),
        ("tests/test_users.py", "from app.main import db", "db", 0),
    ],
)
def test_imported(path: str, statement: str, use: str, count: int) -> None:
    source = f"{statement}\ndef load():\n    return {use}.execute(1)\n"
    relay = "from app.main import db\n"
    files = {"app/__init__.py": "", "app/relay.py": relay, path: source}
    assert len(found("db = SessionLocal()\n", **files)) == count


def test_a_start_up_handler_in_a_service() -> None:
    seed = "from app.main import app, db\n{}def seed():\n    db.add(1)\n"
    for decorator, count in (("@app.on_event('startup')\n", 0), ("", 1)):
        files = {"app/__init__.py": "", "app/services/users.py": seed.format(decorator)}
        assert len(found("db = SessionLocal()\n", **files)) == count


@pytest.mark.parametrize("path", ["scripts/seed.py", "tests/test_x.py", "alembic/versions/a.py"])
def test_scripts_and_tests(path: str) -> None:
    assert lint({path: HEAD + "db = SessionLocal()\n" + USE}, select=["DBS003"]) == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("def load(self):\n        return self.db.execute(1)", 1),
        ("@classmethod\n    def load(cls):\n        return cls.db.execute(1)", 1),
        ("@staticmethod\n    def load():\n        return UserService.db.execute(1)", 1),
        ("def load(self):\n        self.db = SessionLocal()\n        return self.db.execute(1)", 0),
        ("def load(self):\n        return db.execute(1)", 0),
        ("def load(self, other):\n        return other.db.execute(1)", 0),
    ],
)
def test_class_level(body: str, count: int) -> None:
    source = f"from app.main import SessionLocal\nclass UserService:\n    db = SessionLocal()\n    {body}\n"
    findings = found("", **{"app/services/users.py": source})
    assert [finding.symbol for finding in findings] == ["UserService"] * count
