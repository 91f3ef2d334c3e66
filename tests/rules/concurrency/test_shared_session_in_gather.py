from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import asyncio
import anyio
from typing import Annotated
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker
factory = async_sessionmaker()
async def get_db():
    async with factory() as session:
        yield session
async def count(db: AsyncSession, table="users"):
    return await db.scalar(text("SELECT 1"))
async def deeper(table, *, session: AsyncSession):
    return await count(session, table)
async def own():
    async with factory() as db:
        return await count(db)
async def other():
    await asyncio.sleep(1)
class Repo:
    def __init__(self, session: AsyncSession):
        self._session = session
    async def all(self):
        return await self._session.scalars(text("SELECT 1"))
    async def one(self):
        return await self._session.scalar(text("SELECT 1"))
    def name(self):
        return "users"
    async def nothing(self):
        return self.name()
class Others(Repo):
    pass
class Injected:
    def __init__(self, db: Annotated[AsyncSession, Depends(get_db)]):
        self.db = db
    async def all(self):
        return await count(self.db)
def get_repo(db: Annotated[AsyncSession, Depends(get_db)]):
    return Repo(db)
"""


def found(source: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source}, select=["ASY004"])


def dashboard(body: str, parameters: str = "db: AsyncSession") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"async def dashboard({parameters}):\n{lines}")


def test_place_message_and_related() -> None:
    [finding] = dashboard('await asyncio.gather(count(db, "a"), deeper("b", session=db))')
    line = HEAD.count("\n") + 2
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (line, 11, 66)
    assert finding.message == "`count` and `deeper` work with one session at the same time"
    assert [related.span.line for related in finding.related] == [12, 12]
    assert finding.symbol == "dashboard"


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.gather(count(db), count(db))",
        "await asyncio.gather(db.execute(text('1')), db.execute(text('2')))",
        "await asyncio.gather(count(db), other(), deeper('x', session=db), return_exceptions=True)",
        "await asyncio.gather(*[count(db), count(db)])",
        "await asyncio.gather(*[count(db, t) for t in ('a', 'b')])",
        "await asyncio.gather(*(count(db, t) for t in ('a', 'b')))",
        "await asyncio.gather(*(asyncio.wait_for(count(db, t), 1) for t in ('a', 'b')))",
        "jobs = [count(db, t) for t in ('a', 'b')]\nawait asyncio.gather(*jobs)",
        "jobs = []\nfor t in ('a', 'b'):\n    jobs.append(count(db, t))\nawait asyncio.gather(*jobs)",
        "jobs = []\njobs.append(count(db))\njobs.append(count(db))\nawait asyncio.gather(*jobs)",
        "await asyncio.wait([asyncio.create_task(count(db)), asyncio.create_task(count(db))])",
        "a = count(db)\nb = count(db)\nawait asyncio.gather(a, b)",
        "a = asyncio.create_task(count(db))\nb = asyncio.create_task(count(db))\nawait a\nawait b",
        "async with asyncio.TaskGroup() as g:\n    g.create_task(count(db))\n    g.create_task(count(db))",
        "async with asyncio.TaskGroup() as g:\n    for t in 'ab':\n        g.create_task(count(db, t))",
        "async with anyio.create_task_group() as g:\n    g.start_soon(count, db)\n"
        "    g.start_soon(count, db, 'b')",
        "same = db\nawait asyncio.gather(count(db), count(same))",
        "repo = Repo(db)\nawait asyncio.gather(repo.all(), repo.one())",
        "await asyncio.gather(Repo(db).all(), Others(db).one())",
        "users, orders = Repo(db), 1\nawait asyncio.gather(count(db), Repo(db).all())",
        "async def inner():\n    await count(db)\nawait asyncio.gather(inner(), inner())",
    ],
)
def test_shared(body: str) -> None:
    assert len(dashboard(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "await count(db)\nawait count(db)",
        "await asyncio.gather(own(), own())",
        "await asyncio.gather(own(), count(db))",
        "await asyncio.gather(count(db), other())",
        "await asyncio.gather(count(db))",
        "await asyncio.gather(*[count(s) for s in sessions])",
        "await asyncio.gather(*[own() for _ in range(3)])",
        "await asyncio.gather(*[count(db) for db in sessions])",
        "jobs = []\nfor name in 'ab':\n    fresh = factory()\n    jobs.append(count(fresh))\n"
        "await asyncio.gather(*jobs)",
        "jobs = []\nfor s in sessions:\n    jobs.append(count(s))\nawait asyncio.gather(*jobs)",
        "jobs = []\nif db:\n    jobs.append(count(db))\nelse:\n    jobs.append(count(db))\n"
        "await asyncio.gather(*jobs)",
        "a = asyncio.create_task(count(db))\nawait a\nb = asyncio.create_task(count(db))\nawait b",
        "async with asyncio.TaskGroup() as g:\n    a = g.create_task(count(db))\n    await a\n"
        "    g.create_task(count(db))",
        "async with asyncio.TaskGroup() as g:\n    g.create_task(count(db))\n    g.create_task(other())",
        "repo = Repo(db)\nawait asyncio.gather(repo.all(), repo.nothing())",
        "await asyncio.gather(Repo(db).all(), Repo(unknown()).one())",
        "async with factory() as a, factory() as b:\n    await asyncio.gather(count(a), count(b))",
        "db = unknown()\nawait asyncio.gather(count(db), count(db))",
        "async def inner():\n    async with factory() as db:\n        await count(db)\n"
        "await asyncio.gather(inner(), inner())",
        "await gather(count(db), count(db))",
        "await asyncio.gather(unknown(db), unknown(db))",
    ],
)
def test_not_shared(body: str) -> None:
    assert dashboard(body) == []


def test_a_factory_is_shared() -> None:
    source = (
        "async def one(f: async_sessionmaker):\n    async with f() as db:\n        await count(db)\n"
        "async def all_():\n    await asyncio.gather(one(factory), one(factory))\n"
    )
    assert found(source) == []


def test_a_scoped_session_gives_each_task_its_own() -> None:
    source = (
        "scoped = async_scoped_session(factory, asyncio.current_task)\n"
        "async def one(db: async_scoped_session):\n    await db.execute(text('1'))\n"
        "async def all_():\n    await asyncio.gather(one(scoped), one(scoped))\n"
    )
    assert found(source) == []


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ("a: Annotated[Injected, Depends()], b: Annotated[Injected, Depends()]", 1),
        ("a: Annotated[Injected, Depends()], b: Annotated[Repo, Depends(get_repo)]", 1),
        ("a: Annotated[Repo, Depends(get_repo)], b: Annotated[Repo, Depends(get_repo)]", 1),
        ("a: Annotated[Repo, Depends(get_repo, use_cache=False)], b: Annotated[Repo, Depends(get_repo)]", 0),
        ("a: Repo, b: Repo", 0),
    ],
)
def test_dependencies(parameters: str, count: int) -> None:
    assert len(dashboard("await asyncio.gather(a.all(), b.all())", parameters)) == count


@pytest.mark.parametrize(
    ("init", "body", "count"),
    [
        ("self.db = db", "count(self.db), count(self.db)", 1),
        ("self.db = db", "self.work(), self.work()", 1),
        ("self.a = Repo(db)\n        self.b = Others(db)", "self.a.all(), self.b.all()", 1),
        ("self.a = Repo(db)\n        self.b = Others(other_db)", "self.a.all(), self.b.all()", 0),
        ("self.a = db", "self.fresh(), self.fresh()", 0),
        ("self.a = db", "count(self.made), count(self.made)", 0),
    ],
)
def test_self(init: str, body: str, count: int) -> None:
    source = (
        "class Service:\n"
        f"    def __init__(self, db: AsyncSession, other_db: AsyncSession):\n        {init}\n"
        "    async def work(self):\n        await count(self.db)\n"
        "    async def fresh(self):\n        async with factory() as db:\n            await count(db)\n"
        "    @property\n    def made(self) -> AsyncSession:\n        return factory()\n"
        f"    async def run(self):\n        await asyncio.gather({body})\n"
    )
    assert len(found(source)) == count


@pytest.mark.parametrize(("decorator", "count"), [("", 1), ("@retry\n", 0), ("@unknown.wrap\n", 0)])
def test_decorated_coroutines_are_unknown(decorator: str, count: int) -> None:
    source = f"{decorator}async def f(db: AsyncSession):\n    await db.commit()\n"
    source += "async def run(db: AsyncSession):\n    await asyncio.gather(f(db), f(db))\n"
    assert len(found(source)) == count


def test_a_lock_around_the_query() -> None:
    source = (
        "lock = asyncio.Lock()\n"
        "async def f(db: AsyncSession):\n    async with lock:\n        await db.commit()\n"
        "async def run(db: AsyncSession):\n    await asyncio.gather(f(db), f(db))\n"
    )
    assert found(source) == []


def test_tests_are_not_reported() -> None:
    source = HEAD + "async def test_x(db: AsyncSession):\n    await asyncio.gather(count(db), count(db))\n"
    assert lint({"tests/test_main.py": source}, select=["ASY004"]) == []
