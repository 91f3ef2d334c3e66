"""Whether a text of the request is limited to some values: by a type, a pattern, a validator, a check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import (
    dotted_name,
    expressions_of,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.local_objects import mentions

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_FREE = frozenset({"typing.Any", "builtins.str", "builtins.dict", "typing.Dict", "builtins.object"})
_LIMITS = frozenset({"pattern", "regex", "enum", "Literal"})
_VALIDATORS = frozenset({"field_validator", "validator", "model_validator", "root_validator"})
_HOPS = 8


class CheckedValues:
    """Answers whether a client can send just any text."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver

    # --- types -----------------------------------------------------------------------------------

    def may_be_any_text(self, annotation: Expr | None, default: Expr | None, scope: Scope) -> bool:
        """Whether an annotation allows any text, and neither it nor the default's marker limits that."""
        parts = [*self._parts(annotation, scope), *self._parts(default, scope)]
        for expr, _ in parts:
            if isinstance(expr, s.Call) and any(k.name in _LIMITS for k in expr.keywords):
                return False
            last = (dotted_name(expr) or "").rpartition(".")[2]
            if last in _LIMITS or last.endswith("Validator"):
                return False
        if annotation is None:
            return True
        return any(self._is_free(expr, where) for expr, where in self._parts(annotation, scope))

    def _is_free(self, expr: Expr, scope: Scope) -> bool:
        if isinstance(expr, s.Name) and self.types.is_builtin(expr, scope):
            return f"builtins.{expr.id}" in _FREE
        symbol = self.resolver.resolve(expr, scope)
        return isinstance(symbol, External) and symbol.name in _FREE

    def _parts(self, expr: Expr | None, scope: Scope, hops: int = 0) -> Iterator[tuple[Expr, Scope]]:
        """All that stands in an annotation, aliases followed."""
        for inner in walk_expressions((expr,)) if expr is not None else ():
            yield inner, scope
            symbol = self.resolver.resolve(inner, scope) if isinstance(inner, s.Name) else None
            if isinstance(symbol, Variable) and symbol.binding.value is not None and hops < _HOPS:
                yield from self._parts(symbol.binding.value, symbol.scope, hops + 1)

    def is_free_field(self, cls: ClassSymbol, name: str) -> bool:
        """Whether a field of a model can hold any text: its type allows that, and there are no validators."""
        classes = [base for base in self.resolver.ancestry(cls) if isinstance(base, ClassSymbol)]
        if any(_is_validator(method) for base in classes for method in self.types.methods(base)):
            return False
        for base in classes:
            scope = self.resolver.scope(base)
            for binding in scope.bindings.get(name, ()):
                if binding.annotation is not None:
                    return self.may_be_any_text(binding.annotation, binding.value, scope)
        return False

    # --- checks in the code ----------------------------------------------------------------------

    def is_checked(self, name: str, function: FunctionSymbol) -> bool:
        """Whether a function compares a value with others, or asks another function about it."""
        if any(self._checks(test, name) for test in _tests(function)):
            return True
        scope = self.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            value = statement.value if isinstance(statement, s.Expression) else None
            value = value.value if isinstance(value, s.Await) else value
            if isinstance(value, s.Call) and self._may_refuse(value, scope):
                given = (*value.args, *(keyword.value for keyword in value.keywords))
                if any(mentions(arg, name) for arg in given):
                    return True
        return False

    def _may_refuse(self, call: s.Call, scope: Scope) -> bool:
        """Whether a call may raise an error for what it is given: no library's, and none that only works."""
        callee = self.types.callee(call, scope)
        if isinstance(callee, FunctionSymbol):
            raises = any(isinstance(node, s.Raise | s.Assert) for node in walk_statements(callee.node.body))
            return raises or bool(self.project.raising.by(callee))
        return not isinstance(callee, External | ClassSymbol)

    def _checks(self, test: Expr, name: str) -> bool:
        """Whether a condition says more about a value than that there is one."""
        for expr in walk_expressions((test,)):
            if isinstance(expr, s.Compare) and mentions(expr, name) and not _is_about_none(expr):
                return True
            if isinstance(expr, s.Call) and mentions(expr, name):
                return True
        return False


def _tests(function: FunctionSymbol) -> Iterator[Expr]:
    for statement in walk_statements(function.node.body):
        if isinstance(statement, s.If):
            yield from (branch.test for branch in statement.branches)
        elif isinstance(statement, s.While | s.Assert):
            yield statement.test
        elif isinstance(statement, s.Match):
            yield s.Compare(statement.at, statement.subject, ("==",), (statement.subject,))
    for expr in expressions_of(function.node.body):
        if isinstance(expr, s.Conditional):
            yield expr.test
        elif isinstance(expr, s.Comprehension):
            yield from (condition for clause in expr.clauses for condition in clause.conditions)


def _is_about_none(expr: s.Compare) -> bool:
    """`x is None`, `x != ""`, `x > 0`: comparisons that leave any text."""
    constants = [c for c in expr.comparators if isinstance(c, s.Constant)]
    return len(constants) == len(expr.comparators) and all(not c.value for c in constants)


def _is_validator(method: FunctionSymbol) -> bool:
    for decorator in method.node.decorators:
        expr = decorator.func if isinstance(decorator, s.Call) else decorator
        if (dotted_name(expr) or "").rpartition(".")[2] in _VALIDATORS:
            return True
    return False
