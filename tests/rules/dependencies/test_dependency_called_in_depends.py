from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = (
    "from typing import Annotated, Callable\n"
    "from fastapi import Depends, FastAPI, Security\n"
    "from pydantic import BaseModel\n"
    "app = FastAPI()\n"
)
USE = "@app.get('/')\ndef endpoint(x=Depends({})): ...\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + source, **files}, select=["DEP001"])


def test_place_message_and_help() -> None:
    [finding] = found("def limit() -> int: ...\n" + USE.format("limit()"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (7, 24, 31)
    assert finding.message == (
        "`Depends` is given what `limit()` returns, a value of type `int`, which FastAPI can't call"
    )
    assert finding.help == "Write `Depends(limit)`, so that FastAPI calls it for each request"
    assert finding.fix is not None
    assert finding.fix.safety == "safe"


@pytest.mark.parametrize(
    ("definition", "call", "words"),
    [
        ("async def f(): return g\n", "f()", "a coroutine"),
        ("def f():\n    yield 1\n", "f()", "a generator"),
        ("async def f():\n    yield 1\n", "f()", "an async generator"),
        ("def f() -> None: ...\n", "f()", "`None`"),
        ("def f():\n    print(1)\n", "f()", "`None`"),
        ("def f():\n    return 'a'\n", "f()", "a value of type `str`"),
        ("def f(x):\n    if x:\n        return 1\n    return 2\n", "f(1)", "a value of type `int`"),
        ("class M(BaseModel): ...\ndef f() -> M: ...\n", "f()", "an instance of `M`"),
        ("class M(BaseModel): ...\n", "M()", "an instance of `M`"),
        ("def f() -> dict[str, int]: ...\n", "f()", "a value of type `dict`"),
        ("import functools\n@functools.lru_cache\ndef f() -> int: ...\n", "f()", "a value of type `int`"),
        ("class A:\n    def m(self) -> int: ...\na = A()\n", "a.m()", "a value of type `int`"),
    ],
)
def test_fires(definition: str, call: str, words: str) -> None:
    [finding] = found(definition + USE.format(call))
    assert words in finding.message


def test_security_and_annotated() -> None:
    source = "def f() -> int: ...\n@app.get('/')\ndef e(x: Annotated[int, Security(f(), scopes=[])]): ...\n"
    [finding] = found(source)
    assert finding.message.startswith("`Security` is given what `f()` returns")


def test_imported_under_another_name() -> None:
    source = "from app.deps import limit as l\nimport fastapi as f\n"
    source += "@app.get('/')\ndef e(x=f.Depends(l())): ...\n"
    assert len(found(source, **{"app/deps.py": "def limit() -> int: ...\n"})) == 1


def test_module_constant_and_dependencies_list() -> None:
    source = (
        "def f() -> int: ...\nLimit = Depends(f())\n"
        "@app.get('/', dependencies=[Depends(f())])\ndef e(): ...\n"
    )
    assert [finding.span.line for finding in found(source)] == [6, 7]


def test_call_with_arguments_has_no_fix() -> None:
    [finding] = found("def f(x) -> int: ...\n" + USE.format("f(1)"))
    assert finding.fix is None
    assert finding.help == "Let `f` return the function that FastAPI is to call"


@pytest.mark.parametrize(
    ("definition", "call"),
    [
        ("def f():\n    def g(): ...\n    return g\n", "f()"),
        ("def f():\n    async def g(): ...\n    return g\n", "f()"),
        ("def f():\n    return lambda: 1\n", "f()"),
        ("import functools\ndef g(): ...\ndef f():\n    return functools.partial(g, 1)\n", "f()"),
        ("class C:\n    def __call__(self): ...\ndef f():\n    return C()\n", "f()"),
        ("class C:\n    def __call__(self): ...\ndef f() -> C: ...\n", "f()"),
        ("class C:\n    def __call__(self): ...\nclass D(C): ...\n", "D()"),
        ("from lib import Base\nclass C(Base): ...\n", "C()"),
        ("def f() -> Callable[[], int]: ...\n", "f()"),
        ("def f() -> Callable: ...\n", "f()"),
        ("from lib import f\n", "f()"),
        ("from lib import wrap\n@wrap\ndef f() -> int: ...\n", "f()"),
        ("from lib import thing\ndef f():\n    return thing()\n", "f()"),
        ("def f(x):\n    if x:\n        return 1\n    return lambda: 1\n", "f(1)"),
        ("def f(): raise NotImplementedError\n", "f()"),
        ("class C:\n    def __call__(self) -> int: ...\nc = C()\n", "c"),
        ("def f() -> int: ...\n", "f"),
        ("def make(): ...\n", "lambda: make()"),
        ("from fastapi.security import OAuth2PasswordBearer\n", "OAuth2PasswordBearer(tokenUrl='t')"),
        ("from fastapi import Response\ndef f() -> Response: ...\n", "f()"),
    ],
)
def test_silent(definition: str, call: str) -> None:
    assert found(definition + USE.format(call)) == []


def test_other_depends_is_none_of_ours() -> None:
    source = "from taskiq import Depends\ndef f() -> int: ...\ndef e(x=Depends(f())): ...\n"
    assert found(source) == []


def test_tests_are_silent() -> None:
    source = HEAD + "def f() -> int: ...\n" + USE.format("f()")
    assert lint({"tests/test_app.py": source}, select=["DEP001"]) == []
