"""Which HTTP errors functions raise."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name, walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.infer import Instance, Types, Value

HTTP_ERRORS = frozenset(
    {"fastapi.HTTPException", "starlette.exceptions.HTTPException", "fastapi.WebSocketException"}
)


class RaisedError(msgspec.Struct, frozen=True, eq=False):
    """A `raise` of an HTTP error: in which function, where, and the class's name."""

    function: FunctionSymbol
    at: int
    name: str
    error: Expr


class UnraisedError(msgspec.Struct, frozen=True, eq=False):
    """An HTTP error that a statement returns, or makes and drops; `name` is its class's.

    `value` is the error itself: all that is returned, or one of two values of which one is. `in_try` tells
    that the statement stands in the body of a `try`.
    """

    function: FunctionSymbol
    statement: s.Return | s.Expression
    value: Expr
    name: str
    in_try: bool


class Errors:
    """Answers about HTTP errors."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def is_http_error(self, value: Value | None) -> bool:
        """Whether a class, or an instance's class, is `HTTPException`, `WebSocketException` or a subclass."""
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
            error = statement.error if isinstance(statement, s.Raise) else None
            value = self.types.infer(error, scope) if error is not None else None
            if error is None or not self.is_http_error(value) or self._is_caught(error, scope):
                continue
            cls = value.cls if isinstance(value, Instance) else value
            name = cls.name if isinstance(cls, ClassSymbol | External) else error_name(error)
            yield RaisedError(function, error.at, name.rpartition(".")[2], error)

    def not_raised_by(self, function: FunctionSymbol) -> Iterator[UnraisedError]:
        """The HTTP errors that a function's own body returns, or makes as a statement of its own."""
        scope = self.resolver.scope(function)
        tried = _statements_in_try(function.node.body)
        for statement in walk_statements(function.node.body):
            if not isinstance(statement, s.Return | s.Expression):
                continue
            if isinstance(statement, s.Expression) and not isinstance(statement.value, s.Call):
                continue
            returned = isinstance(statement, s.Return)
            for expr in _alternatives(statement.value):
                value = self.types.infer(expr, scope)
                if not isinstance(value, Instance) or not self.is_http_error(value):
                    continue
                if returned or self._is_constructed(expr, scope):
                    name = value.cls.name.rpartition(".")[2]
                    yield UnraisedError(function, statement, expr, name, id(statement) in tried)

    def _is_constructed(self, expr: Expr, scope: Scope) -> bool:
        """Whether a call is that of a class: a function called for its effect may raise by itself."""
        return isinstance(expr, s.Call) and not isinstance(self.types.callee(expr, scope), FunctionSymbol)

    def _is_caught(self, error: Expr, scope: Scope) -> bool:
        """`except HTTPException as e: raise e` raises nothing of its own."""
        if not isinstance(error, s.Name):
            return False
        return any(binding.caught is not None for binding in scope.bindings.get(error.id, ()))


def _alternatives(expr: Expr | None) -> Iterator[Expr]:
    """An expression, or those made in place of which it has one: `a if test else B()`, `a or B()`."""
    if isinstance(expr, s.Conditional | s.Boolean):
        parts = (expr.body, expr.orelse) if isinstance(expr, s.Conditional) else expr.operands
        for part in parts:
            yield from (inner for inner in _alternatives(part) if isinstance(inner, s.Call))
    elif expr is not None:
        yield expr


def _statements_in_try(body: tuple[s.Statement, ...]) -> set[int]:
    """The identities of the statements in bodies of `try`, not in their handlers."""
    return {
        id(inner)
        for statement in walk_statements(body)
        if isinstance(statement, s.Try)
        for inner in walk_statements(statement.body)
    }


def error_name(error: Expr) -> str:
    """The class of a raised error as written."""
    expr = error.func if isinstance(error, s.Call) else error
    return (dotted_name(expr) or "HTTPException").rpartition(".")[2]
