from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
import os
from functools import cache, cached_property, lru_cache
from contextvars import ContextVar
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine, create_engine as connect
import sqlalchemy as sa
import sqlmodel
import other
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool, QueuePool
class Settings(BaseSettings):
    url: str = ""
@lru_cache
def get_settings():
    return Settings()
settings = get_settings()
tenant = ContextVar("tenant")
app = FastAPI()
URL = os.environ["URL"]
"""
USE = "@app.get('/')\ndef read(db=Depends(get)): ...\n"


def found(source: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source}, select=["DBS002"])


def dependency(body: str, before: str = "", parameters: str = "") -> list[Finding]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return found(f"{before}def get({parameters}):\n{lines}{USE}")


def test_place_and_message() -> None:
    [finding] = dependency("engine = create_engine(URL)\nyield Session(engine)")
    assert (finding.span.line, finding.span.column) == (HEAD.count("\n") + 2, 14)
    assert finding.message == (
        "`create_engine` opens a new pool of connections for each request, in the dependency `get`"
    )
    assert finding.symbol == "get"
    assert finding.chain == ()


def test_message_of_a_called_function() -> None:
    before = "def make(url):\n    return create_engine(url)\n"
    [finding] = dependency("yield Session(make(URL))", before)
    assert finding.message == (
        "`create_engine` opens a new pool of connections for each request, in `make`, which the dependency "
        "`get` reaches"
    )
    assert [hop.symbol for hop in finding.chain] == ["make", "create_engine"]


@pytest.mark.parametrize(
    "call",
    [
        "create_engine(URL)",
        "connect(URL)",
        "sa.create_engine('sqlite://')",
        "sqlmodel.create_engine(settings.url)",
        "create_async_engine(get_settings().url, echo=True)",
        "create_engine(Settings().url)",
        "create_engine(f'postgresql://{settings.url}')",
        "create_engine(os.getenv('URL', 'sqlite://'), poolclass=QueuePool)",
        "create_engine(sa.URL.create('postgresql', host=settings.url))",
    ],
)
def test_calls(call: str) -> None:
    assert len(dependency(f"yield Session({call})")) == 1
    assert len(found(f"@app.get('/')\ndef read():\n    Session({call})\n")) == 1


@pytest.mark.parametrize(
    "call",
    [
        "unknown.create_engine(URL)",
        "create_engine(URL, poolclass=NullPool)",
        "create_engine(URL, poolclass=unknown)",
        "create_engine(URL, **options)",
        "create_engine(tenant.get())",
        "create_engine(unknown())",
        "create_engine(other.current_url())",
    ],
)
def test_other_calls(call: str) -> None:
    assert dependency(f"yield Session({call})") == []


@pytest.mark.parametrize(
    "body",
    [
        "global engine\nengine = create_engine(URL)\nyield Session(engine)",
        "app.state.engine = create_engine(URL)\nyield Session(app.state.engine)",
        "engine = create_engine(URL)\napp.state.engine = engine\nyield Session(engine)",
        "app.state.factory = sessionmaker(create_engine(URL))\nyield app.state.factory()",
        "ENGINES['x'] = create_engine(URL)\nyield Session(ENGINES['x'])",
        "yield Session(ENGINES.setdefault('x', create_engine(URL)))",
        "engine = create_engine(URL, poolclass=NullPool)\nyield Session(engine)\nengine.dispose()",
        "engine = create_engine(URL)\nyield Session(engine)\nengine.dispose()",
        "yield Session(engine_of())",
        "make = lambda: create_engine(URL)\nyield Session(make())",
    ],
)
def test_kept_or_closed(body: str) -> None:
    before = "ENGINES = {}\n@cache\ndef engine_of():\n    return create_engine(URL)\n"
    assert dependency(body, before) == []


@pytest.mark.parametrize(
    ("parameters", "url", "count"),
    [
        ("url: str", "url", 0),
        ("request: Request", "request.headers['x-url']", 0),
        ("conf: Settings = Depends(get_settings)", "conf.url", 1),
        ("conf = Depends(get_settings)", "conf.url", 1),
        ("row = Depends(load)", "row.url", 0),
    ],
)
def test_parameters(parameters: str, url: str, count: int) -> None:
    before = "def load():\n    return unknown()\n"
    assert len(dependency(f"yield Session(create_engine({url}))", before, parameters)) == count


@pytest.mark.parametrize(("given", "count"), [("URL", 1), ("settings.url", 1), ("name", 0)])
def test_parameters_of_called_functions(given: str, count: int) -> None:
    source = (
        "def make(url, echo=False):\n    return create_engine(url, echo=echo)\n"
        f"@app.get('/')\ndef read(name: str):\n    make({given})\n"
    )
    assert len(found(source)) == count


@pytest.mark.parametrize(
    "source",
    [
        "engine = create_engine(URL)\n",
        "def main():\n    create_engine(URL)\n",
        "@app.on_event('startup')\ndef start():\n    app.state.x = create_engine(URL)\n",
        "def create_app():\n    create_engine(URL)\n    return FastAPI()\n",
        "def work():\n    create_engine(URL)\n@app.get('/')\ndef read(t: BackgroundTasks):\n"
        "    t.add_task(work)\n",
        "@unknown\ndef make():\n    return create_engine(URL)\n@app.get('/')\ndef read():\n    make()\n",
        "def make():\n    return create_engine(URL)\nmake = cache(make)\n@app.get('/')\ndef read():\n"
        "    make()\n",
    ],
)
def test_out_of_the_way_of_requests(source: str) -> None:
    assert found(source) == []


def test_a_script_that_an_endpoint_runs() -> None:
    source = "def main():\n    create_engine(URL)\n@app.get('/')\ndef read():\n    main()\n"
    assert len(found(source)) == 1
    assert found(source + "if __name__ == '__main__':\n    main()\n") == []


CLASS = """\
class Database{bases}:
    instance = None
{extra}    def __init__(self):
        self.engine = create_engine(URL)
"""


@pytest.mark.parametrize(
    ("bases", "extra", "count"),
    [
        ("", "", 1),
        ("(metaclass=Single)", "", 0),
        ("", "    def __new__(cls):\n        return cls.instance or super().__new__(cls)\n", 0),
    ],
)
def test_a_class_that_is_a_dependency(bases: str, extra: str, count: int) -> None:
    source = (
        CLASS.format(bases=bases, extra=extra) + "@app.get('/')\ndef read(db: Database = Depends()): ...\n"
    )
    assert len(found(source)) == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return Database()", 1),
        ("global db\n    db = db or Database()\n    return db", 0),
        ("app.state.db = Database()\n    return app.state.db", 0),
    ],
)
def test_a_class_that_a_dependency_constructs(body: str, count: int) -> None:
    source = CLASS.format(bases="", extra="") + f"db = None\ndef get():\n    {body}\n{USE}"
    assert len(found(source)) == count


def test_scripts_and_tests() -> None:
    source = HEAD + f"def get():\n    yield create_engine(URL)\n{USE}"
    assert lint({"tests/test_main.py": source, "scripts/x.py": source}, select=["DBS002"]) == []
