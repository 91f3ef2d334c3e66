from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "import os\nfrom fastapi import FastAPI\n"
    "from sqlalchemy import create_engine, make_url, URL\nimport sqlmodel\n"
    "from sqlalchemy.ext.asyncio import create_async_engine\n"
    "app = FastAPI()\n"
)
SETTINGS = (
    "from typing import Annotated\n"
    "from pydantic import Field, AfterValidator, field_validator, model_validator\n"
    "from pydantic_settings import BaseSettings\n"
    "class Settings(BaseSettings):\n    {}\nsettings = Settings()\n"
)


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source} | files, select=["DBS004"])


def from_settings(
    field: str, use: str = "settings.url", files: dict[str, str] | None = None
) -> list[Finding]:
    source = SETTINGS.format(field) + f"engine = create_async_engine({use})\n"
    return found(source, **(files or {}))


def test_place_and_message() -> None:
    [finding] = found("engine = create_async_engine('postgresql://db/app', echo=True)\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (7, 30, 51)
    assert finding.message == "`postgresql` is a synchronous driver, which `create_async_engine` refuses"
    assert finding.help == "Name an asynchronous driver: `postgresql+asyncpg`"
    assert finding.related == ()


@pytest.mark.parametrize(
    ("driver", "better"),
    [
        ("postgresql", "postgresql+asyncpg"),
        ("postgres", "postgresql+asyncpg"),
        ("postgresql+psycopg2", "postgresql+asyncpg"),
        ("mysql", "mysql+aiomysql"),
        ("mysql+pymysql", "mysql+aiomysql"),
        ("sqlite", "sqlite+aiosqlite"),
    ],
)
def test_synchronous_drivers_and_their_fix(driver: str, better: str) -> None:
    source = "engine = create_async_engine('{}:///x')\n"
    findings = found(source.format(driver))
    assert len(findings) == 1
    text = HEAD + source.format(driver)
    assert apply_fixes({"app/main.py": text}, findings)["app/main.py"] == HEAD + source.format(better)


@pytest.mark.parametrize(
    "driver",
    [
        "postgresql+asyncpg",
        "postgresql+psycopg",
        "sqlite+aiosqlite",
        "mysql+asyncmy",
        "other",
        "mssql+aioodbc",
    ],
)
def test_other_drivers(driver: str) -> None:
    assert found(f"engine = create_async_engine('{driver}:///x')\n") == []


@pytest.mark.parametrize(
    ("driver", "count"),
    [
        ("postgresql+asyncpg", 1),
        ("sqlite+aiosqlite", 1),
        ("mysql+aiomysql", 1),
        ("postgresql", 0),
        ("postgresql+psycopg", 0),
        ("sqlite", 0),
    ],
)
@pytest.mark.parametrize("call", ["create_engine", "sqlmodel.create_engine"])
def test_the_reverse(call: str, driver: str, count: int) -> None:
    assert len(found(f"engine = {call}('{driver}:///x')\n")) == count


def test_message_of_the_reverse() -> None:
    [finding] = found("engine = create_engine('sqlite+aiosqlite://')\n")
    assert finding.message == (
        "`sqlite+aiosqlite` is an asynchronous driver, and `create_engine` makes a synchronous engine"
    )
    assert finding.fix is None


@pytest.mark.parametrize(
    "source",
    [
        "from sqlalchemy.ext.asyncio import AsyncEngine\n"
        "engine = AsyncEngine(create_engine('sqlite+aiosqlite://'))\n",
        "from sqlalchemy.ext.asyncio import AsyncEngine\nplain = create_engine('sqlite+aiosqlite://')\n"
        "engine = AsyncEngine(plain)\n",
    ],
)
def test_a_plain_engine_that_is_wrapped(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("URL_ = 'sqlite://'\nengine = create_async_engine(URL_)\n", 1),
        ("URL_ = 'sqlite://'\nengine = create_async_engine(url=URL_)\n", 1),
        ("name = 'x'\nengine = create_async_engine(f'sqlite:///{name}')\n", 1),
        ("name = 'x'\nengine = create_async_engine(f'{name}:///x')\n", 0),
        ("URL_ = os.environ['URL']\nengine = create_async_engine(URL_)\n", 0),
        ("URL_ = 'sqlite://'\nURL_ = URL_ + 'x'\nengine = create_async_engine(URL_)\n", 0),
        ("URL_ = 'sqlite://'\nif app:\n    URL_ = 'x'\nengine = create_async_engine(URL_)\n", 0),
        ("engine = create_async_engine('postgresql://x'.replace('postgresql', 'postgresql+asyncpg'))\n", 0),
        ("engine = create_async_engine(make_url('sqlite://').set(drivername='sqlite+aiosqlite'))\n", 0),
        ("engine = create_async_engine(make_url('sqlite://'))\n", 0),
        ("def make(url='sqlite://'):\n    return create_async_engine(url)\n", 0),
        ("engine = create_async_engine('change-me')\n", 0),
        ("engine = create_async_engine('<url>')\n", 0),
        ("engine = unknown.create_async_engine('sqlite://')\n", 0),
    ],
)
def test_where_the_url_comes_from(source: str, count: int) -> None:
    assert len(found(source)) == count


@pytest.mark.parametrize(
    ("field", "use", "count"),
    [
        ("url: str = 'sqlite://'", "settings.url", 1),
        ("url: str = 'sqlite://'", "str(settings.url)", 1),
        ("url: str = 'sqlite://'", "Settings().url", 1),
        ("url: str = Field(default='sqlite://')", "settings.url", 1),
        ("url: str = Field('sqlite://', validation_alias='DB')", "settings.url", 1),
        ("url: str = 'sqlite+aiosqlite://'", "settings.url", 0),
        ("url: str", "settings.url", 0),
        ("url: str = 'sqlite://'", "settings.url.replace('sqlite', 'sqlite+aiosqlite')", 0),
        (
            "raw: str = 'sqlite://'\n    @property\n    def url(self):\n        return 'sqlite://'",
            "settings.url",
            0,
        ),
        ("url: Annotated[str, AfterValidator(str)] = 'sqlite://'", "settings.url", 0),
    ],
)
def test_settings(field: str, use: str, count: int) -> None:
    assert len(from_settings(field, use)) == count


@pytest.mark.parametrize(
    ("decorator", "count"),
    [
        ("@field_validator('url')", 0),
        ("@field_validator('other')", 1),
        ("@field_validator('*')", 0),
        ("@model_validator(mode='after')", 0),
    ],
)
def test_validators(decorator: str, count: int) -> None:
    field = f"other: str = ''\n    url: str = 'sqlite://'\n    {decorator}\n    def check(cls, v): ..."
    assert len(from_settings(field)) == count


@pytest.mark.parametrize(
    ("name", "text", "paths"),
    [
        (".env.example", "URL=postgresql://app@db/app\n", [".env.example"]),
        (".env.example", "url='postgresql://app@db/app'\n", [".env.example"]),
        (".env.example", "URL=postgresql+asyncpg://app@db/app\n", []),
        (".env.example", "URL=change-me\n", ["app/main.py"]),
        (".env.example", "OTHER=postgresql://app@db/app\n", ["app/main.py"]),
        (".env.test.example", "URL=postgresql+asyncpg://app@db/app\n", ["app/main.py"]),
    ],
)
def test_env_files(name: str, text: str, paths: list[str]) -> None:
    findings = from_settings("url: str = 'sqlite://'", files={name: text})
    assert [finding.span.path for finding in findings] == paths


def test_message_of_an_env_file() -> None:
    [finding] = from_settings("url: str", files={".env.example": "URL=sqlite:///x.db\n"})
    assert finding.message == "`sqlite` in `URL` is a synchronous driver, which `create_async_engine` refuses"
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (1, 1, 4)
    assert [related.span.path for related in finding.related] == ["app/main.py"]


@pytest.mark.parametrize(
    ("command", "url", "paths"),
    [
        ("uvicorn app.main:app", "postgresql://db/app", ["compose.yaml"]),
        ("uvicorn app.main:app", "postgresql+asyncpg://db/app", []),
        ("uvicorn app.main:app", "${URL}", []),
        ("sleep 1", "postgresql://db/app", []),
    ],
)
def test_services(command: str, url: str, paths: list[str]) -> None:
    compose = f"services:\n  api:\n    build: .\n    command: {command}\n    environment:\n      URL: {url}\n"
    findings = from_settings(
        "url: str", files={"compose.yaml": compose, "Dockerfile": "FROM python:3.13\nCOPY . .\n"}
    )
    assert [finding.span.path for finding in findings] == paths


@pytest.mark.parametrize(
    ("requirements", "count"),
    [
        ("fastapi\n", 1),
        ("sqlalchemy==2.0.58\npsycopg\n", 1),
        ("sqlalchemy==2.1.9\npsycopg[binary]\n", 0),
        ("sqlalchemy>=2\npsycopg\n", 0),
        ("sqlalchemy==2.1.9\nasyncpg\n", 1),
    ],
)
def test_what_postgresql_alone_means(requirements: str, count: int) -> None:
    source = "engine = create_async_engine('postgresql://db/app')\n"
    assert len(found(source, **{"requirements.txt": requirements})) == count


def test_two_engines_for_one_url() -> None:
    assert len(found("U = 'sqlite://'\na = create_async_engine(U)\nb = create_async_engine(U)\n")) == 1


def test_migrations_and_tests() -> None:
    source = HEAD + "engine = create_async_engine('sqlite://')\n"
    assert lint({"tests/test_x.py": source, "alembic/env.py": source}, select=["DBS004"]) == []
