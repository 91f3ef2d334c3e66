"""Tasks that outlive the request that starts them, and what they are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, dotted_name, expressions_of, walk_statements
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.local_objects import mentions

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_STARTS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOPS = frozenset({"asyncio.get_event_loop", "asyncio.get_running_loop"})
_WAITS = frozenset("gather wait wait_for shield as_completed".split())


class OutlivingTask(msgspec.Struct, frozen=True, eq=False):
    """Work that goes on after the endpoint: by `add_task`, or started on the loop and never awaited.

    `name` is the function's as written, `runs` the expression of the function, `given` what it gets.
    """

    site: CallSite
    kind: str
    name: str
    runs: Expr
    given: tuple[Expr, ...]


def background_tasks(project: Project) -> Iterator[OutlivingTask]:
    """The tasks that FastAPI or a response runs after the endpoint."""
    for site in project.endpoints.task_sites:
        runs = argument(site.call, 0, "func")
        if runs is not None and not project.roles.is_outside(site.module):
            rest = (*site.call.args[1:], *(k.value for k in site.call.keywords if k.name != "func"))
            yield _task(project, site, "background", runs, rest)


def started_tasks(project: Project, module: Module) -> Iterator[OutlivingTask]:
    """The tasks that functions of a module start on the event loop and don't wait for."""
    for site in project.calls.named(module, "create_task", "ensure_future"):
        coroutine = site.call.args[0] if site.call.args else None
        if site.caller is None or not isinstance(coroutine, s.Call) or not is_started(project, site):
            continue
        if _is_left_alone(site.call, site.caller):
            given = (*coroutine.args, *(k.value for k in coroutine.keywords))
            yield _task(project, site, "started", coroutine.func, given)


def _task(project: Project, site: CallSite, kind: str, runs: Expr, given: tuple[Expr, ...]) -> OutlivingTask:
    """A task; of a `partial` or a lambda that only calls something, what that runs and gets."""
    inner = runs.body if isinstance(runs, s.Lambda) and not runs.parameters else runs
    if isinstance(inner, s.Call):
        callee = project.types.callee(inner, site.scope)
        partial = isinstance(callee, External) and callee.name == "functools.partial"
        if partial and inner.args:
            given = (*inner.args[1:], *(k.value for k in inner.keywords), *given)
            runs = inner.args[0]
        elif inner is not runs:
            given = (*inner.args, *(k.value for k in inner.keywords))
            runs = inner.func
    return OutlivingTask(site, kind, dotted_name(runs) or "the task", runs, given)


def is_started(project: Project, site: CallSite) -> bool:
    """Whether a call starts a task on the event loop."""
    if isinstance(site.callee, External) and site.callee.name in _STARTS:
        return True
    func = site.call.func
    return isinstance(func, s.Attribute) and _is_loop(project, func.value, site.scope)


def _is_loop(project: Project, expr: Expr, scope: Scope) -> bool:
    if isinstance(expr, s.Name):
        symbol = project.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable) or symbol.binding.value is None:
            return False
        expr, scope = symbol.binding.value, symbol.scope
    if not isinstance(expr, s.Call):
        return False
    callee = project.types.callee(expr, scope)
    return isinstance(callee, External) and callee.name in _LOOPS


def _is_left_alone(call: s.Call, function: FunctionSymbol) -> bool:
    """Whether a started task is a statement of its own, or kept in a name that nothing waits for."""
    for statement in walk_statements(function.node.body):
        if isinstance(statement, s.Expression) and statement.value is call:
            return True
        if isinstance(statement, s.Assign) and statement.value is call:
            target = statement.targets[0]
            return isinstance(target, s.Name) and not _is_awaited(target.id, function)
    return False


def _is_awaited(name: str, function: FunctionSymbol) -> bool:
    """Whether a task is awaited, cancelled, returned, or handed to something that may wait for it."""
    for statement in walk_statements(function.node.body):
        value = statement.value if isinstance(statement, s.Return) else None
        if value is not None and mentions(value, name):
            return True
    for expr in expressions_of(function.node.body):
        if isinstance(expr, s.Await | s.Yield) and expr.value is not None and mentions(expr.value, name):
            return True
        if isinstance(expr, s.Call):
            last = (dotted_name(expr.func) or "").rpartition(".")[2]
            if last == "cancel" and mentions(expr.func, name):
                return True
            if (last in _WAITS or last == "append") and any(mentions(arg, name) for arg in expr.args):
                return True
    return False
