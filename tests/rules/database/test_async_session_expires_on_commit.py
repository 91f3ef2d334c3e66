from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

MODELS = """\
import functools
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    def label(self): ...
class UserRead(BaseModel):
    id: int
engine = create_async_engine("sqlite+aiosqlite://")
app = FastAPI()
"""
FACTORY = "factory = async_sessionmaker(engine)\n"
GET_DB = "async def get_db():\n    async with factory() as session:\n        yield session\n"


def found(source: str, factory: str = FACTORY, **files: str) -> list[Finding]:
    return lint({"app/main.py": MODELS + factory + GET_DB + source, **files}, select=["DBS001"])


def function(body: str, head: str = "async def create(db: AsyncSession, name: str):") -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{head}\n{lines}"


ADDED = "user = User(name=name)\ndb.add(user)\nawait db.commit()\n"


def test_place_message_and_related() -> None:
    [finding] = found(function(ADDED + "return user.id"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (17, 11, 37)
    assert finding.message == (
        "Objects of this session expire on commit, and `create` reads `user.id` after it"
    )
    assert [(r.span.line, r.message) for r in finding.related] == [
        (24, "committed here"),
        (25, "`user.id` is read here"),
    ]


@pytest.mark.parametrize(
    "factory",
    [
        "factory = async_sessionmaker(engine)\n",
        "factory = async_sessionmaker(bind=engine, autoflush=False)\n",
        "factory = async_sessionmaker(engine, expire_on_commit=True)\n",
        "factory = sessionmaker(engine, class_=AsyncSession)\n",
        "factory = lambda: AsyncSession(engine)\n",
        "from sqlmodel.ext.asyncio.session import AsyncSession as S\n"
        "factory = async_sessionmaker(engine, class_=S)\n",
    ],
)
def test_factories_whose_objects_expire(factory: str) -> None:
    if "lambda" in factory:
        factory = "def factory():\n    return AsyncSession(engine)\n"
    assert len(found(function(ADDED + "return user.id"), factory)) == 1


@pytest.mark.parametrize(
    "factory",
    [
        "factory = async_sessionmaker(engine, expire_on_commit=False)\n",
        "KEEP = False\nfactory = async_sessionmaker(engine, expire_on_commit=KEEP)\n",
        "factory = async_sessionmaker(engine, expire_on_commit=load())\n",
        "OPTIONS = {'expire_on_commit': False}\nfactory = async_sessionmaker(engine, **OPTIONS)\n",
        "factory = functools.partial(async_sessionmaker, expire_on_commit=False)(engine)\n",
        "factory = sessionmaker(engine)\n",
        "from library import factory\n",
        "factory = async_sessionmaker(engine)\nother = async_sessionmaker(engine, expire_on_commit=False)\n",
    ],
)
def test_factories_that_are_fine_or_unknown(factory: str) -> None:
    assert found(function(ADDED + "return user.id"), factory) == []


@pytest.mark.parametrize(
    "body",
    [
        ADDED + "print(user.name)",
        ADDED + "return {'id': user.id}",
        ADDED + "return UserRead(id=user.id)",
        ADDED + "return UserRead.model_validate(user)",
        ADDED + "return UserRead.from_orm(user)",
        ADDED + "other = user\nreturn other.id",
        "user = await db.get(User, 1)\nawait db.commit()\nreturn user.id",
        "user = await db.scalar(select(User).where(User.id == 1))\nawait db.commit()\nreturn user.id",
        "q = select(User)\nr = await db.execute(q)\nuser = r.scalar_one()\nawait db.commit()\nreturn user.id",
        "user = (await db.scalars(select(User))).first()\nawait db.commit()\nreturn user.id",
        "user = (await db.execute(select(User))).scalars().one()\nawait db.commit()\nreturn user.id",
        "user = User()\ndb.add_all([user])\nif name:\n    await db.commit()\nreturn user.id",
        "user = User()\ntry:\n    db.add(user)\n    await db.commit()\nexcept KeyError:\n    raise\n"
        "return user.id",
        "user = User()\nasync with db.begin():\n    db.add(user)\nreturn user.id",
        "user = User()\ndb.add(instance=user)\nawait db.commit()\nreturn user.id",
        "for n in name:\n    user = User(name=n)\n    db.add(user)\n    await db.commit()\n"
        "    print(user.id)",
        "user = User()\ndb.add(user)\nawait db.commit()\nuser.name = user.name.strip()",
    ],
)
def test_reads_after_the_commit(body: str) -> None:
    assert len(found(function(body))) == 1


def test_through_a_repository() -> None:
    repository = (
        "from app.main import User\nfrom sqlalchemy.ext.asyncio import AsyncSession\n"
        "class Users:\n    def __init__(self, session: AsyncSession):\n        self.session = session\n"
        "    async def add(self, user: User) -> User:\n        self.session.add(user)\n"
        "        await self.session.commit()\n        return user\n"
    )
    source = "from app.repo import Users\n" + function("user = await Users(db).add(User())\nreturn user.id")
    [finding] = found(source, **{"app/repo.py": repository, "app/__init__.py": ""})
    assert "`create` reads `user.id`" in finding.message
    refreshed = repository.replace(
        "        return user\n", "        await self.session.refresh(user)\n        return user\n"
    )
    assert found(source, **{"app/repo.py": refreshed, "app/__init__.py": ""}) == []


@pytest.mark.parametrize(
    ("tail", "route", "count"),
    [
        ("return user", "response_model=UserRead", 1),
        ("return user", "response_model=None", 0),
        ("return user", "", 0),
        ("await self.db.refresh(user)\n        return user", "response_model=UserRead", 0),
    ],
)
def test_result_of_a_repository_that_an_endpoint_returns_at_once(tail: str, route: str, count: int) -> None:
    source = (
        "class Repo:\n    def __init__(self, db: AsyncSession = Depends(get_db)):\n        self.db = db\n"
        "    async def add(self) -> User:\n        user = User(name='a')\n        self.db.add(user)\n"
        f"        await self.db.commit()\n        {tail}\n"
        f"@app.post('/users', {route})\n"
        "async def create(repo: Repo = Depends()):\n    return await repo.add()\n"
    )
    findings = found(source)
    assert len(findings) == count
    assert all("`create` reads `repo.add()` after it" in one.message for one in findings)


def test_another_function_commits() -> None:
    helper = "async def save(db: AsyncSession):\n    await db.commit()\n"
    assert len(found(helper + function("user = User()\ndb.add(user)\nawait save(db)\nreturn user.id"))) == 1


def test_another_function_commits_a_session_of_its_own() -> None:
    helper = "async def note():\n    async with factory() as own:\n        await own.commit()\n"
    assert found(helper + function("user = User()\ndb.add(user)\nawait note()\nreturn user.id")) == []


@pytest.mark.parametrize(
    ("head", "count"),
    [
        (
            "@app.post('/u', response_model=UserRead)\nasync def create(db: AsyncSession = Depends(get_db)):",
            1,
        ),
        ("@app.post('/u')\nasync def create(db: AsyncSession = Depends(get_db)) -> UserRead:", 1),
        ("@app.post('/u')\nasync def create(db: AsyncSession = Depends(get_db)):", 0),
        ("@app.post('/u', response_model=None)\nasync def create(db: AsyncSession = Depends(get_db)):", 0),
        ("async def create(db: AsyncSession) -> User:", 0),
    ],
)
def test_returned_objects(head: str, count: int) -> None:
    assert len(found(function("user = User()\ndb.add(user)\nawait db.commit()\nreturn user", head))) == count


@pytest.mark.parametrize(
    "body",
    [
        ADDED + "await db.refresh(user)\nreturn user.id",
        ADDED + "await db.refresh(instance=user)\nreturn user.id",
        ADDED + "user = await db.get(User, 1)\nreturn user.id",
        ADDED + "await db.execute(select(User))\nreturn user.id",
        ADDED + "return True",
        ADDED + "return name",
        ADDED + "return user.label()",
        ADDED + "user.name = 'b'",
        ADDED + "return await user.awaitable_attrs.name",
        "user = User()\ndb.add(user)\nawait db.flush()\nuser_id = user.id\nawait db.commit()\nreturn user_id",
        "user = User()\ndb.add(user)\nread = UserRead(id=user.id)\nawait db.commit()\nreturn read",
        "user = User()\ndb.add(user)\ndb.commit()\nreturn user.id",
        "user = User()\nawait db.commit()\nreturn user.id",
        "if name:\n    user = User()\n    db.add(user)\n    await db.commit()\n    return 1\n"
        "user = User()\nreturn user.id",
        "user_id = await db.scalar(select(User.id))\nawait db.commit()\nreturn user_id.real",
        "await db.execute(update(User))\nawait db.commit()",
        "user = User()\ndb.add(user)\nawait db.rollback()\nreturn user.id",
    ],
)
def test_nothing_expired_is_read(body: str) -> None:
    assert found(function(body)) == []


def test_synchronous_session() -> None:
    body = "user = User()\ndb.add(user)\ndb.commit()\nreturn user.id"
    assert found(function(body, "def create(db: Session):")) == []


def test_something_else_is_committed() -> None:
    source = "class Unit:\n    async def commit(self): ...\n    def add(self, x): ...\n"
    body = "user = User()\ndb.add(user)\nawait db.commit()\nreturn user.id"
    assert found(source + function(body, "async def create(db: Unit):")) == []


def test_tests_and_scripts_are_left_out() -> None:
    source = MODELS + FACTORY + function(ADDED + "return user.id")
    assert lint({"tests/test_a.py": source, "scripts/seed.py": source}, select=["DBS001"]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("async_sessionmaker(engine)", "async_sessionmaker(engine, expire_on_commit=False)"),
        ("async_sessionmaker()", "async_sessionmaker(expire_on_commit=False)"),
        (
            "async_sessionmaker(engine, expire_on_commit=True)",
            "async_sessionmaker(engine, expire_on_commit=False)",
        ),
        (
            "async_sessionmaker(\n    engine,\n    autoflush=(False),\n)",
            "async_sessionmaker(\n    engine,\n    autoflush=(False),\n    expire_on_commit=False,\n)",
        ),
        ("async_sessionmaker(engine,)", "async_sessionmaker(engine, expire_on_commit=False)"),
    ],
)
def test_fix(before: str, after: str) -> None:
    text = MODELS + f"factory = {before}\n" + GET_DB + function(ADDED + "return user.id")
    files = {"app/main.py": text}
    assert apply_fixes(files, lint(files, select=["DBS001"]))["app/main.py"] == text.replace(before, after)


def test_no_fix_over_a_comment() -> None:
    factory = "factory = async_sessionmaker(\n    engine  # ours\n)\n"
    [finding] = found(function(ADDED + "return user.id"), factory)
    assert finding.fix is None
