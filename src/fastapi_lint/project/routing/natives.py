"""Methods of text, lists, dicts and paths. Only those that are pure and bounded are computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing import files, operators
from fastapi_lint.project.routing.arguments import Arguments, of_values
from fastapi_lint.project.routing.choices import chosen, same
from fastapi_lint.project.routing.files import PathValue
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import (
    MISSING,
    NATIVE,
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

_TEXT = frozenset(
    """
    capitalize casefold count endswith find format format_map index isalnum isalpha isdigit
    isidentifier islower isupper join lower lstrip partition removeprefix removesuffix replace rfind
    rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title upper
    """.split()
)


def call_method(
    run: Interpreter, receiver: Value, name: str, arguments: Arguments, site: Site | None
) -> Value:
    """`receiver.name(arguments)` for a native receiver."""
    if isinstance(receiver, str):
        return _text(run, receiver, name, arguments)
    if isinstance(receiver, ListValue):
        return _list(run, receiver, name, arguments)
    if isinstance(receiver, dict):
        return _dict(run, receiver, name, arguments)
    if isinstance(receiver, PathValue):
        return _path(run, receiver, name, arguments)
    if isinstance(receiver, tuple) and name in ("index", "count"):
        return _list(run, ListValue(receiver), name, arguments)
    run.handed_over(name, run.values_of(arguments), site)
    return Unknown("a method that is not followed")


def _text(run: Interpreter, receiver: str, name: str, arguments: Arguments) -> Value:
    if name not in _TEXT or arguments.loose:
        return Unknown("a method of a text")
    values = [operators.text_of(value) for value in arguments.values(run)]
    named = {key: operators.formatted(run, one.value(run)) for key, one in arguments.keywords.items()}
    if name == "join" and values:
        return _joined(run, receiver, values[0])
    if name in ("format", "format_map") and any(char in receiver for char in "![:.") and "{" in receiver:
        return Unknown("a format that is not followed")
    if not all(_is_simple(value) for value in (*values, *named.values())):
        return operators.unknown_from(*values, *named.values())
    try:
        made = getattr(str(receiver), name)(*values, **named)
    except (TypeError, ValueError, LookupError):
        return Unknown("a method of a text that fails")
    return _assumed(run, made, receiver, *values, *named.values())


def _is_simple(value: Value) -> bool:
    return isinstance(value, NATIVE) or (isinstance(value, tuple) and all(map(_is_simple, value)))


def _assumed(run: Interpreter, made: Value, *sources: Value) -> Value:
    if isinstance(made, str):
        return operators.retext(made, *sources) if len(made) < operators.MAX_TEXT else Unknown("a long text")
    if isinstance(made, tuple):
        return tuple(operators.retext(part, *sources) for part in made)
    reasons = [reason for source in sources for reason in getattr(source, "reasons", ())]
    if isinstance(made, list) and not reasons:
        return ListValue(made, run.conditions)
    if reasons:
        return Unknown(f"it depends on the setting `{reasons[0]}`", setting=reasons[0])
    return made


def _joined(run: Interpreter, separator: str, value: Value) -> Value:
    items = run.items(value)
    if items is None or not all(isinstance(item, str) for item in items):
        return operators.unknown_from(*(items or ()))
    return _assumed(run, str(separator).join(items), separator, *items)


def _list(run: Interpreter, receiver: ListValue, name: str, arguments: Arguments) -> Value:
    method = _LIST.get(name)
    if method is not None:
        return method(run, receiver, *arguments.values(run))
    if name == "sort":
        _sort(run, receiver, arguments)
        return None
    if isinstance(receiver, SetValue) and name in ("union", "difference", "intersection"):
        operator = {"union": "|", "difference": "-", "intersection": "&"}[name]
        return operators.binary(run, operator, receiver, arguments.value(run, 0, "others"))
    return Unknown("a method of a list")


def _append(run: Interpreter, receiver: ListValue, value: Value = None, *_: Value) -> None:
    add(run, receiver, value, len(receiver))


def add(run: Interpreter, receiver: ListValue, value: Value, index: int) -> None:
    """Put an item into a list, marked if this happens under a condition that the list doesn't share."""
    if isinstance(receiver, SetValue) and any(same(value, one) for one in receiver):
        return
    if len(receiver) < operators.MAX_ITEMS:
        own = run.relative(receiver.conditions)
        receiver.insert(index, Maybe(value, own) if own else value)


def extend(run: Interpreter, receiver: Value, value: Value) -> None:
    """`receiver += value`."""
    items = run.items(value)
    for item in [Several("unknown items")] if items is None else items:
        if isinstance(receiver, ListValue):
            add(run, receiver, item, len(receiver))


def _extend(run: Interpreter, receiver: ListValue, value: Value = (), *_: Value) -> None:
    extend(run, receiver, value)


def _insert(run: Interpreter, receiver: ListValue, index: Value = 0, value: Value = None, *_: Value) -> None:
    add(run, receiver, value, index if isinstance(index, int) else len(receiver))


def _remove(run: Interpreter, receiver: ListValue, value: Value = None, *_: Value) -> None:
    for index, item in enumerate(receiver):
        if operators.equal(item, value):
            take_out(run, receiver, index)
            return


def take_out(run: Interpreter, receiver: ListValue, index: int) -> None:
    """Take an item out of a list; under a condition that the list doesn't share, it may still be there."""
    own = run.relative(receiver.conditions)
    if not own:
        del receiver[index]
    elif not isinstance(receiver[index], Maybe):
        receiver[index] = Maybe(receiver[index], own)


def _pop(run: Interpreter, receiver: ListValue, index: Value = -1, *_: Value) -> Value:
    if isinstance(index, int) and receiver and -len(receiver) <= index < len(receiver):
        return receiver.pop(index)
    return Unknown("an item of a list")


def _index(run: Interpreter, receiver: ListValue, value: Value = None, *_: Value) -> Value:
    for index, item in enumerate(receiver):
        if operators.equal(item, value):
            return index
    return Unknown("the place of an item")


def _copy(run: Interpreter, receiver: ListValue, *_: Value) -> ListValue:
    return type(receiver)(receiver, run.conditions)


def _clear(run: Interpreter, receiver: ListValue, *_: Value) -> None:
    for index in reversed(range(len(receiver))):
        take_out(run, receiver, index)


def _reverse(run: Interpreter, receiver: ListValue, *_: Value) -> None:
    receiver.reverse()


_LIST: dict[str, Callable[..., Value]] = {
    "append": _append,
    "add": _append,
    "extend": _extend,
    "update": _extend,
    "insert": _insert,
    "remove": _remove,
    "discard": _remove,
    "pop": _pop,
    "index": _index,
    "copy": _copy,
    "clear": _clear,
    "reverse": _reverse,
}


def _sort(run: Interpreter, receiver: ListValue, arguments: Arguments) -> None:
    ordered = in_order(run, list(receiver), arguments)
    if ordered is not None:
        receiver[:] = ordered


def in_order(run: Interpreter, items: list[Value], arguments: Arguments) -> list[Value] | None:
    """The items sorted by `key` and `reverse`; None if their order can't be told."""
    key = arguments.value(run, None, "key", None)
    reverse = run.truth(arguments.value(run, None, "reverse", False))
    keys = [item if key is None else run.call(key, of_values(item), None, None) for item in items]
    if reverse is None or not all(operators.is_plain(one) for one in keys):
        return None
    try:
        order = sorted(range(len(items)), key=lambda index: keys[index], reverse=reverse)
    except TypeError:
        return None
    return [items[index] for index in order]


def _dict(run: Interpreter, receiver: Value, name: str, arguments: Arguments) -> Value:
    if name in ("keys", "values", "items"):
        return _parts(run, receiver, name)
    key, default = arguments.value(run, 0, "key"), arguments.value(run, 1, "default", None)
    if name in ("get", "setdefault", "pop") and key is not MISSING:
        return _get(run, receiver, name, key, default)
    if name == "update":
        _update(run, receiver, arguments)
        return None
    if name == "copy":
        made = DictValue(receiver, run.conditions)
        made.open = getattr(receiver, "open", False)
        return made
    return Unknown("a method of a dict")


def _parts(run: Interpreter, receiver: Value, name: str) -> Value:
    items: list[Value] = []
    for key, value in receiver.items():
        plain = value.value if isinstance(value, Maybe) else value
        one = {"keys": key, "values": plain, "items": (key, plain)}[name]
        items.append(Maybe(one, value.conditions) if isinstance(value, Maybe) else one)
    if getattr(receiver, "open", False):
        items.append(Several("unknown items of a dict"))
    return ListValue(items, run.conditions)


def _get(run: Interpreter, receiver: Value, name: str, key: Value, default: Value) -> Value:
    if isinstance(key, Unknown) or not operators.is_hashable(key):
        return Unknown("an unknown key of a dict")
    key = operators.text_of(key)
    found = receiver.get(key, MISSING)
    if found is MISSING and getattr(receiver, "open", False):
        return Unknown("an unknown key of a dict")
    if name == "pop" and not run.relative(getattr(receiver, "conditions", ())):
        receiver.pop(key, None)
    if name == "setdefault" and found is MISSING:
        receiver[key] = default
    if isinstance(found, Maybe):
        return chosen((found.value, default))
    return default if found is MISSING else found


def _update(run: Interpreter, receiver: Value, arguments: Arguments) -> None:
    given = arguments.value(run, 0, "", DictValue())
    if isinstance(given, dict):
        for key, value in given.items():
            run.set_item(receiver, key, value)
    elif isinstance(receiver, DictValue):
        receiver.open = True
    for name, argument in arguments.keywords.items():
        run.set_item(receiver, name, argument.value(run))


def _path(run: Interpreter, receiver: PathValue, name: str, arguments: Arguments) -> Value:
    if name in ("resolve", "absolute", "expanduser"):
        return receiver
    if name in ("as_posix", "__str__", "__fspath__"):
        return receiver.text
    first = arguments.value(run, 0, "pattern", "")
    if name in ("glob", "rglob") and isinstance(first, str):
        pattern = f"{receiver.text}/**/{first}" if name == "rglob" else f"{receiver.text}/{first}"
        return _found(run, files.matching(run.table, pattern))
    if name == "iterdir":
        names = files.entries(run.table, receiver.text)
        return _found(run, None if names is None else [f"{receiver.text}/{one}" for one in names])
    if name == "joinpath" and all(isinstance(one, str) for one in arguments.values(run)):
        return receiver.joined(*arguments.values(run))
    if name in ("exists", "is_file", "is_dir"):
        return _exists(run, receiver.text, name)
    if name == "relative_to":
        return _relative(receiver, first if first != "" else arguments.value(run, 0, "other", ""))
    if name == "with_suffix" and isinstance(first, str):
        return PathValue(receiver.text[: len(receiver.text) - len(receiver.suffix)] + first)
    return Unknown("a method of a path")


def _found(run: Interpreter, paths: list[str] | None) -> Value:
    if paths is None:
        return Unknown("files that are not known")
    return ListValue([PathValue(path) for path in paths], run.conditions)


def _exists(run: Interpreter, path: str, name: str) -> Value:
    if not files.is_known(run.table, path):
        return Unknown("whether a file exists")
    is_file = path.endswith(".py")
    return True if name == "exists" else is_file if name == "is_file" else not is_file


def _relative(path: PathValue, start: Value) -> Value:
    text = str(start) if isinstance(start, str | PathValue) else ""
    if text and path.text.startswith(text.rstrip("/") + "/"):
        return PathValue(path.text[len(text.rstrip("/")) + 1 :])
    return Unknown("a path relative to another")
