"""Health checks that fail and still answer 200."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of, walk_statements
from fastapi_lint.project.requests.responses import Responses

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
    from fastapi_lint.project.project import Project


class HiddenFailure(msgspec.Struct, frozen=True):
    """An `except` clause after which a function answers 200; `at` is the return, or the clause's head."""

    at: int
    returns: bool


class HealthFailures:
    """Answers where a function hides that its check failed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.responses = Responses(project.types)

    def hidden_in(self, function: FunctionSymbol) -> Iterator[HiddenFailure]:
        """The clauses of a function's own `try` statements around a check that lead to an answer of 200."""
        for statement in walk_statements(function.node.body):
            if isinstance(statement, s.Try) and self._has_check(statement, function):
                for handler in statement.handlers:
                    found = self._hidden_by(handler, statement, function)
                    if found is not None:
                        yield found

    def _has_check(self, tried: s.Try, function: FunctionSymbol) -> bool:
        """Whether a body awaits something or reaches a resource."""
        for site in self.project.calls.within(tried.body, function):
            if site.awaited or self.project.effects.resource(site) is not None:
                return True
            inner = self.project.calls.entered(site)
            if inner is not None and self.project.effects.reach(inner) is not None:
                return True
        return False

    def _hidden_by(self, handler: s.Handler, tried: s.Try, function: FunctionSymbol) -> HiddenFailure | None:
        scope = self.project.resolver.scope(function)
        if self._may_fail(handler.body, scope) or self._calls_raising(handler.body, function):
            return None
        returns = [r for r in walk_statements(handler.body) if isinstance(r, s.Return)]
        if returns:
            return HiddenFailure(returns[0].at, True)
        rest = [node for node in function.node.body if s.end_of(node.at) > s.end_of(tried.at)]
        behind = tuple(node for node in walk_statements(rest) if s.start_of(node.at) >= s.end_of(tried.at))
        if self._may_fail(tried.finalbody, scope) or self._may_fail(behind, scope):
            return None
        start = s.start_of(handler.at)
        end = start + len("except") if handler.type is None else s.end_of(handler.type.at)
        return HiddenFailure(s.pack(start, end), False)

    def _calls_raising(self, body: tuple[s.Statement, ...], function: FunctionSymbol) -> bool:
        """Whether a function of the project that a block calls raises by itself."""
        entered = (self.project.calls.entered(site) for site in self.project.calls.within(body, function))
        return any(
            isinstance(statement, s.Raise)
            for inner in entered
            if inner is not None
            for statement in walk_statements(inner.node.body)
        )

    def _may_fail(self, body: tuple[s.Statement, ...], scope: Scope) -> bool:
        """Whether statements may end in another status: by raising, by setting it, by what they return."""
        for statement in walk_statements(body):
            if isinstance(statement, s.Raise) or _sets_status(statement):
                return True
            if isinstance(statement, s.Return) and not self._is_fine(statement.value, scope):
                return True
        return any(_is_given_response(call, scope) for call in calls_of(body))

    def _is_fine(self, value: s.Expr | None, scope: Scope) -> bool:
        """Whether a returned value is certainly answered with a status below 400."""
        if value is None or self.responses.is_plain(value, scope):
            return True
        status = self.responses.status(value, scope)
        return status is not None and status < 400


def _sets_status(statement: s.Statement) -> bool:
    targets = statement.targets if isinstance(statement, s.Assign) else ()
    return any(isinstance(target, s.Attribute) and target.attr == "status_code" for target in targets)


def _is_given_response(call: s.Call, scope: Scope) -> bool:
    """Whether a call is given a parameter of the function by which it could set the status, or raises."""
    names = {
        name
        for name, bindings in scope.bindings.items()
        for binding in bindings
        if binding.parameter is not None and "response" in name.lower()
    }
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    return any(isinstance(value, s.Name) and value.id in names for value in given)
