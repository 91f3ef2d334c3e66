from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.literal_values import Literal, LiteralValues

Build = Callable[..., Project]
HEAD = """\
from pydantic import Field
from pydantic_settings import BaseSettings
from app import config
class Settings(BaseSettings):
    a: str = "field"
    b: str = Field("call")
    c: str
settings = Settings()
ONE = "one"
OTHER = ONE
if ONE:
    MAYBE = "maybe"
TWICE = 1
TWICE = 2
"""
FILES = {"app/__init__.py": "", "app/config.py": "NAME = 'there'\n"}


def literal(project: Project) -> Literal | None:
    """What the expression behind the last `x = ` of the module stands for."""
    module = project.module("app/main.py")
    assert module is not None
    last = module.facts.body[-1]
    assert isinstance(last, s.Assign)
    return LiteralValues(project).of(last.value, project.resolver.scope(module))


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("'here'", "here"),
        ("ONE", "one"),
        ("OTHER", "one"),
        ("config.NAME", "there"),
        ("settings.a", "field"),
        ("Settings().b", "call"),
    ],
)
def test_followed(project_of: Build, expr: str, value: str) -> None:
    found = literal(project_of({**FILES, "app/main.py": f"{HEAD}x = {expr}\n"}))
    assert found is not None
    assert found.value == value
    assert found.setting == ("ettings" in expr)


@pytest.mark.parametrize("expr", ["MAYBE", "TWICE", "settings.c", "settings.missing", "unknown", "ONE[0]"])
def test_not_followed(project_of: Build, expr: str) -> None:
    assert literal(project_of({**FILES, "app/main.py": f"{HEAD}x = {expr}\n"})) is None


def test_keywords(project_of: Build) -> None:
    source = "O = {'a': 1, 'b': [2]}\nP = dict(c=ONE)\nx = f(d=4, e=unknown, **O, **P)\n"
    project = project_of({**FILES, "app/main.py": HEAD + source})
    call = literal(project)
    assert call is not None
    assert isinstance(call.expr, s.Call)
    found, complete = LiteralValues(project).keywords(call.expr, call.scope)
    assert {name: one.value for name, one in found.items()} == {"d": 4, "a": 1, "b": (), "c": "one"}
    assert complete
    assert not LiteralValues(project).keywords(
        s.Call(0, call.expr.func, (), (s.Keyword(0, None, call.expr.func),)), call.scope
    )[1]
