"""Which expressions give one object of a mapped class: constructions, queries, results of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import method_call
from fastapi_lint.project.names.symbols import ClassSymbol, Scope
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_OF_RESULT = frozenset("scalar_one scalar_one_or_none scalar".split())
_OF_SCALARS = frozenset("one one_or_none first".split())
_OF_QUERY = frozenset("first one one_or_none get".split())
_NARROWING = frozenset("with_entities add_columns add_entity values with_only_columns".split())
_DEPTH = 8


class Entities:
    """Answers which expressions are objects of mapped classes."""

    def __init__(self, project: Project) -> None:
        self.types = project.types
        self.resolver = project.resolver
        self.kinds = project.kinds
        self.effects = project.effects

    def constructed(self, expr: Expr, scope: Scope) -> ClassSymbol | None:
        """The mapped class that a call constructs."""
        if not isinstance(expr, s.Call):
            return None
        callee = self.types.callee(expr, scope)
        return callee if isinstance(callee, ClassSymbol) and self.kinds.is_table(callee) else None

    def of(self, expr: Expr, scope: Scope, depth: int = 0) -> ClassSymbol | None:
        """The mapped class of the one object that an expression gives."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Await | s.Walrus):
            return self.of(expr.value, scope, depth + 1)
        found = self._queried(expr, scope, depth) if isinstance(expr, s.Call) else None
        return found or self._by_type(expr, scope)

    def _by_type(self, expr: Expr, scope: Scope) -> ClassSymbol | None:
        value = self.types.infer(expr, scope)
        if isinstance(value, Instance) and isinstance(value.cls, ClassSymbol):
            return value.cls if self.kinds.is_table(value.cls) else None
        return None

    def _queried(self, call: s.Call, scope: Scope, depth: int) -> ClassSymbol | None:
        """`session.get(M, ...)`, `session.scalar(select(M))`, `result.scalar_one()`, `scalars.first()`."""
        method = method_call(call)
        if method is None:
            return None
        receiver, name = method
        if self.effects.is_session(self.types.infer(receiver, scope)):
            if name in ("get", "get_one") and call.args:
                return self._table(call.args[0], scope)
            return self._selected(call.args[0], scope, depth) if name == "scalar" and call.args else None
        if name in _OF_QUERY:
            queried = self._query(receiver, scope)
            if queried is not None:
                return queried
        if name in _OF_RESULT:
            return self._of_result(receiver, scope, ("execute", "exec"), depth + 1)
        if name in _OF_SCALARS:
            return self._of_result(receiver, scope, ("scalars", "exec"), depth + 1)
        return None

    def rows(self, call: s.Call, scope: Scope) -> ClassSymbol | None:
        """The mapped class of the objects in the list that a call gives: `query(M).all()`,
        `scalars(select(M)).all()`.
        """
        method = method_call(call)
        if method is None or method[1] not in ("all", "fetchall"):
            return None
        found = self._query(method[0], scope)
        return found or self._of_result(method[0], scope, ("scalars", "exec"), 0)

    def _query(self, expr: Expr, scope: Scope) -> ClassSymbol | None:
        """The only class of `session.query(M)`, whatever conditions follow."""
        for _ in range(_DEPTH * 2):
            if isinstance(expr, s.Name):
                value = self._assigned(expr, scope)
                if value is None:
                    return None
                expr = value
            method = method_call(expr) if isinstance(expr, s.Call) else None
            if method is None or not isinstance(expr, s.Call) or method[1] in _NARROWING:
                return None
            if method[1] == "query":
                is_session = self.effects.is_session(self.types.infer(method[0], scope))
                return self._table(expr.args[0], scope) if is_session and len(expr.args) == 1 else None
            expr = method[0]
        return None

    def _of_result(self, expr: Expr, scope: Scope, runs: tuple[str, ...], depth: int) -> ClassSymbol | None:
        """What a result, or the scalars of it, holds: the class that its statement selects."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Await):
            return self._of_result(expr.value, scope, runs, depth + 1)
        if isinstance(expr, s.Name):
            value = self._assigned(expr, scope)
            return self._of_result(value, scope, runs, depth + 1) if value is not None else None
        method = method_call(expr) if isinstance(expr, s.Call) else None
        if method is None or not isinstance(expr, s.Call):
            return None
        receiver, name = method
        if name in runs and expr.args and self.effects.is_session(self.types.infer(receiver, scope)):
            return self._selected(expr.args[0], scope, depth + 1)
        if name == "scalars" and "scalars" in runs and not expr.args:
            return self._of_result(receiver, scope, ("execute",), depth + 1)
        if name in ("unique", "unwrap"):
            return self._of_result(receiver, scope, runs, depth + 1)
        return None

    def _selected(self, expr: Expr, scope: Scope, depth: int) -> ClassSymbol | None:
        """The only class of `select(M)...`; None for columns."""
        while depth <= _DEPTH * 2:
            depth += 1
            if isinstance(expr, s.Name):
                value = self._assigned(expr, scope)
                if value is None:
                    return None
                expr = value
            elif (
                isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute) and expr.func.attr != "select"
            ):
                expr = expr.func.value
            elif isinstance(expr, s.Call):
                func = expr.func
                name = func.attr if isinstance(func, s.Attribute) else getattr(func, "id", "")
                return self._table(expr.args[0], scope) if name == "select" and len(expr.args) == 1 else None
            else:
                return None
        return None

    def _table(self, expr: Expr, scope: Scope) -> ClassSymbol | None:
        symbol = self.resolver.resolve(expr, scope)
        return symbol if isinstance(symbol, ClassSymbol) and self.kinds.is_table(symbol) else None

    def _assigned(self, name: s.Name, scope: Scope) -> Expr | None:
        """What a local name that is bound once was assigned."""
        bindings = scope.bindings.get(name.id, ())
        if len(bindings) != 1 or bindings[0].path or bindings[0].augmented:
            return None
        return bindings[0].value
