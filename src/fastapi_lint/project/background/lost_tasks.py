"""Background tasks that are added on the way to an error, so that FastAPI drops them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.enclosures import placed_statements
from fastapi_lint.project.body.flow import can_complete
from fastapi_lint.project.errors.made_errors import HTTP_EXCEPTIONS
from fastapi_lint.project.names.symbols import FunctionSymbol, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.body.enclosures import Enclosures
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

_KINDS = ("endpoint", "dependency")


class LostTask(msgspec.Struct, frozen=True, eq=False):
    """A call of `add_task` on injected tasks, and the statement behind it that raises the error."""

    site: CallSite
    function: FunctionSymbol
    raised: s.Statement


class LostTasks:
    """Answers which tasks an `HTTPException` drops. Only what stands right before it counts."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    def all(self) -> Iterator[LostTask]:
        """The lost tasks of endpoints and dependencies, in the order of path and place."""
        called = {id(one.function) for one in self.project.endpoints.called if one.kind in _KINDS}
        for site in self.project.endpoints.task_sites:
            function = site.caller
            if function is None or id(function) not in called or not self._is_injected(site):
                continue
            if self.project.roles.is_outside(site.module):
                continue
            raised = self._raised_behind(site, function)
            if raised is not None:
                yield LostTask(site, function, raised)

    def _is_injected(self, site: CallSite) -> bool:
        func = site.call.func
        symbol = (
            self.types.resolver.resolve(func.value, site.scope) if isinstance(func, s.Attribute) else None
        )
        return isinstance(symbol, Variable) and symbol.binding.parameter is not None

    def _raised_behind(self, site: CallSite, function: FunctionSymbol) -> s.Statement | None:
        """The error behind a task: in the same block, or at the end of the `except` clause around it."""
        scope = self.types.resolver.scope(function)
        placed = list(placed_statements(function.node.body))
        position = next((i for i, (node, _) in enumerate(placed) if _is_call(node, site.call)), None)
        if position is None:
            return None
        block = placed[position][1]
        for statement, around in placed[position + 1 :]:
            if around == block or (_is_clause(around) and around == block[: len(around)]):
                raises = self._raises(statement, around, function)
                if raises:
                    return None if self._may_catch(around, scope) else statement
            if _leaves(statement) and _are_nested(around, block):
                return None
        return None

    def _raises(self, statement: s.Statement, around: Enclosures, function: FunctionSymbol) -> bool:
        scope = self.types.resolver.scope(function)
        return self._is_http_error(statement, function) or self._is_reraised(statement, around, scope)

    def _is_http_error(self, statement: s.Statement, function: FunctionSymbol) -> bool:
        """Whether a statement raises an `HTTPException`, or calls a function that always does."""
        if isinstance(statement, s.Raise):
            raised = self.project.raising.within((statement,), function)
            return any(one.is_http and one.is_direct for one in raised)
        value = statement.value if isinstance(statement, s.Expression) else None
        call = value.value if isinstance(value, s.Await) else value
        if not isinstance(call, s.Call):
            return False
        callee = self.types.callee(call, self.types.resolver.scope(function))
        if not isinstance(callee, FunctionSymbol) or can_complete(callee.node.body):
            return False
        errors = self.project.raising.by(callee)
        return bool(errors) and all(error.is_http for error in errors)

    def _is_reraised(self, statement: s.Statement, around: Enclosures, scope: Scope) -> bool:
        """Whether a bare `raise` goes on with an `HTTPException` that its clause has caught."""
        if not isinstance(statement, s.Raise) or statement.error is not None or not around:
            return False
        clause = around[-1].handler.type if around[-1].handler is not None else None
        names = list(self.project.catching.exception_names(clause, scope)) if clause is not None else []
        return bool(names) and all(name in HTTP_EXCEPTIONS for name in names)

    def _may_catch(self, around: Enclosures, scope: Scope) -> bool:
        """Whether the function itself may catch an `HTTPException` that is raised at a place."""
        names = HTTP_EXCEPTIONS | {"builtins.Exception", "builtins.BaseException"}
        return self.project.catching.may_catch(around, scope, frozenset(names))


def _is_call(statement: s.Statement, call: s.Call) -> bool:
    return isinstance(statement, s.Expression) and statement.value is call


def _leaves(statement: s.Statement) -> bool:
    return isinstance(statement, s.Return | s.Raise) or (
        isinstance(statement, s.Control) and statement.kind != "pass"
    )


def _are_nested(one: Enclosures, other: Enclosures) -> bool:
    """Whether one place stands in the same blocks as another one, or further in or out of them."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _is_clause(around: Enclosures) -> bool:
    return bool(around) and around[-1].part == "handler"
