"""What `value.name` is: a method, an attribute that some method sets, a library's attribute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Namespace
from fastapi_lint.project.types.bodies import self_assignments
from fastapi_lint.project.types.libraries import WRAPPERS
from fastapi_lint.project.types.values import Bound, Instance, Value, agreed

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_PROPERTIES = frozenset({"property", "functools.cached_property", "cached_property"})
_PLAIN_BASES = frozenset({"abc.ABC", "object", "typing.Generic", "typing.Protocol", "enum.Enum"})


class Attributes:
    """Answers what attributes are. Answers are remembered."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver
        self._assigned: dict[tuple[int, str], Value | None] = {}

    def value(self, base: Value, name: str) -> Value | None:
        """`base.name`."""
        if isinstance(base, Instance):
            if isinstance(base.cls, External):
                return self._of_library(base, base.cls.name, name)
            return self._of_instance(base, base.cls, name)
        if isinstance(base, ClassSymbol):
            return self._of_class(base, name)
        if isinstance(base, External) and base.name.endswith(".state"):
            held = self.types.state.value(base.name, name)
            if held is not None:
                return held
        if isinstance(base, Module | Namespace | External):
            return self.types.of_symbol(self.resolver.follow(self.resolver.member(base, name)))
        return None

    def methods(self, cls: ClassSymbol) -> list[FunctionSymbol]:
        """The methods that a class itself defines, `__init__` first, else in source order."""
        found = [f for f in self.resolver.index(cls.module).functions if f.owner is cls]
        return sorted(found, key=lambda f: f.name != "__init__")

    def _of_library(self, base: Instance, cls: str, name: str) -> Value | None:
        wrapped = WRAPPERS.get(cls)
        if wrapped and base.arguments and name not in wrapped and base.arguments[0] is not None:
            return self.value(base.arguments[0], name)
        return External(f"{cls}.{name}")

    def _of_class(self, base: ClassSymbol, name: str) -> Value | None:
        member = self.resolver.class_member(base, name)
        if isinstance(member, FunctionSymbol):
            return Bound(member, base)
        return self.types.of_symbol(member) if member is not None else self._inherited(base, name)

    def _of_instance(self, base: Instance, cls: ClassSymbol, name: str) -> Value | None:
        member = self.resolver.class_member(cls, name)
        if isinstance(member, FunctionSymbol):
            if any(dotted_name(d) in _PROPERTIES for d in member.node.decorators):
                return self.types.returned(member)
            return Bound(member, base)
        value = self.types.of_symbol(member) if member is not None else None
        return value or self._set_by_methods(cls, name) or self._inherited(cls, name)

    def _inherited(self, cls: ClassSymbol, name: str) -> Value | None:
        """An attribute of a library class that the class derives from."""
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External) and base.name not in _PLAIN_BASES:
                return External(f"{base.name}.{name}")
        return None

    def _set_by_methods(self, cls: ClassSymbol, name: str) -> Value | None:
        """What the class, or else the nearest of its bases, sets by `self.name = ...`."""
        key = (id(cls), name)
        if key not in self._assigned:
            self._assigned[key] = None
            classes = (c for c in self.resolver.ancestry(cls) if isinstance(c, ClassSymbol))
            found = (agreed(self._assigned_values(current, name)) for current in classes)
            self._assigned[key] = next((value for value in found if value is not None), None)
        return self._assigned[key]

    def _assigned_values(self, cls: ClassSymbol, name: str) -> Iterator[Value | None]:
        for method in self.methods(cls):
            scope = self.resolver.scope(method)
            for value, annotation in self_assignments(method, name):
                yield self.types.annotated(annotation, scope) or self.types.infer(value, scope)
