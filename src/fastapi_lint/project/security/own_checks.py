"""Handlers that look themselves at who calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_WORDS = frozenset(
    "auth authenticate authenticated authentication authorize authorized authorization authorise login "
    "logged user session sessions token tokens jwt cookie cookies bearer credential credentials password "
    "secret signature hmac permission permissions verify verified allowed forbidden unauthorized api_key "
    "apikey key principal identity admin role roles scope scopes 401 403".split()
)
"""Words of code that asks who calls."""

_DEPTH = 2


class OwnChecks:
    """Answers whether a handler may check by itself who calls it."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def has_none(self, route: Route) -> bool:
        """Whether nothing in a handler of the project speaks of who calls."""
        functions = tuple(self._handlers(route))
        return bool(functions) and not any(self._may_check(function) for function in functions)

    def _handlers(self, route: Route) -> Iterator[FunctionSymbol]:
        """The function of a route, or the methods of its class."""
        if route.endpoint is not None:
            yield route.endpoint
        if route.target is not None:
            yield from self.project.types.methods(route.target)

    def _may_check(self, function: FunctionSymbol, depth: int = 0) -> bool:
        decorators = self.project.decorators.of(function)
        if any(found.effect != "keeps" for found in decorators) or _speaks_of_callers(function):
            return True
        if depth >= _DEPTH:
            return False
        entered = (self.project.calls.entered(site) for site in self.project.calls.of(function))
        return any(self._may_check(inner, depth + 1) for inner in entered if inner is not None)


def _speaks_of_callers(function: FunctionSymbol) -> bool:
    for expr in expressions_of(function.node.body):
        text: object = ""
        if isinstance(expr, s.Attribute):
            text = expr.attr
        elif isinstance(expr, s.Name):
            text = expr.id
        elif isinstance(expr, s.Constant):
            text = str(expr.value) if isinstance(expr.value, str | int) else ""
        if isinstance(text, str) and len(text) < 60 and _WORDS & set(words(text)):
            return True
    return False
