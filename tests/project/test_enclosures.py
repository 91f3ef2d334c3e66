from __future__ import annotations

from collections.abc import Callable

from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.project import Project

Build = Callable[..., Project]


def calls(project: Project) -> dict[str, PlacedCall]:
    """The calls of the function `f`, by name."""
    module = project.module("app/main.py")
    assert module is not None
    [function] = [f for f in project.resolver.index(module).functions if f.name == "f"]
    return {dotted_name(placed.call.func) or "?": placed for placed in placed_calls(function.node.body)}


def around(placed: PlacedCall) -> list[str]:
    return [f"{type(one.statement).__name__}.{one.part}" for one in placed.enclosures]


def test_parts_of_a_try(project_of: Build) -> None:
    source = (
        "def f():\n    try:\n        a()\n    except KeyError:\n        b()\n    else:\n        c()\n"
        "    finally:\n        d()\n"
    )
    found = calls(project_of(source))
    assert {name: around(placed) for name, placed in found.items()} == {
        "a": ["Try.body"],
        "b": ["Try.handler"],
        "c": ["Try.else"],
        "d": ["Try.finally"],
    }
    handler = found["b"].enclosures[0].handler
    assert handler is not None
    assert found["a"].enclosures[0].handler is None


def test_what_runs_in_every_turn(project_of: Build) -> None:
    source = (
        "async def f():\n    while a():\n        if b():\n            c()\n    else:\n        d()\n"
        "    async for x in e():\n        g()\n"
    )
    found = calls(project_of(source))
    looped = {name for name, placed in found.items() if placed.in_loop}
    assert looped == {"a", "b", "c", "g"}
    assert around(found["c"]) == ["While.body", "If.body"]


def test_order_awaits_and_outer_calls(project_of: Build) -> None:
    source = (
        "async def f():\n    await outer(inner(), k=named())\n    async with entered():\n        plain()\n"
    )
    found = calls(project_of(source))
    assert list(found) == ["inner", "named", "outer", "entered", "plain"]
    assert [name for name, placed in found.items() if placed.awaited] == ["outer", "entered"]
    assert found["inner"].outer is found["outer"].call
    assert found["named"].outer_awaited
    assert found["plain"].outer is None


def test_nested_definitions_and_lambdas_are_not_entered(project_of: Build) -> None:
    source = "def f():\n    @a()\n    def g():\n        b()\n    return lambda: c()\n"
    assert list(calls(project_of(source))) == ["a"]
