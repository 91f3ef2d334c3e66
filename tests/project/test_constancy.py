from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.constancy import Constancy
from fastapi_lint.project.project import Project
from fastapi_lint.project.types.bodies import return_values

Build = Callable[..., Project]
HEAD = """\
import os
from contextvars import ContextVar
from functools import cache
from other import current
from fastapi import Depends, Request
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    url: str = ""
@cache
def get_settings():
    return Settings()
def read_url():
    return os.environ["URL"]
def tenant_url():
    return TENANT.get()
settings = Settings()
TENANT = ContextVar("tenant")
URL = "x"
class Client:
    timeout = 5
    def __init__(self, base):
        self.base = base
        self.url = URL
        self.settings = settings
    def base_url(self):
        return self.base
    def own_url(self):
        return self.url
    def own_timeout(self):
        return self.timeout
    def from_settings(self):
        return self.settings.url
"""


def is_constant(project: Project, qualname: str = "f") -> bool:
    """Whether what a function returns is the same for each request."""
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.qualname == qualname]
    [value] = return_values(function)
    return Constancy(project).is_constant(value, project.resolver.scope(function), ())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    return 'x'\n", True),
        ("def f():\n    return f'{URL}/{settings.url}'\n", True),
        ("def f():\n    return get_settings().url\n", True),
        ("def f():\n    return os.getenv('X', URL)\n", True),
        ("def f():\n    return read_url()\n", True),
        ("def f():\n    url = URL + 'x'\n    return url\n", True),
        ("def f(conf: Settings = Depends(get_settings)):\n    return conf.url\n", True),
        ("def f(url):\n    return url\n", False),
        ("def f(request: Request):\n    return request.url\n", False),
        ("def f():\n    return TENANT.get()\n", False),
        ("def f():\n    return tenant_url()\n", False),
        ("def f():\n    return current()\n", False),
        ("async def f():\n    return await read()\n", False),
        ("def f(x):\n    url = URL\n    url = x\n    return url\n", False),
    ],
)
def test_expressions(project_of: Build, source: str, expected: bool) -> None:
    assert is_constant(project_of(HEAD + source)) is expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [("base_url", False), ("own_url", True), ("own_timeout", True), ("from_settings", True)],
)
def test_attributes_of_self(project_of: Build, method: str, expected: bool) -> None:
    assert is_constant(project_of(HEAD), f"Client.{method}") is expected


@pytest.mark.parametrize(("argument", "expected"), [("URL", True), ("request.url", False)])
def test_arguments_of_calls_on_the_way(project_of: Build, argument: str, expected: bool) -> None:
    source = f"def make(url):\n    return url\ndef read(request: Request):\n    make({argument})\n"
    project = project_of(HEAD + source)
    module = project.module("app/main.py")
    assert module is not None
    functions = {f.name: f for f in project.resolver.index(module).functions}
    way = project.calls.of(functions["read"])
    [value] = return_values(functions["make"])
    scope = project.resolver.scope(functions["make"])
    assert Constancy(project).is_constant(value, scope, way) is expected
