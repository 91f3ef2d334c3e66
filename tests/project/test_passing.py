from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = (
    "def plain(a, b=1, *rest, c, **more): ...\n"
    "class K:\n    def __init__(self, x): ...\n    def method(self, a, b): ...\n"
    "    @staticmethod\n    def static(a): ...\n    @classmethod\n    def made(cls, a): ...\n"
    "k = K(0)\n"
)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("plain(1, 2, 3, c=4, d=5)", {"a": 1, "b": 2, "c": 4}),
        ("plain(*[1], 2)", {}),
        ("plain(1, *[2], 3)", {"a": 1}),
        ("k.method(1, b=2)", {"a": 1, "b": 2}),
        ("K.method(0, 1, 2)", {"self": 0, "a": 1, "b": 2}),
        ("K.static(1)", {"a": 1}),
        ("k.static(1)", {"a": 1}),
        ("K.made(1)", {"a": 1}),
        ("K(1)", {"x": 1}),
    ],
)
def test_parameters_of_arguments(project_of: Build, call: str, wanted: dict[str, int]) -> None:
    project = project_of(f"{HEAD}def f():\n    {call}\n")
    module = project.module("app/main.py")
    assert module is not None
    function = project.resolver.index(module).functions[-1]
    [site] = project.calls.of(function)
    target = project.calls.entered(site)
    assert target is not None
    found = passed(project.types, site.call, site.scope, target)
    assert {p.name: value.value for p, value in found if isinstance(value, s.Constant)} == wanted
