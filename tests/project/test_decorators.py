from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.decorator_traces import DecoratorTraces
from fastapi_lint.project.calls.decorators import Decoration
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = """
import functools
from functools import wraps
from fastapi import FastAPI
from slowapi import Limiter
app = FastAPI()
limiter = Limiter()

def hiding(f):
    def run(*args, **kwargs):
        return f(*args, **kwargs)
    return run

def kept(f):
    @wraps(f)
    def run(*args):
        return f(*args)
    return run

def updated(f):
    def run(*args):
        return f(*args)
    functools.update_wrapper(run, f)
    return run

def signed(f):
    def run(*args):
        return f(*args)
    run.__signature__ = sign(f)
    return run

def registry(f):
    SEEN.append(f)
    return f

def marked(**marks):
    def mark(f):
        f.marks = marks
        return f
    return mark

def factory(role):
    def decorate(f):
        def run(*args):
            return f(*args)
        return run
    return decorate

def both(f=None, *, ttl=1):
    def decorate(f):
        @wraps(f)
        def run(*args):
            return f(*args)
        return run
    if f is not None:
        return decorate(f)
    return decorate

def sometimes(f):
    def run(*args):
        return f(*args)
    return run if DEBUG else f

class Counted:
    def __init__(self, f):
        self.f = f
    def __call__(self, *args):
        return self.f(*args)

class Limit:
    def __init__(self, n):
        self.n = n
    def __call__(self, f):
        @wraps(f)
        def run(*args):
            return f(*args)
        return run
    def method(self, f):
        def run(*args):
            return f(*args)
        return run

limit = Limit(1)
"""


@pytest.fixture
def effect(project_of: Build) -> Callable[[str], Decoration]:
    """What `@<text>` does with the function below it."""

    def build(text: str) -> Decoration:
        project = project_of(f"{HEAD}\n@{text}\ndef decorated(): ...\n")
        module = project.module("app/main.py")
        assert module is not None
        [function] = [f for f in project.resolver.index(module).functions if f.name == "decorated"]
        [found] = project.decorators.of(function)
        return found

    return build


@pytest.mark.parametrize(
    ("text", "expected", "hides"),
    [
        ("hiding", "wraps", True),
        ("kept", "wraps", False),
        ("updated", "wraps", False),
        ("signed", "wraps", False),
        ("factory('x')", "wraps", True),
        ("both", "wraps", False),
        ("both(ttl=2)", "wraps", False),
        ("Counted", "wraps", False),
        ("Limit(3)", "wraps", False),
        ("limit", "wraps", False),
        ("limit.method", "wraps", True),
        ("registry", "keeps", False),
        ("marked(a=1)", "keeps", False),
        ("app.get('/')", "keeps", False),
        ("staticmethod", "keeps", False),
        ("limiter.limit('5/minute')", "wraps", False),
        ("functools.lru_cache(maxsize=1)", "wraps", False),
        ("functools.cache", "wraps", False),
        ("sometimes", "unknown", False),
        ("elsewhere", "unknown", False),
        ("elsewhere.thing(1)", "unknown", False),
    ],
)
def test_effect(effect: Callable[[str], Decoration], text: str, expected: str, hides: bool) -> None:
    found = effect(text)
    assert (found.effect, found.hides_signature) == (expected, hides)


def test_wrapper_is_known(effect: Callable[[str], Decoration]) -> None:
    wrapper = effect("factory('x')").wrapper
    assert wrapper is not None
    assert wrapper.qualname == "factory.<locals>.decorate.<locals>.run"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("kept", "kept"), ("hiding", "own"), ("signed", "unknown"), ("limiter.limit('1/day')", "kept")],
)
def test_signature(effect: Callable[[str], Decoration], text: str, expected: str) -> None:
    assert effect(text).signature == expected


@pytest.mark.parametrize(("text", "expected"), [("hiding", False), ("remembered", True), ("Counted", False)])
def test_decorators_that_leave_a_trace(project_of: Build, text: str, expected: bool) -> None:
    remembered = "def remembered(f):\n    def run(): ...\n    SEEN[f.__name__] = run\n    return run\n"
    project = project_of(f"{HEAD}{remembered}\n@{text}\ndef decorated(): ...\n")
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.name == "decorated"]
    [found] = project.decorators.of(function)
    assert found.maker is not None
    assert DecoratorTraces(project.types).leaves_one(found.maker) is expected
