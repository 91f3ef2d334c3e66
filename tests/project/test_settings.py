"""Settings classes, providers, fields, caches and where settings come from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.project import Project
from fastapi_lint.project.settings.fields import SettingsField

Build = Callable[..., Project]

HEAD = """
from functools import cache, lru_cache
from typing import Annotated, ClassVar
from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT = "x"
"""


def fields(project: Project) -> dict[str, SettingsField]:
    [cls] = [cls for cls in project.settings.classes if cls.name == "Settings"]
    return {declared.name: declared for declared in project.settings.fields.of(cls)}


def test_classes_through_bases_of_other_modules(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/base.py": "from pydantic_settings import BaseSettings as B\nclass Base(B): ...\n",
            "app/config.py": "from app.base import Base\nclass Settings(Base): ...\nclass Other: ...\n",
            "app/old.py": "from pydantic.v1 import BaseSettings\nclass Old(BaseSettings): ...\n",
            "app/models.py": "from pydantic import BaseModel\nclass Model(BaseModel): ...\n",
        }
    )
    assert [cls.name for cls in project.settings.classes] == ["Base", "Settings", "Old"]


@pytest.mark.parametrize(
    ("base", "requirements", "expected"),
    [
        ("from pydantic_settings import BaseSettings", "pydantic==1.10.0\n", True),
        ("from pydantic import BaseSettings", "pydantic==2.5.0\n", True),
        ("from pydantic import BaseSettings", "pydantic==1.10.0\n", False),
        ("from pydantic.v1 import BaseSettings", "pydantic==2.5.0\n", False),
    ],
)
def test_pydantic_2(project_of: Build, base: str, requirements: str, expected: bool) -> None:
    source = f"{base}\nclass Settings(BaseSettings): ...\n"
    project = project_of({"app/config.py": source, "requirements.txt": requirements})
    [cls] = project.settings.classes
    assert project.settings.is_pydantic_2(cls, project.versions) is expected


@pytest.mark.parametrize(
    ("body", "constructs", "cached"),
    [
        ("def get():\n    return Settings()\n", True, False),
        ("@cache\ndef get():\n    return Settings()\n", True, True),
        ("@unknown\ndef get():\n    return Settings()\n", True, True),
        ("def load():\n    return Settings()\nget = lru_cache()(load)\n", True, True),
        ("def get():\n    s = Settings()\n    return s\n", True, False),
        ("s = Settings()\ndef get() -> Settings:\n    return s\n", False, False),
        ("def get() -> Settings:\n    return Settings()\ndef again():\n    return get()\n", True, False),
        ("@staticmethod\ndef get():\n    return Settings()\n", True, False),
    ],
)
def test_providers(project_of: Build, body: str, constructs: bool, cached: bool) -> None:
    project = project_of(f"{HEAD}class Settings(BaseSettings): ...\n{body}")
    provider = project.settings.providers[0]
    assert (provider.constructs is not None, provider.cached) == (constructs, cached)


@pytest.mark.parametrize(
    "body",
    [
        "def get():\n    return unknown()\n",
        "def get(x):\n    if x:\n        return Settings()\n    return unknown()\n",
        "def get():\n    yield Settings()\n",
        "def get():\n    return Settings\n",
        "def get():\n    Settings()\n",
    ],
)
def test_no_providers(project_of: Build, body: str) -> None:
    assert project_of(f"{HEAD}class Settings(BaseSettings): ...\n{body}").settings.providers == ()


def test_module_instances(project_of: Build) -> None:
    body = "a = Settings()\nb: Settings = Settings()\nc = a\nd = Settings\ndef f():\n    e = Settings()\n"
    project = project_of(f"{HEAD}class Settings(BaseSettings): ...\n{body}")
    assert [variable.name for variable in project.settings.module_instances] == ["a", "b"]


BODY = """
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    plain: str = "x"
    required: str
    ellipsis: str = Field(...)
    described: str = Field("x", env="Y")
    named: str = Field(default="x")
    made: str = Field(default_factory=str)
    annotated: Annotated[str, Field(env="Z")] = "x"
    constant: ClassVar[str] = "x"
    hidden: SecretStr = SecretStr("x")
    named_constant: str = DEFAULT
    bare = "x"
    _private: str = "x"
    def method(self): ...
"""


def test_fields_and_defaults(project_of: Build) -> None:
    project = project_of(HEAD + BODY)
    found = fields(project)
    assert set(found) == {
        *("plain", "required", "ellipsis", "described", "named", "made", "annotated", "hidden"),
        *("named_constant", "bare"),
    }
    scope = project.settings.fields.inner_scope(found["plain"].cls)
    with_literal = {
        name for name, one in found.items() if project.settings.fields.literal(one.default, scope) is not None
    }
    assert with_literal == set(found) - {"required", "ellipsis", "made"}
    assert {name for name, one in found.items() if one.call is not None} == {
        *("ellipsis", "described", "named", "made", "annotated"),
    }


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ('model_config = SettingsConfigDict(env_prefix="APP_")', "app_url"),
        ('model_config = {"env_prefix": "APP_"}', "app_url"),
        ('class Config:\n        env_prefix = "APP_"', "app_url"),
        ("model_config = SettingsConfigDict(env_prefix=unknown)", None),
        ("model_config = SettingsConfigDict(env_file='.env')", "url"),
        ("pass", "url"),
    ],
)
def test_variables(project_of: Build, option: str, expected: str | None) -> None:
    project = project_of(f"{HEAD}class Settings(BaseSettings):\n    {option}\n    URL: str\n")
    assert project.settings.fields.variable_name(fields(project)["URL"]) == expected


def test_the_nearest_option_counts(project_of: Build) -> None:
    source = f'{HEAD}class Base(BaseSettings, env_prefix="A_"): ...\nclass Settings(Base):\n    url: str\n'
    project = project_of(source)
    assert project.settings.fields.variable_name(fields(project)["url"]) == "a_url"
    project = project_of(source.replace("(Base)", '(Base, env_prefix="B_")'))
    assert project.settings.fields.variable_name(fields(project)["url"]) == "b_url"


def test_the_settings_with_most_fields_are_named(project_of: Build) -> None:
    classes = "class Logs(BaseSettings):\n    a: int = 1\n"
    classes += "class Main(BaseSettings):\n    b: int = 1\n    c: int = 1\n"
    more = "class Later(BaseSettings):\n    d: int = 1\n    e: int = 1\n"
    made = "logs = Logs()\nmain = Main()\nlater = Later()\n"
    project = project_of(
        {"app/config.py": HEAD + classes + more + made, "app/work.py": "import app.config\n"}
    )
    work = project.module("app/work.py")
    assert work is not None
    found = project.settings_use.settings_for(work)
    assert found is not None
    assert found.name == "Main"


def test_the_settings_that_a_module_can_use(project_of: Build) -> None:
    project = project_of(
        {
            "app/__init__.py": "",
            "app/main.py": "from fastapi import FastAPI\nfrom app import config, work\napp = FastAPI()\n",
            "app/config.py": HEAD
            + "class Base(BaseSettings): ...\nclass Settings(Base): ...\nsettings = Settings()\n",
            "app/work.py": "def work(): ...\n",
            "other/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "tests/config.py": HEAD + "class TestSettings(BaseSettings): ...\n",
        }
    )
    work, other = project.module("app/work.py"), project.module("other/main.py")
    assert work is not None
    assert other is not None
    found = project.settings_use.settings_for(work)
    assert found is not None
    assert found.name == "Settings"
    assert project.settings_use.settings_for(other) is None
