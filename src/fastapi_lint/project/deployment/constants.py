"""Values of Python expressions as far as the code alone, or the code and the environment, tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.symbols import External, Scope, Variable

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.deployment.variables import Variables
    from fastapi_lint.project.names.resolve import Resolver

Plain = str | int | float | bool | None
Bindings = Mapping[str, tuple["Expr", "Scope"]]

_GETTERS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault"})
_DEPTH = 12


class Known(msgspec.Struct, frozen=True):
    """A value that is known; it may be None itself."""

    value: Plain


class Constants(msgspec.Struct, frozen=True):
    """Answers what an expression's value is. Settings objects and conditions are never followed.

    `variables` are those of the process that runs the code. `arguments` are what the parameters of the
    function around are bound to.
    """

    resolver: Resolver
    variables: Variables
    arguments: Bindings = msgspec.field(default_factory=dict)

    def of(self, expr: Expr | None, scope: Scope, depth: int = 0) -> Known | None:
        """The value of an expression, or None if it isn't known."""
        if expr is None or depth > _DEPTH:
            return None
        if isinstance(expr, s.Constant):
            return Known(expr.value)
        if isinstance(expr, s.Name | s.Attribute):
            return self._named(expr, scope, depth)
        if isinstance(expr, s.Template):
            return self._joined(expr.parts, scope, depth)
        if isinstance(expr, s.Operation) and set(expr.operators) == {"+"}:
            return self._joined(expr.operands, scope, depth)
        if isinstance(expr, s.Boolean) and expr.operator == "or":
            return self._first_true(expr.operands, scope, depth)
        if isinstance(expr, s.Call):
            return self._call(expr, scope, depth)
        if isinstance(expr, s.Subscript) and self._is(expr.value, scope, "os.environ"):
            return self._variable(expr.items[0], None, scope, depth)
        return None

    def text(self, expr: Expr | None, scope: Scope) -> str | None:
        """The value of an expression if it is text."""
        found = self.of(expr, scope)
        return found.value if found is not None and isinstance(found.value, str) else None

    def _named(self, expr: s.Name | s.Attribute, scope: Scope, depth: int) -> Known | None:
        if isinstance(expr, s.Name) and expr.id in self.arguments:
            value, around = self.arguments[expr.id]
            return Constants(self.resolver, self.variables).of(value, around, depth + 1)
        symbol = self.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable) or symbol.scope.owner is not None:
            return None
        bindings = symbol.scope.bindings.get(symbol.name, ())
        if len(bindings) != 1 or bindings[0].conditional or bindings[0].path or bindings[0].augmented:
            return None
        return self.of(bindings[0].value, symbol.scope, depth + 1)

    def _joined(self, parts: tuple[Expr, ...], scope: Scope, depth: int) -> Known | None:
        values: list[str] = []
        for part in parts:
            found = self.of(part, scope, depth + 1)
            if found is None or not isinstance(found.value, str | int) or isinstance(found.value, bool):
                return None
            values.append(str(found.value))
        return Known("".join(values))

    def _first_true(self, operands: tuple[Expr, ...], scope: Scope, depth: int) -> Known | None:
        found: Known | None = None
        for operand in operands:
            found = self.of(operand, scope, depth + 1)
            if found is None or found.value:
                return found
        return found

    def _call(self, call: s.Call, scope: Scope, depth: int) -> Known | None:
        symbol = self.resolver.resolve(call.func, scope)
        if isinstance(symbol, External) and symbol.name in _GETTERS:
            return self._variable(argument(call, 0, "key"), argument(call, 1, "default"), scope, depth)
        if not isinstance(call.func, s.Name) or call.func.id not in ("int", "str") or len(call.args) != 1:
            return None
        found = self.of(call.args[0], scope, depth + 1)
        if found is None or not isinstance(found.value, str | int):
            return None
        return _converted(call.func.id, found.value)

    def _variable(self, name: Expr | None, default: Expr | None, scope: Scope, depth: int) -> Known | None:
        key = self.of(name, scope, depth + 1)
        if key is None or not isinstance(key.value, str):
            return None
        setting = self.variables.find(key.value)
        if setting is not None:
            return Known(setting.value) if setting.value is not None else None
        return self.of(default, scope, depth + 1)

    def _is(self, expr: Expr, scope: Scope, name: str) -> bool:
        symbol = self.resolver.resolve(expr, scope)
        return isinstance(symbol, External) and symbol.name == name


def _converted(to: str, value: str | int) -> Known | None:
    if to == "str":
        return Known(str(value))
    text = str(value).strip()
    return Known(int(text)) if text.isdecimal() and len(text) < 10 else None
