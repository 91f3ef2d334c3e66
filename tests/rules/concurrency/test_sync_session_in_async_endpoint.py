from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket\nfrom sqlalchemy import create_engine\n"
    "from sqlalchemy.orm import Session, scoped_session, sessionmaker\n"
    "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker\n"
    "Local = sessionmaker(create_engine('x'))\nAsyncLocal = async_sessionmaker()\napp = FastAPI()\n"
    "def get_db():\n    with Local() as db:\n        yield db\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["ASY003"])


def endpoint(body: str, parameters: str = "db: Session = Depends(get_db)") -> str:
    return f"@app.get('/')\nasync def read({parameters}):\n    {body}\n"


def test_place_message_and_related() -> None:
    [finding] = found(endpoint("db.add(1)\n    db.commit()\n    db.refresh(1)"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (14, 5, 16)
    assert (
        finding.message
        == "`db.commit` waits for the database on the event loop, in the async endpoint `read`: the"
        " session is"
        " synchronous"
    )
    assert finding.help == "Make `read` a plain `def`, or use an `AsyncSession`"
    assert [related.span.line for related in finding.related] == [15]
    assert finding.chain == ()


@pytest.mark.parametrize(
    "body",
    [
        "db.execute('x')", "db.scalar('x')", "db.scalars('x')", "db.query(User).all()", "db.get(User, 1)",
        "db.flush()", "db.rollback()",
    ],
)  # fmt: skip
def test_methods(body: str) -> None:
    assert len(found(endpoint(body))) == 1


@pytest.mark.parametrize(
    "parameters",
    ["db=Depends(get_db)", "db: Session", "db: Session | None = None", "db: 'Session' = Depends(get_db)"],
)
def test_how_a_session_is_known(parameters: str) -> None:
    assert len(found(endpoint("db.execute('x')", parameters))) == 1


@pytest.mark.parametrize(
    "source",
    [
        endpoint("db = Local()\n    db.execute('x')", ""),
        endpoint("with Local() as db:\n        db.execute('x')", ""),
        endpoint("with Local.begin() as db:\n        db.execute('x')", ""),
        endpoint("with Session(engine) as db:\n        db.execute('x')", ""),
        "db = scoped_session(Local)\n" + endpoint("db.execute('x')", ""),
        "from sqlmodel import Session as S\n" + endpoint("db.exec('x')", "db: S"),
        (
            "async def user(db: Session = Depends(get_db)):\n    db.execute('x')\n"
            "@app.get('/')\ndef e(u=Depends(user)): ...\n"
        ),
        (
            "@app.websocket('/')\nasync def ws(w: WebSocket, db: Session = Depends(get_db)):\n   "
            " db.execute('x')\n"
        ),
        "def load(db: Session):\n    return db.execute('x')\n" + endpoint("return load(db)"),
        "class Service:\n    def __init__(self, db: Session = Depends(get_db)):\n        self.db = db\n"
        "    def all(self):\n        return self.db.execute('x')\n"
        + endpoint("return s.all()", "s: Service = Depends()"),
    ],
)
def test_fires(source: str) -> None:
    assert len(found(source)) == 1


def test_async_service_with_a_synchronous_session() -> None:
    service = "class Service:\n    async def all(self, db: Session):\n        return db.execute('x')\n"
    [finding] = found(service + endpoint("return await Service().all(db)"))
    assert finding.span.line == 13
    assert "in `Service.all`, which the async endpoint `read` awaits" in finding.message
    assert [hop.symbol for hop in finding.chain] == ["Service.all", "db.execute"]
    assert finding.fix is None


def test_chain_to_the_query() -> None:
    [finding] = found("def load(db: Session):\n    return db.execute('x')\n" + endpoint("return load(db)"))
    assert finding.span.line == 15
    assert finding.message.endswith("it reaches a synchronous query")
    assert [(hop.symbol, hop.span.line) for hop in finding.chain] == [("load", 15), ("db.execute", 12)]


@pytest.mark.parametrize(
    "source",
    [
        "@app.get('/')\ndef read(db: Session = Depends(get_db)):\n    db.execute('x')\n",
        endpoint("await db.execute('x')", "db: AsyncSession"),
        endpoint("async with AsyncLocal() as db:\n        await db.execute('x')", ""),
        endpoint("await db.run_sync(lambda s: s.execute('x'))", "db: AsyncSession"),
        "def load(db: Session):\n    return db.execute('x')\n"
        + endpoint("await run_in_threadpool(load, db)"),
        endpoint("db.execute('x')", "db"),
        endpoint("db.execute('x')", "db=Depends(unknown)"),
        endpoint("db.add(1)\n    db.add_all([])\n    db.expunge(1)"),
        endpoint("await db.execute('x')"),
        "async def helper(db: Session):\n    db.execute('x')\n",
        endpoint("return cursor.execute('x')"),
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []
