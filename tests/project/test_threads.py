from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.calls.threads import run_elsewhere
from fastapi_lint.project.names.wording import callee_name
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

SOURCE = """
import asyncio, anyio, functools, time
from concurrent.futures import ThreadPoolExecutor
from fastapi.concurrency import run_in_threadpool
pool = ThreadPoolExecutor()
def work(x, y=1): ...
class Job:
    def __call__(self): ...
async def f(loop, form):
    {line}
"""


@pytest.mark.parametrize(
    ("line", "called", "given"),
    [
        ("await asyncio.to_thread(work, 1, y=2)", "work", 2),
        ("await run_in_threadpool(work, 1)", "work", 1),
        ("await anyio.to_thread.run_sync(work, 1)", "work", 1),
        ("await loop.run_in_executor(None, work, 1)", "work", 1),
        ("await loop.run_in_executor(pool, functools.partial(work, 1, y=2))", "work", 2),
        ("pool.submit(work)", "work", 0),
        ("await asyncio.to_thread(time.sleep, 5)", "time.sleep", 1),
        ("await asyncio.to_thread(Job())", "Job.__call__", 0),
        ("await asyncio.to_thread()", None, 0),
        ("form.submit(work)", None, 0),
        ("work(1)", None, 0),
        ("asyncio.create_task(work)", None, 0),
    ],
)
def test_run_elsewhere(project_of: Build, line: str, called: str | None, given: int) -> None:
    project = project_of(SOURCE.replace("{line}", line))
    module = project.module("app/main.py")
    assert module is not None
    function = next(f for f in project.resolver.index(module).functions if f.name == "f")
    moved = [run_elsewhere(project.types, site) for site in project.calls.of(function)]
    found = [site for site in moved if site is not None]
    assert [callee_name(site) for site in found] == ([called] if called else [])
    assert [len(site.call.args) + len(site.call.keywords) for site in found] == ([given] if called else [])
