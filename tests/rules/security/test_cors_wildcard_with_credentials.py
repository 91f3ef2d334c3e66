from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """\
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from pydantic import Field
from pydantic_settings import BaseSettings
app = FastAPI()
"""


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["SEC001"])


def added(options: str) -> str:
    return f"app.add_middleware(CORSMiddleware, {options})\n"


def test_place_message_and_related() -> None:
    [finding] = found(
        "app.add_middleware(\n    CORSMiddleware,\n    allow_origins=['*'],\n    allow_credentials=True)\n"
    )
    assert (finding.span.line, finding.span.column, finding.span.end_line) == (7, 1, 10)
    assert finding.message == "`CORSMiddleware` allows credentials and, by `allow_origins`, any origin"
    assert [related.span.line for related in finding.related] == [9, 10]


@pytest.mark.parametrize(
    "origins",
    [
        "['*']",
        "('*',)",
        "{'*'}",
        "'*'",
        "['https://a.example', '*']",
        "['*'] + EXTRA",
        "ORIGINS",
        "config.ORIGINS",
    ],
)
def test_wildcards(origins: str) -> None:
    source = "from app import config\nORIGINS = ['*']\nEXTRA = []\n"
    files = {"app/config.py": "ORIGINS = ['*']\n", "app/__init__.py": ""}
    assert len(found(source + added(f"allow_origins={origins}, allow_credentials=True"), **files)) == 1


@pytest.mark.parametrize(
    "pattern", [".*", "^.*$", "https?://.*", "(https?://.*)", "http.*", "(http|https)://.*", "https://.+"]
)
def test_patterns_for_any_origin(pattern: str) -> None:
    [finding] = found(added(f"allow_origin_regex=r'{pattern}', allow_credentials=True"))
    assert "by `allow_origin_regex`" in finding.message


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://.*\.example\.org",
        r"https://example\.org",
        "http://localhost:.*",
        "(a+)+$",
        "https://.*example.org",
    ],
)
def test_patterns_for_some_origins(pattern: str) -> None:
    assert found(added(f"allow_origin_regex=r'{pattern}', allow_credentials=True")) == []


@pytest.mark.parametrize(
    "source",
    [
        "application = CORSMiddleware(app, allow_origins=['*'], allow_credentials=True)\n",
        "wrapped = CORSMiddleware(app=app, allow_origins=['*'], allow_credentials=True)\n",
        "cors = Middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n"
        "other = FastAPI(middleware=[cors])\n",
        "class Ours(CORSMiddleware): ...\n"
        "app.add_middleware(Ours, allow_origins=['*'], allow_credentials=True)\n",
        "import starlette.middleware.cors as c\n"
        "app.add_middleware(c.CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n",
        "def secure(api: FastAPI):\n"
        "    api.add_middleware(\n        middleware_class=CORSMiddleware, allow_origins=['*'],"
        " allow_credentials=True)\n",
        "OPTIONS = {'allow_origins': ['*'], 'allow_credentials': True}\n"
        "app.add_middleware(CORSMiddleware, **OPTIONS)\n",
        "OPTIONS = dict(allow_origins=['*'])\n"
        "app.add_middleware(CORSMiddleware, allow_credentials=True, **OPTIONS)\n",
        "CREDENTIALS = True\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=CREDENTIALS)\n",
    ],
)
def test_ways_to_add_it(source: str) -> None:
    assert len(found(source)) == 1


class TestSettings:
    CONFIG = (
        "from functools import lru_cache\nfrom pydantic import Field\n"
        "from pydantic_settings import BaseSettings\n"
        "class Base(BaseSettings):\n    origins: list[str] = {}\nclass Settings(Base):\n    name: str = 'a'\n"
        "settings = Settings()\n@lru_cache\ndef get_settings():\n    return Settings()\n"
    )

    @pytest.mark.parametrize("settings", ["settings", "get_settings()", "Settings()"])
    @pytest.mark.parametrize("default", ["['*']", "Field(default=['*'])", "Field(['*'])"])
    def test_wildcard_by_default(self, settings: str, default: str) -> None:
        source = "from app.config import Settings, get_settings, settings\n"
        source += added(f"allow_origins={settings}.origins, allow_credentials=True")
        [finding] = found(source, **{"app/config.py": self.CONFIG.format(default)})
        assert finding.related[0].span.path == "app/config.py"

    @pytest.mark.parametrize(
        "default", ["[]", "['https://a.example']", "Field()", "Field(default_factory=list)"]
    )
    def test_no_wildcard_by_default(self, default: str) -> None:
        source = "from app.config import settings\n" + added(
            "allow_origins=settings.origins, allow_credentials=True"
        )
        assert found(source, **{"app/config.py": self.CONFIG.format(default)}) == []

    def test_overridden_by_the_class_that_is_used(self) -> None:
        config = self.CONFIG.format("['*']").replace("name: str = 'a'", "origins: list[str] = []")
        source = "from app.config import settings\n" + added(
            "allow_origins=settings.origins, allow_credentials=True"
        )
        assert found(source, **{"app/config.py": config}) == []


@pytest.mark.parametrize(
    "options",
    [
        "allow_origins=['*']",
        "allow_origins=['*'], allow_credentials=False",
        "allow_credentials=True",
        "allow_origins=['https://a.example'], allow_credentials=True",
        "allow_origins=['https://*.example.org'], allow_credentials=True",
        "allow_origins=[], allow_methods=['*'], allow_headers=['*'], allow_credentials=True",
        "allow_origins=os.environ['ORIGINS'].split(','), allow_credentials=True",
        "allow_origins=[str(o) for o in ORIGINS], allow_credentials=True",
        "allow_origins=['*'] if app.debug else [], allow_credentials=True",
        "allow_origins=['*'], allow_credentials=not app.debug",
        "**unknown()",
    ],
)
def test_options_that_are_fine_or_unknown(options: str) -> None:
    assert found("import os\nORIGINS = ['*']\n" + added(options)) == []


@pytest.mark.parametrize(
    "test",
    [
        "app.debug",
        "settings.ENVIRONMENT == 'local'",
        "os.getenv('MODE') != 'x'",
        "env in ('dev', 'test')",
        "is_production",
        "'*' not in origins",
    ],
)
def test_under_a_condition(test: str) -> None:
    call = added("allow_origins=['*'], allow_credentials=True")
    assert found(f"if {test}:\n    {call}else:\n    {call}") == []
    helper = f"def allow(app: FastAPI):\n    {call}if {test}:\n    allow(app)\n"
    assert found(helper) == []


def test_under_a_condition_on_something_else() -> None:
    call = added("allow_origins=['*'], allow_credentials=True")
    assert len(found(f"if settings.cors:\n    {call}")) == 1
    assert len(found(f"def allow(app: FastAPI):\n    {call}allow(app)\nif app.debug:\n    allow(app)\n")) == 1


def test_origins_set_twice() -> None:
    source = "origins = ['*']\norigins = load()\n" + added("allow_origins=origins, allow_credentials=True")
    assert found(source) == []


def test_another_middleware() -> None:
    source = "class CORSMiddleware: ...\n" + added("allow_origins=['*'], allow_credentials=True")
    assert found(source) == []


def test_tests_and_scripts_are_left_out() -> None:
    source = HEAD + added("allow_origins=['*'], allow_credentials=True")
    assert lint({"tests/test_a.py": source, "scripts/serve.py": source}, select=["SEC001"]) == []
