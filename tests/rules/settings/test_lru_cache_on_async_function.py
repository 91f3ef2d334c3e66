from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

HEAD = """
import functools as ft
from contextlib import asynccontextmanager
from functools import cache as memo, lru_cache
from async_lru import alru_cache
from app.caching import lru_cache as own

cached = lru_cache(maxsize=1)
"""


def found(source: str) -> list[Finding]:
    files = {
        "app/main.py": HEAD + source,
        "app/caching.py": "def lru_cache(function):\n    return function\n",
    }
    return lint(files, select=["CFG004"])


def test_place_and_message() -> None:
    [finding] = found("@lru_cache(maxsize=1)\nasync def load(): ...\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (9, 2, 22)
    assert finding.severity is Severity.ERROR
    assert finding.message == "The cache of `load` keeps a coroutine, which can be awaited only once"
    assert (
        finding.help == "Make `load` a plain `def` if it awaits nothing, else use a cache for async functions"
    )
    assert finding.symbol == "load"


@pytest.mark.parametrize(
    ("body", "thing"),
    [
        ("def load():\n    yield 1\n", "a generator, which can be iterated"),
        ("def load():\n    yield from ()\n", "a generator, which can be iterated"),
        ("async def load():\n    yield 1\n", "an async generator, which can be iterated"),
    ],
)
def test_generators(body: str, thing: str) -> None:
    [finding] = found(f"@lru_cache\n{body}")
    assert f"keeps {thing} only once" in finding.message


@pytest.mark.parametrize(
    "decorators",
    [
        "@lru_cache",
        "@lru_cache()",
        "@memo",
        "@ft.cache",
        "@ft.lru_cache(maxsize=None)",
        "@cached",
        "@unknown\n@lru_cache",
    ],
)
def test_caches(decorators: str) -> None:
    assert len(found(f"{decorators}\nasync def load(): ...\n")) == 1


def test_methods_and_nested_functions() -> None:
    source = (
        "class A:\n    @lru_cache\n    async def load(self): ...\n"
        "def f():\n    @memo\n    async def g(): ...\n    return g\n"
    )
    assert [finding.symbol for finding in found(source)] == ["A.load", "f.<locals>.g"]


@pytest.mark.parametrize(
    "source",
    [
        "@lru_cache\ndef load(): ...\n",
        "@alru_cache\nasync def load(): ...\n",
        "@own\nasync def load(): ...\n",
        "@own()\nasync def load(): ...\n",
        "@unknown.cache\nasync def load(): ...\n",
        "@lru_cache\n@asynccontextmanager\nasync def load():\n    yield\n",
        "@lru_cache\n@to_sync\nasync def load(): ...\n",
        "@lru_cache\ndef load():\n    def inner():\n        yield 1\n    return list(inner())\n",
        "@lru_cache\ndef load():\n    return [x async for x in y]\n",
        "async def load(): ...\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


def test_tests() -> None:
    source = HEAD + "@lru_cache\nasync def load(): ...\n"
    assert lint({"tests/helpers.py": source, "examples/x.py": source}, select=["CFG004"]) == []
