"""Builtin functions that look into values: attributes, types, names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing.arguments import Arguments
from fastapi_lint.project.routing.classes import bases_outside, kind_of, mro, run_body
from fastapi_lint.project.routing.files import PathValue
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.router_attributes import class_name
from fastapi_lint.project.routing.routers import HostValue, IncludeValue, MountValue, RouterValue, RouteValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.third_party import APP_CLASSES, HARMLESS_PACKAGES, ROUTER_CLASSES
from fastapi_lint.project.routing.values import (
    MISSING,
    NATIVE,
    BoundMethod,
    Choice,
    ClassValue,
    DictValue,
    ExternalInstance,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    Maybe,
    MemberValue,
    ModuleValue,
    Native,
    PartialValue,
    SetValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


def _getattr(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    base, name = arguments.value(run, 0, "object", None), arguments.value(run, 1, "name", None)
    default = arguments.value(run, 2, "default")
    if not isinstance(name, str):
        run.handed_over("getattr", [base], site, "is used through a name that is not known")
        return Unknown("an attribute whose name is not known")
    found = run.raw_attribute(base, str(name), site)
    if found is not MISSING:
        return found
    return Unknown(f"the attribute `{name}` does not exist") if default is MISSING else default


def _hasattr(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    base, name = arguments.value(run, 0, "obj", None), arguments.value(run, 1, "name", None)
    if isinstance(base, Unknown | ExternalInstance | ExternalValue | Choice) or not isinstance(name, str):
        return Unknown("whether an attribute exists")
    if isinstance(base, (*NATIVE, list, tuple, dict)):
        return hasattr(base, name)
    found = run.raw_attribute(base, str(name), site)
    if isinstance(found, Unknown | ExternalValue) and isinstance(base, InstanceValue | ClassValue):
        return Unknown("whether an attribute exists")
    return found is not MISSING


def _setattr(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> None:
    base, name = arguments.value(run, 0, "obj", None), arguments.value(run, 1, "name", None)
    if isinstance(name, str):
        run.set_attribute(base, str(name), arguments.value(run, 2, "value", None), site)


def _isinstance(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value, wanted = arguments.value(run, 0, "obj", None), arguments.value(run, 1, "class", None)
    options = wanted if isinstance(wanted, tuple) else (wanted,)
    outcomes = [is_instance(value, one) for one in options]
    if True in outcomes:
        return True
    return Unknown("the type of a value") if None in outcomes else False


def is_instance(value: Value, cls: Value) -> bool | None:
    """Whether a value is an instance of a class; None if that is not known."""
    if isinstance(value, ExternalInstance) and isinstance(cls, ExternalValue | ClassValue):
        return _is_made_by(value, cls)
    if isinstance(value, Unknown | ExternalInstance | Choice | Maybe) or isinstance(cls, Unknown):
        return None
    if isinstance(cls, ClassValue):
        own = getattr(value, "cls", None)
        return isinstance(own, ClassValue) and cls in mro(own)
    if isinstance(cls, ExternalValue):
        return cls.name in library_classes(value)
    return None


def _is_made_by(value: ExternalInstance, cls: ExternalValue | ClassValue) -> bool | None:
    """Whether what a library returned is an instance of a class; a router only if that library makes some."""
    names = [cls.name] if isinstance(cls, ExternalValue) else bases_outside(cls)
    if isinstance(cls, ExternalValue) and value.callee == cls.name:
        return True
    known = value.callee.partition(".")[0] in HARMLESS_PACKAGES
    return False if known and any(name in ROUTER_CLASSES or name in APP_CLASSES for name in names) else None


_PYTHON = {
    str: "str",
    bool: "bool",
    int: "int",
    float: "float",
    tuple: "tuple",
    ListValue: "list",
    SetValue: "set",
}
_HTTP = ("fastapi.routing.APIRoute", "starlette.routing.Route", "fastapi.routing.Route")
_SOCKET = ("fastapi.routing.APIWebSocketRoute", "starlette.routing.WebSocketRoute")


def library_classes(value: Value) -> tuple[str, ...]:
    """Names of the classes outside of the project that a value is an instance of."""
    if isinstance(value, RouterValue):
        outside = tuple(
            one.name for one in (mro(value.cls) if value.cls else ()) if isinstance(one, ExternalValue)
        )
        own = class_name(value)
        base = (
            ("starlette.routing.Router",) if value.kind == "router" else ("starlette.applications.Starlette",)
        )
        return (*outside, own, *base)
    if isinstance(value, RouteValue):
        names: tuple[str, ...] = _SOCKET if value.kind == "websocket" else _HTTP
        return (*(names[1:] if value.raw else names), "starlette.routing.BaseRoute")
    if isinstance(value, MountValue | HostValue | IncludeValue):
        own = {"MountValue": "Mount", "HostValue": "Host"}.get(type(value).__name__, "_IncludedRouter")
        return (f"starlette.routing.{own}", f"fastapi.routing.{own}", "starlette.routing.BaseRoute")
    if isinstance(value, InstanceValue | MemberValue):
        return tuple(one.name for one in mro(value.cls) if isinstance(one, ExternalValue))
    if isinstance(value, FunctionValue | BoundMethod):
        return ("types.FunctionType", "collections.abc.Callable", "typing.Callable")
    if isinstance(value, ClassValue):
        return ("builtins.type",)
    if isinstance(value, ModuleValue):
        return ("types.ModuleType",)
    if isinstance(value, PathValue):
        return ("pathlib.Path", "pathlib.PurePath")
    native = [f"builtins.{name}" for kind, name in _PYTHON.items() if isinstance(value, kind)]
    return (*native, "builtins.dict") if isinstance(value, dict) else tuple(native)


def _issubclass(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value, wanted = arguments.value(run, 0, "cls", None), arguments.value(run, 1, "class", None)
    if isinstance(value, ClassValue) and isinstance(wanted, ClassValue | ExternalValue):
        names = [one.name for one in mro(value) if isinstance(one, ExternalValue)]
        return wanted in mro(value) or (isinstance(wanted, ExternalValue) and wanted.name in names)
    return Unknown("whether a class derives from another")


def _callable(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "obj", None)
    if isinstance(value, FunctionValue | BoundMethod | ClassValue | PartialValue | Native | RouterValue):
        return True
    return False if isinstance(value, NATIVE) else Unknown("whether a value can be called")


def _type(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "object", None)
    if len(arguments.positional) > 1:
        return Unknown("a class that is made by `type`")
    own = getattr(value, "cls", None)
    if isinstance(own, ClassValue):
        return own
    names = library_classes(value)
    return ExternalValue(names[0]) if names else Unknown("the type of a value")


def _vars(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "object", None)
    if isinstance(value, ModuleValue | InstanceValue):
        return run.attribute(value, "__dict__", site)
    return Unknown("the attributes of a value")


def _globals(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return DictValue(frame.module.env, run.conditions) if frame is not None else Unknown("global names")


def _dir(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "object", None)
    if isinstance(value, ModuleValue):
        return ListValue(sorted(value.env), run.conditions)
    cls = value.cls if isinstance(value, InstanceValue) else value
    if isinstance(cls, ClassValue) and kind_of(cls) == "plain":
        for one in mro(cls):
            if isinstance(one, ClassValue):
                run_body(run, one)
        names = {name for one in mro(cls) if isinstance(one, ClassValue) for name in one.env}
        return ListValue(sorted(names), run.conditions)
    return Unknown("the names of a value")


REFLECTION: dict[str, Callable[..., Value]] = {
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _issubclass,
    "builtins.callable": _callable,
    "builtins.type": _type,
    "builtins.vars": _vars,
    "builtins.globals": _globals,
    "builtins.dir": _dir,
}
"""These functions by canonical name."""
