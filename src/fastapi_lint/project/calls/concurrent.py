"""Coroutines that a function lets run at the same time: by `gather`, in a task group, as tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import (
    blocks,
    expressions,
    method_call,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Scope

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_GATHERING = frozenset({"asyncio.gather", "asyncio.wait", "asyncio.as_completed"})
_TAKES_LIST = frozenset({"asyncio.wait", "asyncio.as_completed"})
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_WRAPPERS = _TASKS | {"asyncio.wait_for", "asyncio.shield"}
_GROUPS = frozenset({"asyncio.TaskGroup", "anyio.create_task_group"})
_NAMES = ("gather", "wait", "as_completed", "create_task", "ensure_future", "TaskGroup", "create_task_group")
_DEPTH = 4


class Started(msgspec.Struct, frozen=True, eq=False):
    """A coroutine by the call that makes it.

    `repeated` tells that a loop or comprehension makes many; `varying` are the names that mean something else
    for each of them.
    """

    call: s.Call
    repeated: bool = False
    varying: frozenset[str] = frozenset()


class Concurrent(msgspec.Struct, frozen=True, eq=False):
    """Coroutines that run at the same time, the function that starts them, and the place to report."""

    function: FunctionSymbol
    scope: Scope
    at: int
    started: tuple[Started, ...]


def concurrent_coroutines(project: Project, module: Module) -> Iterator[Concurrent]:
    """The groups of coroutines that functions of a module start together, in source order."""
    if module.facts.names.isdisjoint(_NAMES):
        return
    for function in project.resolver.index(module).functions:
        if function.node.is_async:
            groups = _Groups(project, function)
            yield from (*groups.gathered(), *groups.in_task_groups(), *groups.tasks())


class _Groups:
    """Finds what one function starts together."""

    def __init__(self, project: Project, function: FunctionSymbol) -> None:
        self.types = project.types
        self.sites = project.calls.of(function)
        self.function = function
        self.scope = project.resolver.scope(function)
        self.calls = tuple(placed_calls(function.node.body))

    def _group(self, at: int, started: Iterable[Started]) -> Iterator[Concurrent]:
        found = tuple(started)
        if len(found) > 1 or any(one.repeated for one in found):
            yield Concurrent(self.function, self.scope, at, found)

    def _is_one(self, call: s.Call, names: frozenset[str]) -> bool:
        callee = self.types.callee(call, self.scope)
        return isinstance(callee, External) and callee.name in names

    # --- gather ----------------------------------------------------------------------------------

    def gathered(self) -> Iterator[Concurrent]:
        """What is handed to `gather`, `wait` and `as_completed`."""
        for site in self.sites:
            if self._is_one(site.call, _GATHERING):
                yield from self._group(site.call.at, self._handed(site))

    def _handed(self, site: CallSite) -> Iterator[Started]:
        if self._is_one(site.call, _TAKES_LIST):
            if site.call.args:
                yield from self._members(site.call.args[0])
            return
        for arg in site.call.args:
            if isinstance(arg, s.Starred):
                yield from self._members(arg.value)
            else:
                yield from self._coroutine(arg)

    def _coroutine(self, expr: Expr, depth: int = 0) -> Iterator[Started]:
        """The coroutine that an expression is, in a task or not."""
        if depth > _DEPTH:
            return
        if isinstance(expr, s.Name):
            value = self._value(expr)
            if value is not None:
                yield from self._coroutine(value, depth + 1)
        elif isinstance(expr, s.Call):
            if self._is_one(expr, _WRAPPERS):
                yield from self._coroutine(expr.args[0], depth + 1) if expr.args else ()
            else:
                yield Started(expr)

    def _value(self, name: s.Name) -> Expr | None:
        """What a local name stands for, if it is bound once."""
        bindings = self.scope.bindings.get(name.id, ())
        if len(bindings) != 1 or bindings[0].path or bindings[0].augmented:
            return None
        return bindings[0].value

    def _members(self, expr: Expr, depth: int = 0) -> Iterator[Started]:
        """The coroutines in a list, tuple, set or comprehension, also if a name holds it."""
        if depth > _DEPTH:
            return
        if isinstance(expr, s.Collection):
            for item in expr.items:
                if isinstance(item, s.Starred):
                    yield from self._members(item.value, depth + 1)
                else:
                    yield from self._coroutine(item)
        elif isinstance(expr, s.Comprehension):
            varying = _names(clause.target for clause in expr.clauses)
            for one in self._coroutine(expr.element):
                yield Started(one.call, True, varying)
        elif isinstance(expr, s.Name):
            value = self._value(expr)
            if value is not None:
                yield from self._members(value, depth + 1)
                yield from self._added(expr.id)

    def _added(self, name: str) -> Iterator[Started]:
        """What `name.append(...)` adds to a list."""
        for placed in self.calls:
            method = method_call(placed.call)
            if method is not None and method[1] in ("append", "add") and _is(method[0], name):
                yield from self._placed(placed, placed.call.args[0]) if placed.call.args else ()

    def _placed(self, placed: PlacedCall, expr: Expr) -> Iterator[Started]:
        """A coroutine started at a place: many in a loop; one under a condition may be none."""
        loops = [one.statement for one in placed.enclosures if one.is_loop]
        if not loops:
            if not any(isinstance(one.statement, s.If | s.Match) for one in placed.enclosures):
                yield from self._coroutine(expr)
            return
        varying = frozenset(
            name
            for name, bindings in self.scope.bindings.items()
            if any(_is_inside(binding.at, loop.at) for binding in bindings for loop in loops)
        )
        for one in self._coroutine(expr):
            yield Started(one.call, True, varying)

    # --- task groups -----------------------------------------------------------------------------

    def in_task_groups(self) -> Iterator[Concurrent]:
        """What is started in each `async with asyncio.TaskGroup() as group`."""
        for statement in walk_statements(self.function.node.body):
            if not isinstance(statement, s.With) or not statement.is_async:
                continue
            for item in statement.items:
                made = isinstance(item.context, s.Call) and self._is_one(item.context, _GROUPS)
                if made and isinstance(item.target, s.Name) and not _waits_for_names(statement):
                    yield from self._group(item.at, self._in_group(item.target.id, statement))

    def _in_group(self, name: str, statement: s.With) -> Iterator[Started]:
        for placed in placed_calls(statement.body):
            method = method_call(placed.call)
            if method is None or not _is(method[0], name) or not placed.call.args:
                continue
            if method[1] == "create_task":
                yield from self._placed(placed, placed.call.args[0])
            elif method[1] == "start_soon":
                function, *rest = placed.call.args
                yield from self._placed(placed, s.Call(placed.call.at, function, tuple(rest), ()))

    # --- tasks -----------------------------------------------------------------------------------

    def tasks(self) -> Iterator[Concurrent]:
        """Tasks of one block that are started without a wait in between."""
        pending: list[tuple[s.Statement, ...]] = [self.function.node.body]
        while pending:
            block = pending.pop(0)
            run: list[Started] = []
            for statement in block:
                pending += blocks(statement)
                task = self._task(statement)
                if task is not None:
                    run += self._coroutine(task)
                elif _may_wait(statement):
                    yield from self._group(run[-1].call.at if run else 0, run)
                    run = []
            yield from self._group(run[-1].call.at if run else 0, run)

    def _task(self, statement: s.Statement) -> s.Call | None:
        value = statement.value if isinstance(statement, s.Assign | s.Expression) else None
        return value if isinstance(value, s.Call) and self._is_one(value, _TASKS) else None


def _is(expr: Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name


def _is_inside(at: int, around: int) -> bool:
    return s.start_of(around) <= s.start_of(at) < s.end_of(around)


def _names(targets: Iterable[Expr]) -> frozenset[str]:
    return frozenset(expr.id for expr in walk_expressions(targets) if isinstance(expr, s.Name))


def _waits_for_names(statement: s.With) -> bool:
    """Whether a block awaits tasks that names hold, so that the order of things isn't known."""
    return any(
        isinstance(expr, s.Await) and isinstance(expr.value, s.Name)
        for inner in walk_statements(statement.body)
        for expr in walk_expressions(expressions(inner))
    )


def _may_wait(statement: s.Statement) -> bool:
    """Whether a statement may give way to other coroutines, or is no plain statement."""
    if blocks(statement):
        return True
    return any(isinstance(expr, s.Await) for expr in walk_expressions(expressions(statement)))
