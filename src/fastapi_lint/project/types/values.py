"""What a value can be: an instance of a class, a bound method, or a symbol that stands for itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Namespace


class Instance(msgspec.Struct, frozen=True):
    """A value whose class is known; `arguments` are the known type arguments (None where unknown)."""

    cls: ClassSymbol | External
    arguments: tuple[Value | None, ...] = ()


class Bound(msgspec.Struct, frozen=True):
    """A method taken from an instance or a class."""

    function: FunctionSymbol
    receiver: Instance | ClassSymbol


Value = Instance | Bound | FunctionSymbol | ClassSymbol | Module | Namespace | External
Callee = FunctionSymbol | ClassSymbol | External


def external_instance(name: str, *arguments: Value | None) -> Instance:
    """An instance of a library's class."""
    return Instance(External(name), arguments)


def class_name(value: Value | None) -> str:
    """The canonical name of a library class that `value` is an instance of, or ""."""
    return value.cls.name if isinstance(value, Instance) and isinstance(value.cls, External) else ""


def agreed(values: Iterable[Value | None]) -> Value | None:
    """The one value that all known ones are; None if none is known, or if two differ.

    Instances of one class agree, whatever their arguments are.
    """
    found: Value | None = None
    for value in values:
        if value is None or value == found:
            continue
        if found is None:
            found = value
        elif isinstance(found, Instance) and isinstance(value, Instance) and found.cls == value.cls:
            found = found if found.arguments else value
        else:
            return None
    return found
