from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.background.guards import Guards
from fastapi_lint.project.background.repeated_work import RepeatedWork
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

HEAD = """
import asyncio, httpx, threading
from sqlalchemy.orm import Session, sessionmaker
Maker = sessionmaker()
rates = {}
def save(x):
    with Maker() as db:
        db.add(x)
def redis_lock(): ...
"""


def job(project: Project) -> FunctionSymbol:
    module = project.module("app/main.py")
    assert module is not None
    return next(f for f in project.resolver.index(module).functions if f.name == "job")


def function(project_of: Build, *lines: str) -> tuple[Project, FunctionSymbol]:
    project = project_of(HEAD + "async def job(x):\n" + "".join(f"    {line}\n" for line in lines))
    return project, job(project)


@pytest.mark.parametrize(
    ("line", "outside", "own"),
    [
        ("save(x)", True, False),
        ("httpx.post(x)", True, False),
        ("httpx.get(x)", False, False),
        ("work.delay(x)", True, False),
        ("print(x)", False, False),
        ("rates['x'] = 1", False, True),
        ("rates.clear()", False, True),
        ("global rates; rates = {}", False, True),
        ("save.last = 1", False, True),
        ("x.last = 1", False, False),
        ("rates['x'] = 1; save(x)", True, False),
    ],
)
def test_work(project_of: Build, line: str, outside: bool, own: bool) -> None:
    project, found = function(project_of, line)
    work = RepeatedWork(project)
    assert (work.changes_outside(found), work.is_about_its_process(found)) == (outside, own)


@pytest.mark.parametrize(
    ("line", "guarded"),
    [
        ("with redis_lock(): print()", True),
        ("x.setnx('k', 1)", True),
        ("x.set('k', 1, nx=True)", True),
        ("x.execute('SELECT GET_LOCK(1)')", True),
        ("if not x.is_leader: return", True),
        ("await x.acquireLock()", True),
        ("async with asyncio.Lock(): print()", False),
        ("with threading.RLock(): print()", False),
        ("print(x.clock, x.block, x.blocked_by)", False),
        ("save(x)", False),
    ],
)
def test_guards(project_of: Build, line: str, guarded: bool) -> None:
    project, found = function(project_of, line)
    assert Guards(project).reaches_guard(found) is guarded
