from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import ClassSymbol
from fastapi_lint.project.project import Project
from fastapi_lint.project.pydantic.models import PydanticModels

Build = Callable[..., Project]
HEAD = (
    "from typing import Annotated, ClassVar\nfrom pydantic import BaseModel, Field, SecretStr\n"
    "import pydantic.v1\nfrom sqlmodel import SQLModel\n"
)


def model(project: Project, name: str = "M") -> ClassSymbol:
    module = project.module("app/main.py")
    assert module is not None
    [found] = [cls for cls in project.resolver.index(module).classes if cls.name == name]
    return found


def test_fields_of_a_model_and_its_bases(project_of: Build) -> None:
    source = (
        "class Base(BaseModel):\n    a: int\n    b: str\nclass M(Base):\n    b: int = Field(default=3)\n"
        "    c: ClassVar[int] = 1\n    _d: int = 2\n    model_config = {}\n    def e(self): ...\n"
    )
    project = project_of(HEAD + source)
    models = PydanticModels(project)
    fields = models.fields(model(project))
    assert sorted(fields) == ["a", "b"]
    assert fields["b"].owner.name == "M"
    assert getattr(models.default_of(fields["b"]), "value", None) == 3
    assert models.default_of(fields["a"]) is None


@pytest.mark.parametrize(
    ("source", "is_model", "is_v1"),
    [
        ("class M(BaseModel): ...", True, False),
        ("class M(SQLModel): ...", True, False),
        ("class M(pydantic.v1.BaseModel): ...", True, True),
        ("class M: ...", False, False),
    ],
)
def test_kinds_of_models(project_of: Build, source: str, is_model: bool, is_v1: bool) -> None:
    project = project_of(HEAD + source)
    models = PydanticModels(project)
    assert (models.is_model(model(project)), models.is_v1(model(project))) == (is_model, is_v1)


@pytest.mark.parametrize(
    ("fields", "masked", "plain"),
    [
        ("password: str", "password", "password"),
        ("password: SecretStr", "password", None),
        ("pin: SecretStr | None = None", "pin", None),
        ("password: Annotated[str, Field(min_length=8)]", "password", "password"),
        ("token: int", None, None),
        ("name: str\n    token_count: str", None, None),
        ("inner: list[Inner]", "api_key", "api_key"),
        ("inner: 'Inner'", None, None),
    ],
)
def test_secret_fields(project_of: Build, fields: str, masked: str | None, plain: str | None) -> None:
    project = project_of(
        f"{HEAD}class Inner(BaseModel):\n    api_key: str\nclass M(BaseModel):\n    {fields}\n"
    )
    models = PydanticModels(project)
    found = [models.secret_field(model(project), masked=flag) for flag in (True, False)]
    assert [one.name if one else None for one in found] == [masked, plain]


def test_model_that_holds_itself(project_of: Build) -> None:
    project = project_of(
        f"{HEAD}class A(BaseModel):\n    b: 'list[M]'\nclass M(BaseModel):\n    a: A\n    m: list[A]\n"
    )
    assert PydanticModels(project).secret_field(model(project), masked=True) is None
