from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """from contextvars import ContextVar
import time
from fastapi import Depends, FastAPI, Header
current: ContextVar[str] = ContextVar("current", default="-")
app = FastAPI()
"""
READ = "@app.get('/id', dependencies=[Depends(dep)])\nasync def read(): return current.get()\n"
DEP = "def dep(x: str = Header('-')):\n    {}\n"


def found(code: str, **files: str) -> list[Finding]:
    return lint({"app/__init__.py": "", "app/main.py": HEAD + code, **files}, select=["DEP008"])


def test_place_message_and_fix() -> None:
    [finding] = found(DEP.format("current.set(x)") + READ)
    assert (finding.span.line, finding.span.column) == (7, 5)
    assert finding.message == (
        "`dep` sets `current` in a thread of its own: the value is gone where `read` reads it"
    )
    assert [(one.message, one.span.line) for one in finding.related] == [("It is read here", 9)]
    assert finding.chain == ()
    assert finding.symbol == "dep"
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"


@pytest.mark.parametrize(
    "code",
    [
        DEP.format("token = current.set(x); yield; current.reset(token)") + READ,
        "class Dep:\n    def __call__(self, x: str = Header('-')): current.set(x)\ndep = Dep()\n" + READ,
        "class dep:\n    def __init__(self, x: str = Header('-')): current.set(x)\n" + READ,
        "other = ContextVar('other')\n" + DEP.format("other.set(x)") + READ.replace("current", "other"),
        # a dependency of a dependency, of a router, of the app
        DEP.format("current.set(x)")
        + "async def outer(x=Depends(dep)): ...\n"
        + READ.replace("(dep)", "(outer)"),
        # read by something else than the endpoint
        DEP.format("current.set(x)")
        + "import logging\nclass Filter(logging.Filter):\n"
        + "    def filter(self, record):\n        record.id = current.get()\n        return True\n"
        + READ.replace("current.get()", "1"),
        DEP.format("current.set(x)")
        + "def name(): return current.get()\n"
        + READ.replace("current.get()", "name()"),
        # it reads it as well, but others too
        DEP.format("current.set(x); print(current.get())") + READ,
    ],
)
def test_lost(code: str) -> None:
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "async " + DEP.format("current.set(x)") + READ,
        "async " + DEP.format("current.set(x); yield") + READ,
        # nobody else reads it
        DEP.format("current.set(x)") + READ.replace("current.get()", "1"),
        DEP.format("current.set(x); print(current.get())") + READ.replace("current.get()", "1"),
        DEP.format("current.set(x); show()")
        + "def show(): print(current.get())\n"
        + READ.replace("current.get()", "1"),
        DEP.format("current.set(x)") + "other = ContextVar('other')\n" + READ.replace("current", "other"),
        # not a dependency, not a context variable
        "@app.middleware('http')\nasync def m(request, call_next):\n    current.set('x')\n"
        "    return await call_next(request)\n"
        "def dep(): ...\n" + READ,
        "def helper(x): current.set(x)\ndef dep(): ...\n" + READ,
        DEP.format("x.set(x)") + READ,
        DEP.format("state.set(x)")
        + "class S:\n    def set(self, x): ...\n    def get(self): ...\nstate = S()\n"
        + READ.replace("current", "state"),
        DEP.format("later(x)") + "async def later(x): current.set(x)\n" + READ,
    ],
)
def test_silent(code: str) -> None:
    assert found(code) == []


def test_over_modules_with_a_chain() -> None:
    context = "from contextvars import ContextVar\nrid = ContextVar('rid')\ndef use(x): rid.set(x)\n"
    files = {"app/context.py": context}
    code = "from app import context\n" + DEP.format("context.use(x)") + READ.replace("current", "context.rid")
    [finding] = found(code, **files)
    assert (finding.span.path, finding.span.line) == ("app/main.py", 8)
    assert [hop.symbol for hop in finding.chain] == ["use", "rid.set"]


@pytest.mark.parametrize(
    ("body", "fixable"),
    [
        ("current.set(x)", True),
        ("current.set(x); yield", True),
        ("current.set(x); time.sleep(1)", False),
        ("current.set(x); slow()", False),
        ("current.set(x); yield from ()", False),
    ],
)
def test_fix_only_where_nothing_blocks(body: str, fixable: bool) -> None:
    [finding] = found("def slow(): time.sleep(1)\n" + DEP.format(body) + READ)
    assert (finding.fix is not None) is fixable


def test_no_fix_where_others_call_it() -> None:
    [finding] = found(DEP.format("current.set(x)") + "def other(): dep('x')\n" + READ)
    assert finding.fix is None
