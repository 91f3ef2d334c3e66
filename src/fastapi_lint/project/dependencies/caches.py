"""Functions whose result is remembered from one call to the next."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.infer import Types

FUNCTION_CACHES = frozenset({"functools.lru_cache", "functools.cache"})
_HARMLESS = frozenset({"classmethod", "property", "staticmethod"})
"""Builtin decorators that remember nothing."""


class Caches:
    """Answers whether functions remember their results."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def function_cache(self, decorator: Expr, scope: Scope) -> str | None:
        """`functools.lru_cache` or `functools.cache` if a decorator is one, with or without arguments."""
        expr = decorator.func if isinstance(decorator, s.Call) else decorator
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable) and isinstance(symbol.binding.value, s.Call) and expr is decorator:
            symbol = self.resolver.resolve(
                symbol.binding.value.func, symbol.scope
            )  # cached = lru_cache(maxsize=1)
        return symbol.name if isinstance(symbol, External) and symbol.name in FUNCTION_CACHES else None

    def function_cache_of(self, function: FunctionSymbol) -> Expr | None:
        """The decorator of a function that is `lru_cache` or `cache`."""
        scope = self.resolver.scope(function)
        for decorator in function.node.decorators:
            if self.function_cache(decorator, scope.parent or scope) is not None:
                return decorator
        return None

    def may_remember(self, function: FunctionSymbol) -> bool:
        """Whether calls of a function may give one remembered result.

        By a cache or a decorator that isn't known, a later wrapping (`get = cache(load)`), or by hand: in a
        `global`, an attribute or an item of something.
        """
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        if any(not self._is_harmless(decorator, around) for decorator in function.node.decorators):
            return True
        return self.remembers_by_hand(function) or self.is_wrapped(function)

    def _is_harmless(self, decorator: Expr, scope: Scope) -> bool:
        return (
            isinstance(decorator, s.Name)
            and decorator.id in _HARMLESS
            and self.types.is_builtin(decorator, scope)
        )

    def remembers_by_hand(self, function: FunctionSymbol) -> bool:
        """Whether a function's body keeps something beyond the call: `global x`, `app.state.x = ...`,
        `CACHE[k] = ...`.
        """
        for statement in walk_statements(function.node.body):
            if isinstance(statement, s.Global):
                return True
            targets: tuple[Expr, ...] = ()
            if isinstance(statement, s.Assign):
                targets = statement.targets
            elif isinstance(statement, s.Declaration):
                targets = (statement.target,)
            if any(isinstance(target, s.Attribute | s.Subscript) for target in targets):
                return True
        return False

    def is_wrapped(self, function: FunctionSymbol) -> bool:
        """`get_settings = lru_cache(load)`, or `lru_cache(maxsize=1)(load)`, in the function's module."""
        scope = self.resolver.scope(function.module)
        for bindings in scope.bindings.values():
            for binding in bindings:
                value = binding.value
                if not isinstance(value, s.Call) or not any(_names(arg, function.name) for arg in value.args):
                    continue
                if self.function_cache(value.func, scope) is not None:
                    return True
        return False


def _names(expr: Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name
