from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.background.endless import EndlessLoops
from fastapi_lint.project.project import Project

Build = Callable[..., Project]

SOURCE = "import asyncio, itertools, time\nasync def work():\n"


@pytest.mark.parametrize(
    ("loop", "endless", "periodic"),
    [
        ("while True:\n    time.sleep(1)", True, True),
        ("for _ in itertools.count():\n    await asyncio.sleep(1)", True, True),
        ("while True:\n    print()", True, False),
        ("while True:\n    try: time.sleep(1)\n    except asyncio.CancelledError: break", True, True),
        ("while True:\n    try: time.sleep(1)\n    except OSError: break", False, False),
        ("while True:\n    for x in ():\n        break\n    time.sleep(1)", True, True),
        ("while running:\n    time.sleep(1)", False, False),
        ("while True:\n    yield time.sleep(1)", True, False),
    ],
)
def test_loops(project_of: Build, loop: str, endless: bool, periodic: bool) -> None:
    project = project_of(SOURCE + "".join(f"    {line}\n" for line in loop.splitlines()))
    module = project.module("app/main.py")
    assert module is not None
    [function] = project.resolver.index(module).functions
    loops = EndlessLoops(project)
    scope = project.resolver.scope(function)
    assert bool(list(loops.loops(function.node.body, scope))) is endless
    assert (loops.periodic(function) is not None) is periodic
