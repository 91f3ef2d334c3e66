"""Python's builtin functions on values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.choices import without_repeats
from fastapi_lint.project.routing.frames import Frame
from fastapi_lint.project.routing.natives import in_order
from fastapi_lint.project.routing.reflection import REFLECTION
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    Assumed,
    DictValue,
    ListValue,
    Maybe,
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
        return kind(without_repeats(items) if kind is SetValue else items, run.conditions)

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
    return ListValue(
        [_paired(count, item) for count, item in zip(counts, items, strict=False)], run.conditions
    )


def _paired(count: Value, item: Value) -> Value:
    if isinstance(item, Maybe):
        return Maybe((count, item.value), item.conditions)
    return item if isinstance(item, Several) else (count, item)


def _zip(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    rows = [run.items(value) for value in arguments.values(run)]
    known = [
        row for row in rows if row is not None and not any(isinstance(one, Several | Maybe) for one in row)
    ]
    if len(known) != len(rows):
        return Unknown("unknown items")
    return ListValue(zip(*known, strict=False), run.conditions)


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
    return (
        Unknown("items in an order that is not known") if items is None else ListValue(items, run.conditions)
    )


def _reversed(run: Interpreter, arguments: Arguments, site: Site | None, frame: Frame | None) -> Value:
    items = run.items(arguments.value(run, 0, "sequence", ()))
    return Unknown("unknown items") if items is None else ListValue(items[::-1], run.conditions)


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
    **REFLECTION,
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
    "builtins.locals": _harmless,
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
