"""What runs on the event loop, and which decorators move a function away."""

from collections.abc import Callable

import pytest

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
HEAD = "import asyncio, functools, time\nfrom fastapi import FastAPI\napp = FastAPI()\n"


def running(project: Project) -> list[tuple[str, str, int]]:
    """Name, root and number of calls on the way, of each function on the event loop."""
    return [(c.function.name, c.root.function.name, len(c.path)) for c in project.event_loop.running]


def test_awaited_functions_run_there_by_the_shortest_way(project_of: Build) -> None:
    source = (
        "async def c(): ...\nasync def b(): await c()\n"
        "@app.get('/')\nasync def a():\n    await b()\n    await c()\n"
    )
    assert running(project_of(HEAD + source)) == [("a", "a", 0), ("b", "a", 1), ("c", "a", 1)]


def test_plain_endpoints_and_lifespans_do_not(project_of: Build) -> None:
    source = (
        "async def helper(): ...\n@app.get('/')\ndef plain(): ...\n"
        "@app.on_event('startup')\nasync def start(): await helper()\n"
    )
    assert running(project_of(HEAD + source)) == []


def test_depth_is_bounded(project_of: Build) -> None:
    source = "".join(f"async def f{i}(): await f{i + 1}()\n" for i in range(9))
    source += "@app.get('/')\nasync def a(): await f0()\n"
    assert len(running(project_of(HEAD + source, ProjectOptions(max_call_depth=3)))) == 4


def test_functions_that_await_each_other_end(project_of: Build) -> None:
    source = "async def b(): await a()\n@app.get('/')\nasync def a(): await b()\n"
    assert [name for name, _, _ in running(project_of(HEAD + source))] == ["a", "b"]


PLAIN = "def d(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a)\n    return inner\n"
THREAD = "def d(f):\n    def inner(*a):\n        return asyncio.to_thread(f, *a)\n    return inner\n"
ASYNC = "def d(f):\n    async def inner(*a):\n        return f(*a)\n    return inner\n"


@pytest.mark.parametrize(
    ("source", "here"),
    [
        ("def work(): ...\n", True),
        (PLAIN + "@d\ndef work(): ...\n", True),
        (THREAD + "@d\ndef work(): ...\n", False),
        (ASYNC + "@d\ndef work(): ...\n", False),
        ("@functools.lru_cache\ndef work(): ...\n", False),
        ("@functools.lru_cache(maxsize=1)\ndef work(): ...\n", False),
        ("from lib import d\n@d\ndef work(): ...\n", False),
        ("async def work(): ...\n", False),
        ("def work():\n    yield 1\n", False),
        ("import contextlib\n@contextlib.contextmanager\ndef work():\n    yield 1\n", True),
        ("class A:\n    @staticmethod\n    def work(): ...\n", True),
    ],
)
def test_what_runs_in_the_callers_thread(project_of: Build, source: str, here: bool) -> None:
    project = project_of(HEAD + source)
    functions = project.resolver.index(project.modules[0]).functions
    [work] = [f for f in functions if isinstance(f, FunctionSymbol) and f.name == "work"]
    assert project.event_loop.colours.runs_here(work) is here


REPORT = (
    "def report(text, wait=False):\n"
    "    def send():\n        time.sleep(1)\n"
    "    if wait:\n        return send()\n"
    "    start(send)\n"
)
GUARDED = "def report(text, quick=True):\n    if quick:\n        return None\n    time.sleep(1)\n"
EITHER = (
    "def report(text, quick=True):\n    if quick:\n        time.sleep(1)\n    else:\n        time.sleep(2)\n"
)
BEHIND = GUARDED + "def log(text, quick):\n    report(text, quick)\n"
TWO_WAYS = (
    "def slow(): time.sleep(1)\n"
    "def report(text, retry=False):\n    if retry:\n        time.sleep(1)\n    archive(text)\n"
    "def archive(text): slow()\n"
)


@pytest.mark.parametrize(
    ("source", "call", "reached"),
    [
        (REPORT, "report('x')", []),
        (REPORT, "report('x', wait=True)", ["report", "send", "sleep"]),
        (REPORT, "report('x', wait=flag)", ["report", "send", "sleep"]),
        (REPORT, "report(**options)", ["report", "send", "sleep"]),
        (GUARDED, "report('x')", []),
        (GUARDED, "report('x', False)", ["report", "sleep"]),
        (EITHER, "report('x')", ["report", "sleep"]),
        (BEHIND, "log('x', True)", []),
        (BEHIND, "log('x', False)", ["log", "report", "sleep"]),
        (TWO_WAYS, "report('x')", ["report", "archive", "slow", "sleep"]),
    ],
)
def test_branches_that_constant_arguments_rule_out_block_nothing(
    project_of: Build, source: str, call: str, reached: list[str]
) -> None:
    project = project_of(f"{HEAD}{source}@app.get('/')\nasync def a(flag: bool, options): {call}\n")
    names = [
        getattr(site.callee, "name", "").rpartition(".")[2]
        for b in project.event_loop.blocks()
        for site in b.chain
    ]
    assert names == reached
