"""Which HTTP errors functions raise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.statements import dotted_name, walk_statements
from fastapi_lint.project.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.types import Instance, Types, Value

HTTP_ERRORS = frozenset(
    {"fastapi.HTTPException", "starlette.exceptions.HTTPException", "fastapi.WebSocketException"}
)


@dataclass(frozen=True, slots=True, eq=False)
class RaisedError:
    """A `raise` of an HTTP error: in which function, where, and the class's name as written."""

    function: FunctionSymbol
    at: int
    name: str
    error: Expr


class Errors:
    """Answers about HTTP errors."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def is_http_error(self, value: Value | None) -> bool:
        """Whether a class, or an instance's class, is `HTTPException`, `WebSocketException` or derives from one."""
        cls = value.cls if isinstance(value, Instance) else value
        return isinstance(cls, ClassSymbol | External) and self.resolver.inherits(cls, HTTP_ERRORS)

    def http_errors_raised(self, module: Module) -> Iterator[RaisedError]:
        """The `raise` statements of a module's functions that raise an HTTP error, in source order."""
        for function in self.resolver.index(module).functions:
            yield from self.raised_by(function)

    def raised_by(self, function: FunctionSymbol) -> Iterator[RaisedError]:
        """The HTTP errors that a function's own body raises."""
        scope = self.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            if isinstance(statement, s.Raise) and statement.error is not None:
                if self._is_http(statement.error, scope) and not self._is_caught(statement.error, scope):
                    yield RaisedError(function, statement.error.at, error_name(statement.error), statement.error)

    def _is_http(self, error: Expr, scope: Scope) -> bool:
        return self.is_http_error(self.types.infer(error, scope))

    def _is_caught(self, error: Expr, scope: Scope) -> bool:
        """`except HTTPException as e: raise e` raises nothing of its own."""
        if not isinstance(error, s.Name):
            return False
        return any(binding.caught is not None for binding in scope.bindings.get(error.id, ()))


def error_name(error: Expr) -> str:
    """The class of a raised error as written."""
    expr = error.func if isinstance(error, s.Call) else error
    return (dotted_name(expr) or "HTTPException").rpartition(".")[2]
