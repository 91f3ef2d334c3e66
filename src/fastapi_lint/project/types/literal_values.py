"""The literal that an expression stands for, through names, settings' defaults and keyword dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_HOPS = 8


class Literal(msgspec.Struct, frozen=True, eq=False):
    """An expression that is written out, with its scope; `setting` tells that it is a field's default."""

    expr: Expr
    scope: Scope
    setting: bool = False

    @property
    def value(self) -> object:
        """The value of a constant; an empty tuple for everything else."""
        return self.expr.value if isinstance(self.expr, s.Constant) else ()


class LiteralValues:
    """Answers which literals expressions stand for. What may be one of several isn't followed."""

    def __init__(self, project: Project) -> None:
        self.types = project.types
        self.resolver = project.resolver
        self.models = PydanticModels(project)
        self.settings = project.settings

    def of(self, expr: Expr | None, scope: Scope) -> Literal | None:
        """The literal behind a name, an attribute of a module, or a settings field with a literal default."""
        setting = False
        for _ in range(_HOPS):
            if isinstance(expr, s.Constant | s.Collection | s.Mapping | s.Operation | s.Call | s.Template):
                return Literal(expr, scope, setting)
            found = self._step(expr, scope) if isinstance(expr, s.Name | s.Attribute) else None
            if found is None:
                return None
            expr, scope, from_settings = found
            setting = setting or from_settings
        return None

    def _step(self, expr: s.Name | s.Attribute, scope: Scope) -> tuple[Expr, Scope, bool] | None:
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable):
            bindings = symbol.scope.bindings.get(symbol.name, ())
            value = symbol.binding.value
            if isinstance(symbol.scope.owner, ClassSymbol) and self.settings.is_settings(symbol.scope.owner):
                return self._of_field(symbol.scope.owner, symbol.name)
            plain = len(bindings) == 1 and not symbol.binding.conditional and not symbol.binding.path
            return (value, symbol.scope, False) if plain and value is not None else None
        if isinstance(expr, s.Attribute):
            owner = self.types.infer(expr.value, scope)
            if isinstance(owner, Instance) and isinstance(owner.cls, ClassSymbol):
                return self._of_field(owner.cls, expr.attr) if self.settings.is_settings(owner.cls) else None
        return None

    def _of_field(self, cls: ClassSymbol, name: str) -> tuple[Expr, Scope, bool] | None:
        found = self.models.fields(cls).get(name)
        default = self.models.default_of(found) if found is not None else None
        return (default, found.scope, True) if found is not None and default is not None else None

    # --- calls -----------------------------------------------------------------------------------

    def keywords(self, call: s.Call, scope: Scope) -> tuple[dict[str, Literal], bool]:
        """The keyword arguments of a call by name, `**options` with a literal dictionary included.

        Those that aren't literals are left out; the second value tells whether all were seen.
        """
        found: dict[str, Literal] = {}
        complete = True
        for keyword in call.keywords:
            if keyword.name is not None:
                literal = self.of(keyword.value, scope)
                if literal is not None:
                    found[keyword.name] = literal
                continue
            items = list(self._items(keyword.value, scope))
            complete = complete and bool(items)
            for name, value, where in items:
                literal = self.of(value, where)
                if literal is not None:
                    found[name] = literal
        return found, complete

    def _items(self, expr: Expr, scope: Scope) -> Iterator[tuple[str, Expr, Scope]]:
        """The items of `{...}` and `dict(...)`, names followed."""
        literal = self.of(expr, scope)
        if literal is None:
            return
        made = literal.expr
        if isinstance(made, s.Mapping):
            for key, value in zip(made.keys, made.values, strict=True):
                if isinstance(key, s.Constant) and isinstance(key.value, str):
                    yield key.value, value, literal.scope
        elif isinstance(made, s.Call) and self.types.callee(made, literal.scope) == External("builtins.dict"):
            for keyword in made.keywords:
                if keyword.name is not None:
                    yield keyword.name, keyword.value, literal.scope
