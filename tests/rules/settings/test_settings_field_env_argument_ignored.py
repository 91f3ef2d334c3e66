from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import pydantic
from typing import Annotated
from pydantic import Field, SecretStr
from pydantic import Field as F
from pydantic_settings import BaseSettings, SettingsConfigDict

"""


def found(body: str, head: str = HEAD, bases: str = "BaseSettings", **files: str) -> list[Finding]:
    source = f"{head}class Settings({bases}):\n    {body}\n"
    return lint({"app/config.py": source, **files}, select=["CFG005"])


def test_place_and_message() -> None:
    [finding] = found('url: str = Field("x", env="APP_DB", description="d")')
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (9, 27, 39)
    assert finding.severity is Severity.ERROR
    assert finding.message == "`Settings.url` never reads `APP_DB`: Pydantic 2 ignores `env`"
    assert finding.help == 'Name it with `validation_alias="APP_DB"`'
    assert finding.symbol == "Settings"
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"


@pytest.mark.parametrize(
    "body",
    [
        'url: str = Field(env="DB")',
        'url: str = Field(..., env="DB")',
        'url: str = F("x", env="DB")',
        'url: str = pydantic.Field("x", env="DB")',
        'url: Annotated[str, Field(env="DB")] = "x"',
        'url: str = Field("x", env=["DB", "DATABASE"])',
        'url: str = Field("x", env=("DB",))',
        'model_config = SettingsConfigDict(env_prefix="APP_")\n    url: str = Field("x", env="URL")',
        'model_config = {"env_prefix": "APP_"}\n    url: str = Field("x", env="URL")',
        'class Config:\n        env_prefix = "APP_"\n    url: str = Field("x", env="URL")',
    ],
)
def test_fields(body: str) -> None:
    assert len(found(body)) == 1


def test_several_names() -> None:
    [finding] = found('url: str = Field("x", env=["DB", "DATABASE"])')
    assert finding.message == "`Settings.url` never reads `DB`, `DATABASE`: Pydantic 2 ignores `env`"
    assert finding.help == 'Name it with `validation_alias=AliasChoices("DB", "DATABASE")`'
    assert finding.fix is None


def test_the_configuration_of_the_class() -> None:
    [finding] = found('url: str = "x"\n    class Config:\n        fields = {"url": {"env": "DB"}}')
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (11, 34, 38)
    assert finding.help == 'Write `url: ... = Field(validation_alias="DB")`'


def test_a_base_class_of_the_project() -> None:
    assert (
        len(found('url: str = Field("x", env="DB")', HEAD + "class Base(BaseSettings): ...\n", "Base")) == 1
    )


def test_a_prefix_of_the_base_class() -> None:
    head = HEAD + 'class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n'
    assert found('url: str = Field("x", env="app_url")', head, "Base") == []


def test_a_prefix_among_the_keywords_of_the_class() -> None:
    assert found('url: str = Field("x", env="APP_URL")', bases='BaseSettings, env_prefix="APP_"') == []


@pytest.mark.parametrize(
    "body",
    [
        'url: str = Field("x", env="URL")',
        'url: str = Field("x", env="url")',
        'url: str = Field("x", env=["OTHER", "URL"])',
        'url: str = Field("x", env="DB", validation_alias="DB")',
        'url: str = Field("x", env="DB", alias="DB")',
        'url: str = Field("x", env=NAME)',
        'url: str = Field("x", description="env")',
        'url: str = other.Field("x", env="DB")',
        'url: str = call(env="DB")',
        'model_config = SettingsConfigDict(env_prefix=PREFIX)\n    url: str = Field("x", env="URL")',
        'url: str = "x"\n    class Config:\n        fields = {"url": {"env": "URL"}}',
        'url: str = "x"\n    class Config:\n        fields = {"url": {"title": "URL"}}',
        'url: str = "x"\n    class Config:\n        fields = {"other": {"env": "DB"}}',
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_a_model_that_is_no_settings() -> None:
    head = "from pydantic import BaseModel, Field\n"
    assert found('url: str = Field("x", env="DB")', head, "BaseModel") == []


V1 = "from pydantic import BaseSettings, Field\n"


@pytest.mark.parametrize(
    ("head", "requirements"),
    [
        (V1, "pydantic==1.10.17\n"),
        (V1, "pydantic>=1.10\n"),
        ("from pydantic.v1 import BaseSettings, Field\n", "pydantic==2.10.0\n"),
    ],
)
def test_pydantic_1(head: str, requirements: str) -> None:
    assert found('url: str = Field("x", env="DB")', head, **{"requirements.txt": requirements}) == []


def test_the_versions_decide_for_the_old_import() -> None:
    body = 'url: str = Field("x", env="DB")'
    assert len(found(body, V1, **{"requirements.txt": "pydantic==2.10.0\n"})) == 1


def test_fix() -> None:
    source = HEAD + 'class Settings(BaseSettings):\n    url: str = Field("x", env = "DB", title="t")\n'
    files = {"app/config.py": source}
    fixed = apply_fixes(files, lint(files, select=["CFG005"]))
    assert fixed["app/config.py"] == source.replace("env = ", "validation_alias = ")
