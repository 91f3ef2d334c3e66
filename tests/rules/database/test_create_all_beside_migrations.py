from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

MODELS = """\
from sqlalchemy import MetaData, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, declarative_base
from sqlmodel import SQLModel
class Base(DeclarativeBase): ...
class User(Base): ...
class OtherBase(DeclarativeBase): ...
Old = declarative_base()
Older = declarative_base()
tables = MetaData()
class Item(SQLModel, table=True): ...
engine = create_engine("sqlite://")
async_engine = create_async_engine("sqlite+aiosqlite://")
"""
HEAD = """\
from contextlib import asynccontextmanager
from fastapi import FastAPI
from app.models import *
"""
REVISION = "revision = 'a'\ndown_revision = None\ndef upgrade(): ...\n"
ENV = "from app.models import Base\ntarget_metadata = Base.metadata\n"
MIGRATIONS = {"alembic.ini": "[alembic]\n", "alembic/env.py": ENV, "alembic/versions/a.py": REVISION}
CREATE = "Base.metadata.create_all(engine)\n"


def found(source: str, files: dict[str, str] | None = None) -> list[Finding]:
    given = MIGRATIONS if files is None else files
    names = "Base, User, OtherBase, Old, Older, tables, Item, SQLModel, engine, async_engine"
    head = HEAD.replace("import *", f"import {names}")
    everything = {"app/__init__.py": "", "app/models.py": MODELS, "app/main.py": head + source} | given
    return lint(everything, select=["DBS006"])


def test_place_and_message() -> None:
    [finding] = found("app = FastAPI()\n" + CREATE)
    assert (finding.span.path, finding.span.line, finding.span.end_column) == ("app/main.py", 5, 33)
    assert finding.message == (
        "`Base.metadata.create_all` creates tables on import, beside the migrations in `alembic/versions`"
    )
    assert finding.symbol == ""


STARTS = [
    ("@app.on_event('startup')\ndef start():\n    {}\n", True),
    ("@asynccontextmanager\nasync def life(app):\n    {}\n    yield\napp = FastAPI(lifespan=life)\n", True),
    ("def make():\n    {}\n@app.on_event('startup')\ndef start():\n    make()\n", True),
    ("def make():\n    {}\nmake()\n", True),
    ("def create_app():\n    {}\n    return FastAPI()\nother = create_app()\n", True),
    ("with engine.begin():\n    {}\n", True),
    ("try:\n    {}\nexcept Exception:\n    pass\n", True),
    ("def make():\n    {}\n", False),
    ("@app.get('/')\ndef read():\n    {}\n", False),
    ("if app.debug:\n    {}\n", False),
    ("if __name__ == '__main__':\n    {}\n", False),
    ("def make():\n    if app.debug:\n        return\n    {}\nmake()\n", False),
    ("def make():\n    {}\nif app.debug:\n    make()\n", False),
    ("@app.on_event('startup')\ndef start():\n    if app.debug:\n        {}\n", False),
]


@pytest.mark.parametrize(("source", "fires"), STARTS)
def test_when_it_runs(source: str, fires: bool) -> None:
    assert bool(found("app = FastAPI()\n" + source.format(CREATE.strip()))) is fires


@pytest.mark.parametrize(
    ("call", "count"),
    [
        ("Base.metadata.create_all(engine)", 1),
        ("Base.metadata.create_all(bind=engine)", 1),
        ("User.metadata.create_all(engine)", 1),
        ("Base.metadata.create_all(engine, tables=[User.__table__])", 0),
        ("OtherBase.metadata.create_all(engine)", 0),
        ("unknown.metadata.create_all(engine)", 0),
        ("tables.create_all(engine)", 0),
        ("Base.metadata.drop_all(engine)", 0),
    ],
)
def test_which_tables(call: str, count: int) -> None:
    assert len(found(f"app = FastAPI()\n{call}\n")) == count


def test_run_sync() -> None:
    source = (
        "@asynccontextmanager\nasync def life(app):\n    async with async_engine.begin() as c:\n"
        "        await c.run_sync(Base.metadata.create_all)\n    yield\napp = FastAPI(lifespan=life)\n"
    )
    [finding] = found(source)
    assert "creates tables at start-up" in finding.message
    assert finding.symbol == "life"


@pytest.mark.parametrize(
    ("call", "target", "count"),
    [
        ("SQLModel.metadata", "from sqlmodel import SQLModel\ntarget_metadata = SQLModel.metadata\n", 1),
        ("Item.metadata", "from sqlmodel import SQLModel\ntarget_metadata = SQLModel.metadata\n", 1),
        ("Old.metadata", "from app.models import Old\ntarget_metadata = Old.metadata\n", 1),
        ("Old.metadata", "from app.models import Older\ntarget_metadata = Older.metadata\n", 0),
        ("tables", "from app.models import tables\ntarget_metadata = tables\n", 1),
        (
            "Base.metadata",
            "from app.models import Base, Old\ntarget_metadata = [Old.metadata, Base.metadata]\n",
            1,
        ),
        ("Base.metadata", "from app.models import find\ntarget_metadata = find()\n", 0),
        ("Base.metadata", "target_metadata = None\n", 0),
        (
            "Base.metadata",
            "from app.models import Base\ncontext.configure(target_metadata=Base.metadata)\n",
            1,
        ),
        ("Base.metadata", "from app.models import Old\ncontext.configure(target_metadata=Old.metadata)\n", 0),
        ("Base.metadata", f"{ENV}def run():\n    context.configure(target_metadata=target_metadata)\n", 1),
    ],
)
def test_what_the_migrations_are_for(call: str, target: str, count: int) -> None:
    files = MIGRATIONS | {"alembic/env.py": target}
    assert len(found(f"app = FastAPI()\n{call}.create_all(engine)\n", files)) == count


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({}, 0),
        ({"alembic.ini": "[alembic]\n"}, 0),
        ({"alembic.ini": "[alembic]\n", "alembic/versions/a.py": REVISION}, 1),
        ({"alembic/versions/a.py": REVISION}, 0),
        ({"pyproject.toml": "[tool.alembic]\nx = 1\n", "alembic/versions/a.py": REVISION}, 1),
        ({"pyproject.toml": "[tool.other]\nx = 1\n", "alembic/versions/a.py": REVISION}, 0),
        ({"alembic.ini": "[alembic]\n", "alembic/env.py": ENV}, 0),
        ({"other/alembic.ini": "[alembic]\n", "other/alembic/versions/a.py": REVISION}, 0),
        ({"app/alembic.ini": "[alembic]\n", "app/migrations/versions/a.py": REVISION}, 1),
    ],
)
def test_migrations(files: dict[str, str], count: int) -> None:
    assert len(found("app = FastAPI()\n" + CREATE, files)) == count


def test_a_module_that_the_application_imports_and_one_that_it_doesnt() -> None:
    create = "from app.models import Base, engine\n" + CREATE
    files = MIGRATIONS | {"app/tables.py": create}
    assert found("app = FastAPI()\n", files) == []
    assert [f.span.path for f in found("import app.tables\napp = FastAPI()\n", files)] == ["app/tables.py"]


@pytest.mark.parametrize("path", ["tests/conftest.py", "scripts/create.py"])
def test_tests_and_scripts(path: str) -> None:
    files = MIGRATIONS | {path: "from app.models import Base, engine\n" + CREATE}
    assert found("app = FastAPI()\n", files) == []
