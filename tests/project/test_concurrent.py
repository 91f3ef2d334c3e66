from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.calls.concurrent import concurrent_coroutines
from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def started(project: Project) -> list[list[str]]:
    """The functions of each group; those that are started many times with a star."""
    module = project.module("app/main.py")
    assert module is not None
    return [
        [f"{dotted_name(one.call.func)}{'*' if one.repeated else ''}" for one in group.started]
        for group in concurrent_coroutines(project, module)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await asyncio.gather(a(), b())", [["a", "b"]]),
        ("await asyncio.gather(a())", []),
        ("await asyncio.gather(*[a(), b()], c())", [["a", "b", "c"]]),
        ("await asyncio.gather(*(a(x) for x in xs), b())", [["a*", "b"]]),
        ("await asyncio.gather(*xs)", []),
        ("await asyncio.wait({asyncio.create_task(a()), asyncio.create_task(b())})", [["a", "b"]]),
        ("for done in asyncio.as_completed([a(), b()]):\n        await done", [["a", "b"]]),
        ("async with asyncio.TaskGroup() as g:\n        while x:\n            g.create_task(a())", [["a*"]]),
        ("async with asyncio.TaskGroup() as g:\n        if x:\n            g.create_task(a())", []),
        ("x = asyncio.create_task(a())\n    asyncio.create_task(b())\n    await x", [["a", "b"]]),
        ("x = asyncio.create_task(a())\n    await x\n    y = asyncio.create_task(b())", []),
        ("jobs = [a()]\n    jobs.append(b())\n    await asyncio.gather(*jobs)", [["a", "b"]]),
        ("jobs = [a()]\n    jobs = [b()]\n    await asyncio.gather(*jobs)", []),
    ],
)
def test_groups(project_of: Build, body: str, expected: list[list[str]]) -> None:
    source = f"import asyncio\nasync def run(xs, x):\n    {body}\n"
    assert started(project_of(source)) == expected


def test_names_that_vary(project_of: Build) -> None:
    source = (
        "import asyncio\nasync def run(xs):\n    jobs = []\n    for x in xs:\n        y = x + 1\n"
        "        jobs.append(a(y))\n    await asyncio.gather(*jobs, *[b(z) for z in xs])\n"
    )
    project = project_of(source)
    module = project.module("app/main.py")
    assert module is not None
    [group] = concurrent_coroutines(project, module)
    assert [one.varying for one in group.started] == [{"x", "y"}, {"z"}]
