"""Whether results of calls can be called in turn."""

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = "from pydantic import BaseModel\nfrom functools import cache, partial\n"


def words(project: Project) -> str:
    """What the call in `x = ...` gives, or an empty text if it may be called."""
    module = project.modules[0]
    scope = project.resolver.scope(module)
    call = scope.bindings["x"][-1].value
    assert isinstance(call, s.Call)
    found = project.callables.uncallable(call, scope)
    return found.words if found is not None else ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("async def f(): ...\nx = f()", "a coroutine"),
        ("def f():\n    yield\nx = f()", "a generator"),
        ("def f() -> None: ...\nx = f()", "`None`"),
        ("@cache\ndef f() -> str: ...\nx = f()", "a value of type `str`"),
        ("class M(BaseModel): ...\nx = M()", "an instance of `M`"),
        ("class A: ...\nclass B(A): ...\nx = B()", "an instance of `B`"),
        ("x = print(1)", "its result"),
    ],
)
def test_uncallable(project_of: Build, source: str, expected: str) -> None:
    assert words(project_of(HEAD + source + "\n")) == expected


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def __call__(self): ...\nclass B(A): ...\nx = B()",
        "from lib import Base\nclass A(Base): ...\nx = A()",
        "def f():\n    def g(): ...\n    return g\nx = f()",
        "def f(): ...\nx = partial(f)",
        "@unknown\ndef f() -> int: ...\nx = f()",
        "def f():\n    raise NotImplementedError\nx = f()",
        "def f(): ...\nx = unknown()",
    ],
)
def test_possibly_callable(project_of: Build, source: str) -> None:
    assert words(project_of(HEAD + source + "\n")) == ""
