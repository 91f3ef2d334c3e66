"""Python's builtin functions on values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.classes import bases_outside, kind_of, mro
from fastapi_lint.project.routing.files import PathValue
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.natives import in_order
from fastapi_lint.project.routing.router_attributes import class_name
from fastapi_lint.project.routing.routers import HostValue, IncludeValue, MountValue, RouterValue, RouteValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.third_party import APP_CLASSES, HARMLESS_PACKAGES, ROUTER_CLASSES
from fastapi_lint.project.routing.values import (
    MISSING,
    NATIVE,
    Assumed,
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
    Several,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_MAX_RANGE = 1_000


def _len(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "obj", None)
    if isinstance(value, str) and not isinstance(value, Assumed):
        return len(value)
    items = run.items(value)
    if items is None or any(isinstance(item, Several | Maybe) for item in items):
        return Unknown("a length")
    return len(items)


def _str(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = operators.formatted(run, arguments.value(run, 0, "object", ""))
    return value if isinstance(value, str) else operators.unknown_from(value)


def _bool(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    truth = run.truth(arguments.value(run, 0, "x", False))
    return Unknown("a condition that is not known") if truth is None else truth


def _int(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "x", 0)
    if operators.is_plain(value) and not isinstance(value, list | tuple) and len(str(value)) < 20:
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            return Unknown("a number")
    return operators.unknown_from(value)


def _sequence(kind: Callable[..., Value]) -> Callable[..., Value]:
    def make(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
        value = arguments.value(run, 0, "iterable", ())
        items = run.items(value)
        if items is None:
            items = [Several(operators.unknown_from(value).reason, site)]
        if kind is tuple:
            return tuple(items)
        return kind(operators.without_repeats(items) if kind is SetValue else items, run.conditions)

    return make


def _dict(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    made = DictValue(conditions=run.conditions)
    given = arguments.value(run, 0, "", DictValue())
    if isinstance(given, dict):
        made.update(given)
    else:
        for pair in run.items(given) or [None]:
            if isinstance(pair, tuple) and len(pair) == 2 and operators.is_hashable(pair[0]):
                made[pair[0]] = pair[1]
            else:
                made.open = True
    for name, argument in arguments.keywords.items():
        made[name] = argument.value(run)
        if (where := argument.site) is not None:
            made.origins[name] = where
    made.open = made.open or arguments.loose or getattr(given, "open", False)
    return made


def _range(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    values = arguments.values(run)
    if values and all(type(value) is int for value in values):
        try:
            numbers = range(*values)
        except (TypeError, ValueError):
            return Unknown("a range")
        if len(numbers) <= _MAX_RANGE:
            return ListValue(numbers, run.conditions)
    return Unknown("a range")


def _enumerate(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    items = run.items(arguments.value(run, 0, "iterable", ()))
    start = arguments.value(run, 1, "start", 0)
    if items is None or type(start) is not int:
        return Unknown("unknown items")
    unsure = any(isinstance(item, Several | Maybe) for item in items)
    counts = [Unknown("a place in a list") if unsure else index for index in range(start, start + len(items))]
    return ListValue([_paired(count, item) for count, item in zip(counts, items)], run.conditions)  # noqa: B905


def _paired(count: Value, item: Value) -> Value:
    if isinstance(item, Maybe):
        return Maybe((count, item.value), item.conditions)
    return item if isinstance(item, Several) else (count, item)


def _zip(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    rows = [run.items(value) for value in arguments.values(run)]
    known = [row for row in rows if row is not None and not any(isinstance(one, Several | Maybe) for one in row)]
    if len(known) != len(rows):
        return Unknown("unknown items")
    return ListValue(zip(*known), run.conditions)  # noqa: B905


def _map(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    function = arguments.value(run, 0, "func")
    made = []
    before = run.conditions
    for item in run.iterate(arguments.value(run, 1, "iterable", ()), site):
        result = run.call(function, of_values(item), site, frame)
        extra = run.relative(before)
        made.append(Maybe(result, extra) if extra else result)
    run.conditions = before
    return ListValue(made, before)


def _filter(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    function = arguments.value(run, 0, "function", None)
    items = run.items(arguments.value(run, 1, "iterable", ()))
    if items is None:
        return Unknown("unknown items")
    kept = []
    for item in items:
        plain = item.value if isinstance(item, Maybe) else item
        verdict = plain if function is None else run.call(function, of_values(plain), site, frame)
        if run.truth(verdict) is not False:
            kept.append(item)
    return ListValue(kept, run.conditions)


def _sorted(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    items = run.items(arguments.value(run, 0, "iterable", ()))
    ordered = None if items is None else in_order(run, items, arguments)
    if ordered is not None:
        return ListValue(ordered, run.conditions)
    return Unknown("items in an order that is not known") if items is None else ListValue(items, run.conditions)


def _reversed(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    items = run.items(arguments.value(run, 0, "sequence", ()))
    return Unknown("unknown items") if items is None else ListValue(items[::-1], run.conditions)


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
    if isinstance(found, Unknown) and isinstance(base, InstanceValue):
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


_PYTHON = {str: "str", bool: "bool", int: "int", float: "float", tuple: "tuple", ListValue: "list", SetValue: "set"}
_HTTP = ("fastapi.routing.APIRoute", "starlette.routing.Route", "fastapi.routing.Route")
_SOCKET = ("fastapi.routing.APIWebSocketRoute", "starlette.routing.WebSocketRoute")


def library_classes(value: Value) -> tuple[str, ...]:
    """Names of the classes outside of the project that a value is an instance of."""
    if isinstance(value, RouterValue):
        outside = tuple(one.name for one in (mro(value.cls) if value.cls else ()) if isinstance(one, ExternalValue))
        own = class_name(value)
        base = ("starlette.routing.Router",) if value.kind == "router" else ("starlette.applications.Starlette",)
        return (*outside, own, *base)
    if isinstance(value, RouteValue):
        names = _SOCKET if value.kind == "websocket" else _HTTP
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
    names = [f"builtins.{name}" for kind, name in _PYTHON.items() if isinstance(value, kind)]
    return (*names, "builtins.dict") if isinstance(value, dict) else tuple(names)


def _issubclass(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value, wanted = arguments.value(run, 0, "cls", None), arguments.value(run, 1, "class", None)
    if isinstance(value, ClassValue) and isinstance(wanted, ClassValue | ExternalValue):
        names = [one.name for one in mro(value) if isinstance(one, ExternalValue)]
        return wanted in mro(value) or (isinstance(wanted, ExternalValue) and wanted.name in names)
    return Unknown("whether a class derives from another")


def _callable(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    value = arguments.value(run, 0, "obj", None)
    if isinstance(value, FunctionValue | BoundMethod | ClassValue | PartialValue | Native):
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
    if isinstance(value, ClassValue | InstanceValue) and kind_of(getattr(value, "cls", value)) == "plain":
        names = {name for one in mro(getattr(value, "cls", value)) if isinstance(one, ClassValue) for name in one.env}
        return ListValue(sorted(names), run.conditions)
    return Unknown("the names of a value")


def _next(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    items = run.items(arguments.value(run, 0, "iterator", ()))
    default = arguments.value(run, 1, "default")
    if items is None or any(isinstance(item, Several | Maybe) for item in items[:1]):
        return Unknown("the next item")
    if items:
        return items[0]
    return Unknown("the next item") if default is MISSING else default


def _iter(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return arguments.value(run, 0, "iterable", None)


def _any(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return _quantified(run, arguments, wanted=True)


def _all(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return _quantified(run, arguments, wanted=False)


def _quantified(run: Interpreter, arguments: Arguments, wanted: bool) -> Value:
    items = run.items(arguments.value(run, 0, "iterable", ()))
    truths = [None] if items is None else [run.truth(item) for item in items]
    if wanted in truths:
        return wanted
    return Unknown("a condition that is not known") if None in truths else not wanted


def _extreme(compute: Callable[..., Value]) -> Callable[..., Value]:
    def choose(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
        values = arguments.values(run)
        items = run.items(values[0]) if len(values) == 1 else values
        if items and operators.is_plain(items) and "key" not in arguments.keywords:
            try:
                return compute(items)
            except TypeError:
                return Unknown("the smallest or largest item")
        return Unknown("the smallest or largest item")

    return choose


def _import(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    importer = frame.module.module.path if frame is not None else ""
    name = arguments.value(run, 0, "name", None)
    given = run.items(arguments.value(run, 3, "fromlist", ()))
    found = run.import_module(name, None, importer)
    if isinstance(name, str) and "." in name and not given and not isinstance(found, Unknown):
        return run.import_module(name.partition(".")[0], None, importer)
    return found


def _harmless(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    return Unknown("the result of a builtin function")


BUILTINS: dict[str, Callable[..., Value]] = {
    "builtins.len": _len,
    "builtins.str": _str,
    "builtins.bool": _bool,
    "builtins.int": _int,
    "builtins.list": _sequence(ListValue),
    "builtins.tuple": _sequence(tuple),
    "builtins.set": _sequence(SetValue),
    "builtins.frozenset": _sequence(SetValue),
    "builtins.dict": _dict,
    "builtins.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.sorted": _sorted,
    "builtins.reversed": _reversed,
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _issubclass,
    "builtins.callable": _callable,
    "builtins.type": _type,
    "builtins.vars": _vars,
    "builtins.globals": _globals,
    "builtins.locals": _harmless,
    "builtins.dir": _dir,
    "builtins.next": _next,
    "builtins.iter": _iter,
    "builtins.any": _any,
    "builtins.all": _all,
    "builtins.min": _extreme(min),
    "builtins.max": _extreme(max),
    "builtins.__import__": _import,
    "builtins.print": _harmless,
    "builtins.id": _harmless,
    "builtins.hash": _harmless,
    "builtins.repr": _harmless,
    "builtins.open": _harmless,
}
"""Builtin functions by canonical name."""
