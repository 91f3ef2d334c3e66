"""Operators on values: joining, comparing, truth. Unknown stays unknown; nothing here raises."""

from __future__ import annotations

import operator as native
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi_lint.project.routing.choices import MAX_OPTIONS, assumed, chosen, same, without_repeats
from fastapi_lint.project.routing.files import PathValue
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

MAX_TEXT = 20_000
MAX_ITEMS = 5_000


def text_of(value: Value) -> Value:
    """A value as text where Python would accept it as text: enumeration members that mix in `str`."""
    if isinstance(value, MemberValue) and value.mixed and isinstance(value.value, str):
        return value.value
    return value


def fallback(possible: list[Value], last: Value) -> Value:
    """`a or b` where the truth of the values before the last is not known.

    A setting that is not set leaves the fallback, so that the text is assumed like a default.
    """
    if len(possible) == 1 and isinstance(last, str | type(None)):
        (first,) = possible
        if isinstance(first, Assumed):
            return first if first else Assumed(last or "", first.reasons)
        if isinstance(first, Unknown) and first.setting and isinstance(last, str):
            return assumed(last, first.setting)
    return chosen([*possible, last])


def retext(text: str, *sources: Value) -> str:
    """Text computed from others: assumed if one of them is."""
    reasons = [reason for source in sources for reason in getattr(source, "reasons", ())]
    return Assumed(text, tuple(dict.fromkeys(reasons))) if reasons else text


def unknown_from(*values: Value) -> Unknown:
    """The unknown among some values, which gives the reason of what is computed from it."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Choice):
            return Unknown("it depends on a condition that is not known")
        if isinstance(value, ExternalInstance | ExternalValue):
            name = value.callee + "()" if isinstance(value, ExternalInstance) else value.name
            return Unknown(f"`{name}` belongs to a library", getattr(value, "site", None))
    return Unknown("it is computed in a way that is not followed")


def over_options(compute: Callable[..., Value], *values: Value) -> Value:
    """Compute for each combination of options, within a bound."""
    combinations: list[tuple[Value, ...]] = [()]
    for value in values:
        options = value.options if isinstance(value, Choice) else (value,)
        combinations = [(*one, option) for one in combinations for option in options]
        if len(combinations) > MAX_OPTIONS:
            return Unknown("one of many values")
    return chosen(compute(*one) for one in combinations)


def joined(run: Interpreter, parts: list[Value]) -> Value:
    """The text of an f-string."""
    if any(isinstance(part, Choice) for part in parts):
        return over_options(lambda *one: joined(run, list(one)), *parts)
    texts: list[str] = []
    for part in parts:
        text = formatted(run, part)
        if not isinstance(text, str):
            return unknown_from(part)
        texts.append(text)
    whole = "".join(texts)
    return retext(whole, *texts) if len(whole) < MAX_TEXT else _LONG


def formatted(run: Interpreter, value: Value) -> Value:
    """What `str(value)` gives for values whose text is known; anything else is returned as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, PathValue):
        return value.text
    if isinstance(value, int | float | type(None)):
        return str(value)
    if isinstance(value, MemberValue) and value.plain and isinstance(value.value, str):
        return value.value
    if isinstance(value, InstanceValue) and run.class_attribute(value.cls, "__str__") is not MISSING:
        return run.call_attribute(value, "__str__")
    return value


def binary(run: Interpreter, operator: str, left: Value, right: Value) -> Value:
    """`left operator right`."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return over_options(lambda a, b: binary(run, operator, a, b), left, right)
    left, right = text_of(left), text_of(right)
    if isinstance(left, ListValue | tuple) or isinstance(right, ListValue | tuple):
        return _binary_sequence(run, operator, left, right)
    if isinstance(left, dict) and operator == "|":
        return _merged(run, left, right)
    if isinstance(left, PathValue) and operator == "/" and isinstance(right, str | PathValue):
        return left.joined(str(right))
    if isinstance(left, NATIVE) and isinstance(right, NATIVE):
        return _binary_native(operator, left, right)
    if operator == "%" and isinstance(left, str):
        return unknown_from(right)
    return unknown_from(left, right)


_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": native.add,
    "-": native.sub,
    "//": native.floordiv,
    "/": native.truediv,
    "%": native.mod,
    "|": native.or_,
    "&": native.and_,
}


def _binary_native(operator: str, left: Value, right: Value) -> Value:
    if isinstance(left, str) or isinstance(right, str):
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return retext(str(left) + str(right), left, right) if len(left) + len(right) < MAX_TEXT else _LONG
        if operator == "%" and isinstance(left, str) and len(left) < MAX_TEXT:
            return _percent(left, (right,))
        return Unknown("the result of an operator on text")
    compute = _ARITHMETIC.get(operator)
    if operator == "*" and all(isinstance(one, int) and abs(one) < 1_000_000 for one in (left, right)):
        return left * right
    try:
        return compute(left, right) if compute else Unknown("the result of an operator")
    except (TypeError, ArithmeticError, ValueError):
        return Unknown("an operation that fails")


_LONG = Unknown("a text that is too long to follow")


def _percent(text: str, values: tuple[Value, ...]) -> Value:
    if any(not isinstance(value, NATIVE) for value in values) or any(char.isdigit() for char in text):
        return unknown_from(*values)
    try:
        return retext(str(text) % tuple(values), text, *values)
    except (TypeError, ValueError):
        return Unknown("a format that fails")


def _binary_sequence(run: Interpreter, operator: str, left: Value, right: Value) -> Value:
    if isinstance(left, str) and operator == "%" and isinstance(right, tuple):
        return _percent(left, right)
    if isinstance(left, SetValue) and operator in "|&-":
        return _binary_set(run, operator, left, right)
    if operator == "+":
        parts = [
            list(one) if isinstance(one, list | tuple) else [Several("unknown items")]
            for one in (left, right)
        ]
        items = [*parts[0], *parts[1]]
        if len(items) <= MAX_ITEMS:
            return tuple(items) if isinstance(left, tuple) else ListValue(items, run.conditions)
    return unknown_from(left, right)


def _binary_set(run: Interpreter, operator: str, left: SetValue, right: Value) -> Value:
    if not isinstance(right, list | tuple):
        return unknown_from(right)
    others = list(right)
    if operator == "|":
        return SetValue(without_repeats([*left, *others]), run.conditions)
    wanted = operator == "&"
    kept = [one for one in left if any(same(one, other) for other in others) is wanted]
    return SetValue(kept, run.conditions)


def _merged(run: Interpreter, left: Value, right: Value) -> Value:
    made = DictValue(left, run.conditions)
    made.open = getattr(left, "open", False) or getattr(right, "open", False) or not isinstance(right, dict)
    if isinstance(right, dict):
        made.update(right)
    return made


_CERTAIN = (FunctionValue, ClassValue, ModuleValue, BoundMethod, PartialValue, Native, PathValue, MemberValue)


def truth(run: Interpreter, value: Value) -> bool | None:
    """Whether a value is true; None if that is not known. A setting's default never decides."""
    if isinstance(value, Assumed):
        return None
    if isinstance(value, NATIVE):
        return bool(value)
    if isinstance(value, Choice):
        found = {truth(run, option) for option in value.options}
        return found.pop() if len(found) == 1 else None
    if isinstance(value, list | tuple):
        return _truth_of_items(value)
    if isinstance(value, dict):
        return True if value else (None if getattr(value, "open", False) else False)
    if isinstance(value, InstanceValue):
        plain = all(run.class_attribute(value.cls, name) is MISSING for name in ("__bool__", "__len__"))
        return True if plain else None
    if isinstance(value, Unknown | ExternalInstance | Maybe):
        return None
    if isinstance(value, ExternalValue):
        return False if value.name == "typing.TYPE_CHECKING" else None
    return True


def _truth_of_items(value: Value) -> bool | None:
    if any(not isinstance(item, Several | Maybe) for item in value):
        return True
    return None if value else False


_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": native.lt,
    "<=": native.le,
    ">": native.gt,
    ">=": native.ge,
}


def compare(run: Interpreter, operator: str, left: Value, right: Value) -> bool | None:
    """The outcome of one comparison; None if it is not known."""
    if operator in ("not in", "is not", "!="):
        positive = {"not in": "in", "is not": "is", "!=": "=="}[operator]
        outcome = compare(run, positive, left, right)
        return None if outcome is None else not outcome
    if isinstance(left, Choice) or isinstance(right, Choice):
        result = over_options(lambda a, b: compare(run, operator, a, b), left, right)
        return result if result is True or result is False else None
    if operator == "in":
        return _contains(run, right, left)
    if operator == "is":
        return _identical(left, right)
    if operator == "==":
        return equal(left, right)
    if is_plain(left) and is_plain(right):
        try:
            return bool(_ORDER[operator](left, right))
        except (TypeError, KeyError):
            return None
    return None


def is_plain(value: Value) -> bool:
    """Whether a value is native and assumes nothing, through tuples and lists."""
    if isinstance(value, list | tuple):
        return all(is_plain(item) for item in value)
    return isinstance(value, NATIVE) and not isinstance(value, Assumed)


def _identical(left: Value, right: Value) -> bool | None:
    if left is right:
        return True
    for one, other in ((left, right), (right, left)):
        if one is None or isinstance(one, bool):
            if isinstance(other, Unknown | ExternalInstance | ExternalValue | Assumed | Maybe):
                return None
            return bool(one == other) if isinstance(other, bool) and isinstance(one, bool) else False
    if isinstance(left, NATIVE) and isinstance(right, NATIVE):
        return None if isinstance(left, Assumed) or isinstance(right, Assumed) else left == right
    return equal(left, right)


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None if that is not known."""
    left, right = text_of(left), text_of(right)
    if isinstance(left, Unknown | Maybe | Assumed) or isinstance(right, Unknown | Maybe | Assumed):
        return None
    if left is right:
        return True
    if is_plain(left) and is_plain(right):
        return bool(_plain_list(left) == _plain_list(right))
    if isinstance(left, PathValue) and isinstance(right, PathValue):
        return left.text == right.text
    if isinstance(left, ExternalValue) and isinstance(right, ExternalValue) and left.name == right.name:
        return True
    certain = (*_CERTAIN, *NATIVE)
    if isinstance(left, certain) and isinstance(right, certain):
        return False
    return None if not isinstance(left, _CERTAIN) or not isinstance(right, _CERTAIN) else False


def _plain_list(value: Value) -> Value:
    return [_plain_list(item) for item in value] if isinstance(value, list | tuple) else value


def _contains(run: Interpreter, container: Value, item: Value) -> bool | None:
    if isinstance(container, str) and isinstance(item, str):
        plain = is_plain(container) and is_plain(item)
        return str(item) in str(container) if plain else None
    if isinstance(container, dict):
        found = any(equal(key, item) for key in container)
        return (
            True
            if found
            else (None if getattr(container, "open", False) or isinstance(item, Unknown) else False)
        )
    if not isinstance(container, list | tuple):
        return None
    outcomes = [equal(one.value if isinstance(one, Maybe) else one, item) for one in container]
    sure = [o for o, one in zip(outcomes, container, strict=False) if not isinstance(one, Maybe)]
    if True in sure:
        return True
    return None if None in outcomes or True in outcomes else False


def is_hashable(value: Value) -> bool:
    """Whether a value can be a key of a dict here."""
    return not isinstance(value, dict | list) and (
        not isinstance(value, tuple) or all(map(is_hashable, value))
    )
