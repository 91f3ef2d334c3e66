"""Which library an object comes from where its class isn't known, by the name that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import return_values, self_assignments
from fastapi_lint.project.types.infer import Bound, Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.types.infer import Types, Value

_DEPTH = 10
_OWN_BASES = ("abc.", "typing.", "builtins.", "enum.", "pydantic.", "pydantic_settings.", "collections.")
"""Libraries whose classes say nothing about what an object of the project does."""


class Origins:
    """Answers what the objects of libraries come from. What isn't known is None."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def of(self, expr: Expr, scope: Scope, depth: int = 0) -> str | None:
        """The library's class or function that an object was made by: `whisper.load_model`."""
        if depth > _DEPTH:
            return None
        name = self._of_value(self.types.infer(expr, scope))
        return name or next(self._sources(expr, scope, depth + 1), None)

    def _of_value(self, value: Value | None) -> str | None:
        if isinstance(value, External):
            return value.name
        if not isinstance(value, Instance):
            return None
        if isinstance(value.cls, External):
            return value.cls.name
        bases = (base.name for base in self.resolver.ancestry(value.cls) if isinstance(base, External))
        return next((name for name in bases if not name.startswith(_OWN_BASES) and name != "object"), None)

    def _sources(self, expr: Expr, scope: Scope, depth: int) -> Iterator[str]:
        for source, where in self._steps(expr, scope):
            found = self.of(source, where, depth)
            if found is not None:
                yield found

    def _steps(self, expr: Expr, scope: Scope) -> Iterable[tuple[Expr, Scope]]:
        """The expressions that an object comes from."""
        if isinstance(expr, s.Await | s.Subscript | s.Walrus | s.Starred):
            return ((expr.value, scope),)
        if isinstance(expr, s.Conditional):
            return ((expr.body, scope), (expr.orelse, scope))
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope)
        if isinstance(expr, s.Attribute):
            return self._of_attribute(expr, scope)
        return self._of_call(expr, scope) if isinstance(expr, s.Call) else ()

    def _of_name(self, expr: s.Name, scope: Scope) -> Iterator[tuple[Expr, Scope]]:
        symbol = self.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable):
            return
        found = [(b, symbol.scope) for b in symbol.scope.bindings.get(symbol.name, ())]
        if symbol.scope.owner is None:
            found += [(other.binding, other.scope) for other in self.types.set_by_functions(symbol)]
        for binding, where in found:
            source = binding.value or binding.context or binding.iterable
            if source is not None:
                yield source, where

    def _of_attribute(self, expr: s.Attribute, scope: Scope) -> Iterator[tuple[Expr, Scope]]:
        owner = self.types.infer(expr.value, scope)
        if not isinstance(owner, Instance) or not isinstance(owner.cls, ClassSymbol):
            yield expr.value, scope
            return
        for cls in self.resolver.ancestry(owner.cls):
            for method in self.types.methods(cls) if isinstance(cls, ClassSymbol) else ():
                for value, _ in self_assignments(method, expr.attr):
                    if value is not None:
                        yield value, self.resolver.scope(method)

    def _of_call(self, expr: s.Call, scope: Scope) -> Iterator[tuple[Expr, Scope]]:
        value = self.types.infer(expr.func, scope)
        function = value.function if isinstance(value, Bound) else value
        if isinstance(function, FunctionSymbol):
            for returned in return_values(function):
                yield returned, self.resolver.scope(function)
        elif not isinstance(function, ClassSymbol):
            yield expr.func, scope
