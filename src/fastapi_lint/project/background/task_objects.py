"""Objects that hold background tasks, and whether anything runs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import (
    blocks,
    calls_of,
    keyword,
    method_call,
    walk_statements,
)
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.infer import class_name
from fastapi_lint.project.types.local_objects import LocalObject, local_objects, mentions

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_TASKS, _TASK = "fastapi.BackgroundTasks", "starlette.background.BackgroundTask"


class LostTasks(msgspec.Struct, frozen=True, eq=False):
    """Tasks that are never run: the call that makes their object, and the local name that holds it."""

    function: FunctionSymbol
    call: s.Call
    name: str | None = None
    statement: s.Statement | None = None


class ReplacedTasks(msgspec.Struct, frozen=True, eq=False):
    """A response with tasks of its own, for which FastAPI drops those of the injected parameter.

    `background` is the argument of the response, `added` the first call that gave the parameter a task.
    """

    function: FunctionSymbol
    parameter: s.Parameter
    background: Expr
    added: s.Call


class TaskObjects:
    """Answers which background tasks are never run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.responses = Responses(project.types)

    def lost(self, function: FunctionSymbol) -> Iterator[LostTasks]:
        """The objects with tasks that a function makes and hands to nothing."""
        scope = self.types.resolver.scope(function)
        for made in local_objects(self.project.name_uses, function, scope, self._is_made):
            has_tasks = self._is_task(made.call, scope) or self._gets_tasks(made)
            if has_tasks and not made.escapes and not made.uses_attribute(frozenset({"tasks", "__call__"})):
                yield LostTasks(function, made.call, made.name, made.statement)
        for statement in walk_statements(function.node.body):
            call = statement.value if isinstance(statement, s.Expression) else None
            if isinstance(call, s.Call) and self._is_task(call, scope):
                yield LostTasks(function, call)

    def _is_made(self, call: s.Call, scope: Scope) -> bool:
        return self._class(call, scope) in (_TASKS, _TASK)

    def _is_task(self, call: s.Call, scope: Scope) -> bool:
        return self._class(call, scope) == _TASK

    def _class(self, call: s.Call, scope: Scope) -> str:
        callee = self.types.callee(call, scope)
        return callee.name if isinstance(callee, External) else ""

    def _gets_tasks(self, made: LocalObject) -> bool:
        given = isinstance(made.call.args[0], s.Collection) if made.call.args else bool(made.call.keywords)
        return given or made.uses_attribute(frozenset({"add_task"}))

    # --- injected tasks --------------------------------------------------------------------------

    def replaced(self, function: FunctionSymbol) -> Iterator[ReplacedTasks]:
        """The responses of an endpoint whose own tasks take the place of injected ones, with tasks added."""
        scope = self.types.resolver.scope(function)
        for parameter in function.node.parameters:
            if class_name(self.types.parameter(parameter, scope)) != _TASKS:
                continue
            added = [call for call in calls_of(function.node.body) if _adds(call, parameter.name)]
            for background in self._backgrounds(function, scope):
                if mentions(background, parameter.name) or not self._is_other(background, scope):
                    continue
                first = next((c for c in added if _leads_to(function, c.at, background.at)), None)
                if first is not None:
                    yield ReplacedTasks(function, parameter, background, first)

    def _backgrounds(self, function: FunctionSymbol, scope: Scope) -> Iterator[Expr]:
        """The `background=` arguments of the responses that a function returns directly."""
        for statement in walk_statements(function.node.body):
            value = statement.value if isinstance(statement, s.Return) else None
            given = keyword(value, "background") if isinstance(value, s.Call) else None
            if given is not None and self.responses.is_response(self.types.infer(value, scope)):
                yield given

    def _is_other(self, background: Expr, scope: Scope) -> bool:
        """Whether an argument is an object with tasks that the function makes itself."""
        if isinstance(background, s.Name):
            bindings = scope.bindings.get(background.id, ())
            values = [binding.value for binding in bindings]
            return bool(values) and all(isinstance(v, s.Call) and self._is_made(v, scope) for v in values)
        return isinstance(background, s.Call) and self._is_made(background, scope)


def _adds(call: s.Call, name: str) -> bool:
    method = method_call(call)
    receiver = method[0] if method is not None and method[1] == "add_task" else None
    return isinstance(receiver, s.Name) and receiver.id == name


def _leads_to(function: FunctionSymbol, first: int, then: int) -> bool:
    """Whether a later place can be reached from a place: no other branch, and nothing returns between."""
    if s.start_of(first) >= s.start_of(then):
        return False
    for statement in walk_statements(function.node.body):
        inside = [_holds(block, first) for block in blocks(statement)]
        later = [_holds(block, then) for block in blocks(statement)]
        if not any(inside):
            continue
        if isinstance(statement, s.If | s.Match | s.Try) and any(later) and inside != later:
            return isinstance(statement, s.Try) and (inside[0] or later[-1])
        block = blocks(statement)[inside.index(True)]
        if not any(later) and isinstance(block[-1], s.Return | s.Raise | s.Control):
            return False
    return True


def _holds(block: tuple[s.Statement, ...], at: int) -> bool:
    return bool(block) and s.start_of(block[0].at) <= s.start_of(at) < s.end_of(block[-1].at)
