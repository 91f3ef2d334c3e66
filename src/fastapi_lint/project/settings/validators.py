"""What the validators of a settings class refuse."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of, walk_expressions, walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.types.infer import Types

_VALIDATORS = frozenset({"field_validator", "model_validator", "validator", "root_validator"})


class SettingsValidators:
    """Answers what validators do with the fields of their class."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def refuses_some_value(self, cls: ClassSymbol, field: str) -> bool:
        """Whether a validator of the class, or of a base, compares a field with something and raises.

        Methods and functions that it calls count as its own code.
        """
        for current in self.resolver.ancestry(cls):
            if isinstance(current, ClassSymbol):
                validators = [method for method in self.types.methods(current) if self._is_validator(method)]
                if any(self._judges(method, field) and self._refuses(method) for method in validators):
                    return True
        return False

    def _is_validator(self, method: FunctionSymbol) -> bool:
        """A decorated validator, or a hook that Pydantic runs on each instance."""
        if method.name in ("__init__", "model_post_init", "__post_init__"):
            return True
        scope = self.resolver.scope(method)
        for decorator in method.node.decorators:
            expr = decorator.func if isinstance(decorator, s.Call) else decorator
            symbol = self.resolver.resolve(expr, scope.parent or scope)
            if isinstance(symbol, External) and symbol.name.rpartition(".")[2] in _VALIDATORS:
                return True
        return False

    def _judges(self, method: FunctionSymbol, field: str) -> bool:
        """Whether a validator is for a field, or names it: `self.field`, `values["field"]`."""
        for expr in (*walk_expressions(method.node.decorators), *expressions_of(method.node.body)):
            if isinstance(expr, s.Attribute) and expr.attr == field:
                return True
            if isinstance(expr, s.Constant) and expr.value in (field, "*"):
                return True
        return False

    def _refuses(self, method: FunctionSymbol) -> bool:
        """Whether the validator, or what it calls, compares and raises."""
        bodies = [method.node.body]
        scope = self.resolver.scope(method)
        for expr in expressions_of(method.node.body):
            callee = self.types.callee(expr, scope) if isinstance(expr, s.Call) else None
            if isinstance(callee, FunctionSymbol):
                bodies.append(callee.node.body)
        raises = any(isinstance(st, s.Raise | s.Assert) for body in bodies for st in walk_statements(body))
        return raises and any(isinstance(expr, s.Compare) for body in bodies for expr in expressions_of(body))
