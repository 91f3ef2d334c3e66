"""What an annotation promises: an instance of its class."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable
from fastapi_lint.project.types.values import Instance, Value, external_instance

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_DOTTED = re.compile(r"[A-Za-z_][\w.]*\Z")
_BUILTIN_TYPES = frozenset({"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object"})
_TRANSPARENT = frozenset({"Annotated", "Optional", "ClassVar", "Final", "Required", "NotRequired"})
_COLLECTIONS = {
    **{name: name for name in ("list", "set", "tuple", "dict")},
    **{name: name.lower() for name in ("List", "Set", "Tuple", "Dict")},
    "Sequence": "list",
}


class Annotations:
    """Answers what annotations mean."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def value(self, expr: Expr, scope: Scope) -> Value | None:
        """The value that an annotation promises; None where that is unknown or one of several."""
        if isinstance(expr, s.Constant):
            return self.types.annotated(parse_reference(expr), scope) if isinstance(expr.value, str) else None
        if isinstance(expr, s.Operation):
            return self._union(expr.operands, scope) if set(expr.operators) == {"|"} else None
        if isinstance(expr, s.Subscript):
            return self._generic(expr, scope)
        if isinstance(expr, s.Name | s.Attribute):
            return self._named(expr, scope)
        return None

    def _named(self, expr: s.Name | s.Attribute, scope: Scope) -> Value | None:
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, Variable):
            return self._alias(symbol)
        if isinstance(symbol, ClassSymbol | External):
            return Instance(symbol)
        if symbol is None and isinstance(expr, s.Name) and expr.id in _BUILTIN_TYPES:
            return external_instance(f"builtins.{expr.id}")
        return None

    def _alias(self, variable: Variable) -> Value | None:
        value = variable.binding.value
        if value is None or variable.binding.path:
            return None
        if isinstance(value, s.Call):
            return self._declared_type(value, variable.scope)
        return self.types.annotated(value, variable.scope)

    def _declared_type(self, call: s.Call, scope: Scope) -> Value | None:
        """`NewType("X", T)` and `TypeVar("T", bound=B)`."""
        callee = self.resolver.resolve(call.func, scope)
        if not isinstance(callee, External):
            return None
        if callee.name.endswith(".NewType"):
            return self.types.annotated(argument(call, 1, "tp"), scope)
        if callee.name.endswith(".TypeVar"):
            return self.types.annotated(keyword(call, "bound"), scope)
        return None

    def _union(self, options: Iterable[Expr], scope: Scope) -> Value | None:
        """The only member of a union beside None."""
        rest = [o for o in options if not (isinstance(o, s.Constant) and o.value is None)]
        return self.types.annotated(rest[0], scope) if len(rest) == 1 else None

    def _generic(self, expr: s.Subscript, scope: Scope) -> Value | None:
        base = self.resolver.resolve(expr.value, scope)
        name = base.name if isinstance(base, External) else ""
        if not name and base is None and isinstance(expr.value, s.Name):
            name = f"builtins.{expr.value.id}"
        last = name.rpartition(".")[2]
        if last in _TRANSPARENT:
            return self.types.annotated(expr.items[0], scope) if expr.items else None
        if last == "Union":
            return self._union(expr.items, scope)
        if last in ("type", "Type"):
            inner = self.types.annotated(expr.items[0], scope)
            return inner.cls if isinstance(inner, Instance) else None
        if last in _COLLECTIONS:
            name = f"builtins.{_COLLECTIONS[last]}"
        arguments = tuple(self.types.annotated(item, scope) for item in expr.items)
        if isinstance(base, Variable):
            return self.types.annotated(base.binding.value, base.scope)
        if isinstance(base, ClassSymbol):
            return Instance(base, arguments)
        return Instance(External(name), arguments) if name else None


def parse_reference(constant: s.Constant) -> Expr | None:
    """The dotted name that a quoted annotation holds, `| None` and `Optional[...]` dropped."""
    text = str(constant.value).strip()
    text = re.sub(r"\s*\|\s*None\Z|\ANone\s*\|\s*", "", text)
    match = re.match(r"(?:typing\.)?Optional\[(.*)\]\Z", text)
    text = (match.group(1) if match else text).strip("\"' ")
    if not _DOTTED.match(text):
        return None
    first, *rest = text.split(".")
    expr: Expr = s.Name(constant.at, first)
    for part in rest:
        expr = s.Attribute(constant.at, expr, part)
    return expr
