from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "import os, tempfile, contextlib, asyncio\n"
    "from fastapi import Depends, FastAPI\n"
    "from sqlalchemy.orm import Session, sessionmaker\n"
    "SessionLocal = sessionmaker()\n"
    "lock = asyncio.Lock()\n"
    "app = FastAPI()\n"
)
USE = "@app.get('/')\ndef endpoint(x=Depends(get)): ...\n"


def found(body: str, signature: str = "async def get()", use: str = USE) -> list[Finding]:
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    return lint({"app/main.py": f"{HEAD}{signature}:\n{indented}{use}"}, select=["DEP002"])


def test_place_message_and_help() -> None:
    [finding] = found("db = SessionLocal()\nyield db\ndb.close()")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (10, 5, 15)
    assert finding.message == "`db.close()` in `get` is skipped when the code that uses `db` raises"
    assert finding.help == "Put the `yield` in a `try` and the cleanup in its `finally`"
    assert [related.span.line for related in finding.related] == [9]
    assert finding.symbol == "get"


@pytest.mark.parametrize(
    "body",
    [
        "db = make()\nyield db\nawait db.aclose()",
        "db = await connect()\nyield db\nawait db.disconnect()",
        "db = make()\nyield Repo(db)\ndb.rollback()",
        "db = make()\nx = yield db\ndb.close()",
        "db = make()\ntry:\n    yield db\n    db.close()\nfinally:\n    log()",
        (
            "db = make()\ntry:\n    yield db\nexcept ValueError:\n    db.rollback()\n    raise\nelse:\n    "
            "db.close()"
        ),
        "db = make()\ntry:\n    yield db\nexcept Exception:\n    db.rollback()\n    raise\ndb.close()",
        "db = make()\nyield db\ntry:\n    db.close()\nfinally:\n    log()",
        "db = make()\nyield db\nif db:\n    db.close()",
        "db = None\nif a:\n    db = make()\nyield db\ndb.close()",
        "conn = await pool.acquire()\nyield conn\nawait pool.release(conn)",
        "conn = pool.getconn()\nyield conn\npool.putconn(conn)",
        "path = tempfile.mktemp()\nyield path\nos.remove(path)",
        "await lock.acquire()\nyield\nlock.release()",
        "with other() as o:\n    db = make()\n    yield db\n    db.close()",
    ],
)
def test_fires(body: str) -> None:
    assert len(found(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "db = make()\ntry:\n    yield db\nfinally:\n    db.close()",
        (
            "db = make()\ntry:\n    yield db\nexcept Exception:\n    db.rollback()\n    raise\nfinally:\n    "
            "db.close()"
        ),
        "db = make()\ntry:\n    yield db\nexcept Exception:\n    db.rollback()\n    raise",
        "with SessionLocal() as db:\n    yield db\n    db.close()",
        "async with make() as db:\n    yield db\n    await db.rollback()",
        "db = make()\nasync with db:\n    yield db\n    await db.close()",
        "with engine.connect() as c:\n    db = Session(bind=c)\n    yield db\n    db.close()",
        "db = make()\nwith contextlib.closing(db):\n    yield db\ndb.close()",
        "db = make()\nyield db\ndb.commit()\nlog.info('x')\nmetrics.inc()",
        "db = make()\ntry:\n    yield db\nexcept BaseException:\n    db.close()\n    raise\ndb.close()",
        "db = make()\ntry:\n    yield db\nexcept Exception:\n    log()\ndb.close()",
        "db = make()\ntry:\n    yield db\nfinally:\n    with suppress(Exception):\n        db.close()",
        (
            "db = make()\ntry:\n    try:\n        yield db\n    except ValueError:\n        raise\n"
            "finally:\n    db.close()"
        ),
        "db = make()\ndb.close()\nyield db",
        "other.begin()\nyield\nother.close()",
        "if a:\n    db = make()\n    yield db\nelse:\n    db = make()\n    db.close()",
        "token = var.set(1)\nyield\nvar.reset(token)",
        "items = list()\nyield items\nitems.remove(1)",
        "db = make()\ntry:\n    yield db\nfinally:\n    await finish(db)\ndb.close()",
        "db = make()\nyield db\ndef later():\n    db.close()",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_fixture_and_unused_generator() -> None:
    body = "db = make()\nyield db\ndb.close()"
    assert found(body, "import pytest\n@pytest.fixture\ndef get()", use="") == []
    assert found(body, use="") == []


def test_dependency_of_a_dependency_and_class() -> None:
    use = "def outer(x=Depends(get)): ...\n@app.get('/')\ndef e(y=Depends(outer)): ...\n"
    assert len(found("db = make()\nyield db\ndb.close()", use=use)) == 1
    source = (
        "class Scope:\n    def __call__(self):\n        db = SessionLocal()\n        yield db\n        "
        "db.close()\n"
        "@app.get('/')\ndef e(db=Depends(Scope())): ...\n"
    )
    [finding] = lint({"app/main.py": HEAD + source}, select=["DEP002"])
    assert finding.symbol == "Scope.__call__"


def test_parameter_of_another_dependency() -> None:
    inner = "def inner():\n    return SessionLocal()\n"
    body = "yield db\ndb.close()"
    assert len(found(body, inner + "def get(db=Depends(inner))")) == 1
    cleaning = "def inner():\n    with SessionLocal() as db:\n        yield db\n"
    assert found(body, cleaning + "def get(db=Depends(inner))") == []
    assert found(body, "def get(db)") == []


def test_two_releases_are_one_finding() -> None:
    [finding] = found("a = make()\nb = make()\nyield a, b\na.close()\nb.close()")
    assert [related.message for related in finding.related][1:] == ["This is skipped as well"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "db = make()\nyield db  # here\n\n# tidy\ndb.close()",
            "db = make()\ntry:\n    yield db  # here\n\n# tidy\nfinally:\n    db.close()",
        ),
        (
            "db = make()\nyield db\nawait db.commit()\nawait db.close()",
            "db = make()\ntry:\n    yield db\n    await db.commit()\nfinally:\n    await db.close()",
        ),
        (
            "if x:\n    db = make()\n    yield db\n    db.rollback()\n    db.close()",
            "if x:\n    db = make()\n    try:\n        yield db\n"
            "    finally:\n        db.rollback()\n        db.close()",
        ),
    ],
)
def test_fix(before: str, after: str) -> None:
    def module(body: str) -> str:
        lines = "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
        return f"{HEAD}async def get():\n{lines}{USE}"

    files = {"app/main.py": module(before)}
    assert apply_fixes(files, lint(files, select=["DEP002"])) == {"app/main.py": module(after)}
    assert lint({"app/main.py": module(after)}, select=["DEP002"]) == []


@pytest.mark.parametrize(
    "body",
    [
        "db = make()\nyield db\ndb.close()\nlog()",
        "db = make()\nyield db\nif db:\n    db.close()",
        "db = make()\nyield db; db.close()",
        "db = make()\ntry:\n    yield db\nexcept ValueError:\n    raise\ndb.close()",
    ],
)
def test_no_fix(body: str) -> None:
    [finding] = found(body)
    assert finding.fix is None
