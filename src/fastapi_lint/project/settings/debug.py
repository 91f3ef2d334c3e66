"""Which literals turn the debug mode of applications on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword, unconditional_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, Module, Scope, Variable
from fastapi_lint.project.settings.fields import SettingsField
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_APPS = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette"})


class DebugDefault(msgspec.Struct, frozen=True, eq=False):
    """A literal `True` that reaches the `debug` of an application.

    `literal` stands in `module`. If it is the default of a settings field, `field` is that, and the
    application is given it at `used_at` in `used_in`.
    """

    module: Module
    literal: s.Constant
    field: SettingsField | None
    used_in: Module
    used_at: int


class Debug:
    """Answers where debug mode comes from."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    @cached_property
    def defaults(self) -> tuple[DebugDefault, ...]:
        """The literals that turn debug mode on, each once, in the order of path and place."""
        found: dict[tuple[str, int], DebugDefault] = {}
        for module in self.project.application_modules():
            values = self._values(module) if "debug" in self.project.text(module.path) else ()
            for expr, scope in values:
                default = self._literal(expr, scope)
                if default is not None:
                    found.setdefault((default.module.path, default.literal.at), default)
        return tuple(found[key] for key in sorted(found))

    def _values(self, module: Module) -> Iterator[tuple[Expr, Scope]]:
        """What `FastAPI(debug=...)` and `app.debug = ...` give, outside of conditions, in a module."""
        index = self.project.resolver.index(module)
        bodies = [(module.facts.body, index.scope)]
        bodies += [(function.node.body, index.scope_of(function)) for function in index.functions]
        for body, scope in bodies:
            for statement in unconditional_statements(body):
                yield from self._in_statement(statement, scope)

    def _in_statement(self, statement: s.Statement, scope: Scope) -> Iterator[tuple[Expr, Scope]]:
        if isinstance(statement, s.Assign):
            for target in statement.targets:
                if (
                    isinstance(target, s.Attribute)
                    and target.attr == "debug"
                    and self._is_app(target.value, scope)
                ):
                    yield statement.value, scope
        value = getattr(statement, "value", None)
        if isinstance(value, s.Call) and self._builds_app(value, scope):
            given = keyword(value, "debug")
            if given is not None:
                yield given, scope

    def _builds_app(self, call: s.Call, scope: Scope) -> bool:
        callee = self.types.callee(call, scope)
        return isinstance(callee, ClassSymbol | External) and self.project.resolver.inherits(callee, _APPS)

    def _is_app(self, expr: Expr, scope: Scope) -> bool:
        value = self.types.infer(expr, scope)
        return isinstance(value, Instance) and self.project.resolver.inherits(value.cls, _APPS)

    def _literal(self, expr: Expr, scope: Scope) -> DebugDefault | None:
        module = scope.module
        if isinstance(expr, s.Constant):
            return DebugDefault(module, expr, None, module, expr.at) if expr.value is True else None
        declared = self._field(expr, scope)
        default = declared.default if declared is not None else None
        if declared is None or not isinstance(default, s.Constant) or default.value is not True:
            return None
        return DebugDefault(declared.cls.module, default, declared, module, expr.at)

    def _field(self, expr: Expr, scope: Scope) -> SettingsField | None:
        """The settings field that `settings.debug`, or a name for it, takes."""
        if isinstance(expr, s.Name):
            symbol = self.project.resolver.lookup(expr.id, scope)
            value = symbol.binding.value if isinstance(symbol, Variable) and not symbol.binding.path else None
            return self._field(value, symbol.scope) if isinstance(value, s.Attribute) else None  # type: ignore[union-attr]
        if not isinstance(expr, s.Attribute):
            return None
        holder = self.types.infer(expr.value, scope)
        cls = holder.cls if isinstance(holder, Instance) else None
        if not isinstance(cls, ClassSymbol) or not self.project.settings.is_settings(cls):
            return None
        for current in self.project.resolver.ancestry(cls):
            if isinstance(current, ClassSymbol):
                for declared in self.project.settings.fields.of(current):
                    if declared.name == expr.attr:
                        return declared
        return None
