"""Whether an expression is the same for each request: made of constants and settings."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import children
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.dependencies.caches import Caches
from fastapi_lint.project.names.symbols import (
    Binding,
    ClassSymbol,
    External,
    FunctionSymbol,
    Scope,
    Variable,
)
from fastapi_lint.project.types.bodies import receiver_of, return_values, self_assignments
from fastapi_lint.project.types.infer import Instance, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

Way = tuple["CallSite", ...]
"""The calls that lead into the function that holds an expression, the outermost first."""

_CONTEXT_VARIABLE = "contextvars.ContextVar"
_VARYING = (s.Await, s.Yield, s.Lambda, s.Comprehension, s.Opaque, s.Walrus)
_PURE = frozenset(
    "os sqlalchemy sqlmodel urllib pathlib ssl certifi decouple environs starlette json datetime".split()
)
"""Packages whose functions give the same for the same arguments and the same environment."""

_DEPTH = 12


class Constancy:
    """Answers whether expressions differ from request to request. What isn't known does."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.caches = Caches(project.types)

    def arguments_are_constant(self, call: s.Call, scope: Scope, way: Way) -> bool:
        """Whether all arguments of a call are the same each time."""
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        return all(self.is_constant(expr, scope, way) for expr in given)

    def is_constant(self, expr: Expr, scope: Scope, way: Way, depth: int = 0) -> bool:
        """Whether an expression in the last function of `way` is the same each time."""
        if depth > _DEPTH or isinstance(expr, _VARYING):
            return isinstance(expr, s.Opaque) and all(
                self.is_constant(child, scope, way, depth + 1) for child in expr.children
            )
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope, way, depth)
        if isinstance(expr, s.Attribute) and self._is_receiver(expr.value, scope):
            return self._of_attribute(expr, scope, depth)
        if isinstance(expr, s.Call) and not self._gives_constant(expr, scope, depth):
            return False
        return all(self.is_constant(child, scope, way, depth + 1) for child in children(expr))

    # --- names -----------------------------------------------------------------------------------

    def _of_name(self, expr: s.Name, scope: Scope, way: Way, depth: int) -> bool:
        symbol = self.resolver.resolve(expr, scope)
        if symbol is None:
            return self.types.is_builtin(expr, scope)
        if not isinstance(symbol, Variable):
            return True
        if class_name(self.types.of_variable(symbol)) == _CONTEXT_VARIABLE:
            return False
        if symbol.scope.owner is None:
            return True
        if symbol.scope.owner is not scope.owner:
            return False
        bindings = symbol.scope.bindings.get(symbol.name, ())
        return all(self._of_binding(binding, symbol.scope, way, depth) for binding in bindings)

    def _of_binding(self, binding: Binding, scope: Scope, way: Way, depth: int) -> bool:
        if binding.parameter is not None:
            return self._of_parameter(binding.parameter, scope, way, depth)
        if binding.value is not None:
            return self.is_constant(binding.value, scope, way, depth + 1)
        return binding.statement is not None

    def _of_parameter(self, parameter: s.Parameter, scope: Scope, way: Way, depth: int) -> bool:
        function = scope.owner
        given = self.project.dependencies.of_parameter(parameter, scope.parent or scope)
        if not way and given is not None:
            target = given.target
            cached = isinstance(target, FunctionSymbol) and self.caches.function_cache_of(target) is not None
            return cached or self._is_settings(given.provided)
        if not way or not isinstance(function, FunctionSymbol):
            return False
        site, before = way[-1], way[:-1]
        for taken, arg in passed(self.types, site.call, site.scope, function):
            if taken is parameter:
                return self.is_constant(arg, site.scope, before, depth + 1)
        return parameter.default is not None and self.is_constant(
            parameter.default, scope.parent or scope, (), depth + 1
        )

    def _is_settings(self, value: object) -> bool:
        cls = value.cls if isinstance(value, Instance) else None
        return isinstance(cls, ClassSymbol) and self.project.settings.is_settings(cls)

    # --- attributes of `self`, and calls ---------------------------------------------------------

    def _is_receiver(self, expr: Expr, scope: Scope) -> bool:
        method = scope.owner
        if not isinstance(method, FunctionSymbol) or method.owner is None or not isinstance(expr, s.Name):
            return False
        receiver = receiver_of(method)
        return receiver is not None and receiver.name == expr.id

    def _of_attribute(self, expr: s.Attribute, scope: Scope, depth: int) -> bool:
        """An attribute of `self`: settings, a class's constant, or what `__init__` makes of constants."""
        if self._is_settings(self.types.infer(expr, scope)):
            return True
        method = scope.owner
        assert isinstance(method, FunctionSymbol)
        assert method.owner is not None
        methods = self.types.methods(method.owner)
        assigned = [(m, value) for m in methods for value, _ in self_assignments(m, expr.attr)]
        if assigned:
            return all(
                m.name == "__init__"
                and value is not None
                and self.is_constant(value, self.resolver.scope(m), (), depth + 1)
                for m, value in assigned
            )
        member = self.resolver.class_member(method.owner, expr.attr)
        return isinstance(member, Variable)

    def _gives_constant(self, call: s.Call, scope: Scope, depth: int) -> bool:
        """Whether a call gives the same each time if its arguments are the same."""
        callee = self.types.callee(call, scope)
        if isinstance(callee, External):
            return _is_pure(callee.name)
        if not isinstance(callee, FunctionSymbol):
            return callee is not None
        if self.caches.function_cache_of(callee) is not None:
            return True
        if callee.node.is_async or callee.node.is_generator or callee.owner is not None:
            return self._is_settings(self.types.infer(call, scope))
        inner = self.resolver.scope(callee)
        values = return_values(callee)
        site = next((one for one in self._sites(scope) if one.call is call), None)
        way = (site,) if site is not None else ()
        return bool(values) and all(self.is_constant(value, inner, way, depth + 1) for value in values)

    def _sites(self, scope: Scope) -> tuple[CallSite, ...]:
        owner = scope.owner
        return self.project.calls.of(owner) if isinstance(owner, FunctionSymbol) else ()


def _is_pure(name: str) -> bool:
    """Whether a library's function, or the class that it is, depends on its arguments alone."""
    package, _, rest = name.partition(".")
    if package == "builtins":
        return rest in vars(builtins) and rest not in ("next", "input", "open")
    return package in _PURE or name.rpartition(".")[2][:1].isupper()
