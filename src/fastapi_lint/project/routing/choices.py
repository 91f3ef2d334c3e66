"""Values of which one holds: joining them, and telling whether two are the same."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi_lint.project.routing.values import NATIVE, Assumed, Choice, Unknown, Value

MAX_OPTIONS = 8
"""How many possible values are kept apart."""


def same(left: Value, right: Value) -> bool:
    """Whether two values are surely the same, types included. Whose default a text is doesn't count."""
    if left is right or (isinstance(left, Unknown) and isinstance(right, Unknown)):
        return True
    if isinstance(left, str) and isinstance(right, str):
        return str(left) == str(right)
    if type(left) is not type(right) or not isinstance(left, (*NATIVE, tuple)):
        return False
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def without_repeats(values: Iterable[Value], limit: int = 5_000) -> list[Value]:
    """The values in order, each once; one more than `limit` of them at most."""
    kept: list[Value] = []
    for value in values:
        if len(kept) > limit:
            break
        index = next((index for index, other in enumerate(kept) if same(value, other)), -1)
        if index < 0:
            kept.append(value)
        elif isinstance(value, Assumed):
            kept[index] = assumed(kept[index], *value.reasons)
    return kept


def assumed(text: str, *settings: str) -> Assumed:
    """Text that holds if the named settings keep their defaults."""
    reasons = (*getattr(text, "reasons", ()), *settings)
    return Assumed(text, tuple(dict.fromkeys(reasons)))


def chosen(options: Iterable[Value]) -> Value:
    """One of several values: the value itself if they are all the same."""
    flat: list[Value] = []
    for option in options:
        flat.extend(option.options if isinstance(option, Choice) else [option])
    kept = without_repeats(flat, MAX_OPTIONS)
    if len(kept) == 1:
        return kept[0]
    if len(kept) > MAX_OPTIONS:
        return Unknown("one of many values")
    return Choice(tuple(kept))
