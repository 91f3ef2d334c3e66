"""What route paths match, as Starlette compiles them.

Source: starlette/routing.py (`compile_path`) and starlette/convertors.py of Starlette 1.10.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

_PARAMETER = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_]*)(:[a-zA-Z_][a-zA-Z0-9_]*)?\}")

_UUID = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
CONVERTORS = {"str": "[^/]+", "path": ".*", "int": "[0-9]+", "float": r"[0-9]+(\.[0-9]+)?", "uuid": _UUID}
"""The regular expression of each built-in convertor."""

_SAMPLES = {
    "str": ("\u00fc~q", "7", "a.b-c", "Z_9", "2fa1"),
    "path": ("\u00fc~q", "", "x/y", "a/7/z-1.k", "/", "0"),
    "int": ("7", "0", "98765432109876543210", "13"),
    "float": ("7", "0.5", "98765432109.25", "13"),
    "uuid": (
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "AAAAAAAABBBBCCCCDDDDEEEEEEEEEEEE",
        "00000000-0000-4000-8000-000000000000",
    ),
}
"""Texts that each convertor matches, chosen so that no narrower pattern matches them all."""

_MOST_PARAMETERS = 10
"""Paths with more parameters are not compared: matching them could take long."""


class PathPattern(msgspec.Struct, frozen=True):
    """A route's path: literal texts and, between them, parameters as (name, convertor)."""

    literals: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]

    @property
    def is_literal(self) -> bool:
        """Whether it has no parameter."""
        return not self.parameters

    def matches(self, text: str) -> bool:
        """Whether a request path is one of the pattern's."""
        return _compiled(self).fullmatch(text) is not None

    def covers(self, other: PathPattern) -> bool:
        """Whether every path of `other` is one of this pattern's."""
        matches = _compiled(self).fullmatch
        return all(matches(text) for text in _samples(other))


def pattern_of(path: str) -> PathPattern | None:
    """The pattern of a route's path; None if a convertor is unknown or there are too many parameters."""
    literals: list[str] = []
    parameters: list[tuple[str, str]] = []
    end = 0
    for match in _PARAMETER.finditer(path):
        convertor = (match.group(2) or ":str")[1:]
        if convertor not in CONVERTORS:
            return None
        literals.append(path[end : match.start()])
        parameters.append((match.group(1), convertor))
        end = match.end()
    if len(parameters) > _MOST_PARAMETERS:
        return None
    return PathPattern((*literals, path[end:]), tuple(parameters))


def mount_pattern(path: str) -> PathPattern | None:
    """The pattern of what a mount at `path` answers: the path itself and all below it."""
    return pattern_of(path.rstrip("/") + "/{path:path}")


def parameter_names(path: str) -> tuple[str, ...]:
    """The names of a path's parameters, in order."""
    return tuple(match.group(1) for match in _PARAMETER.finditer(path))


@lru_cache(maxsize=4096)
def _samples(pattern: PathPattern) -> tuple[str, ...]:
    """Paths of a pattern, each convertor's texts in several combinations."""
    rounds = max((len(_SAMPLES[convertor]) for _, convertor in pattern.parameters), default=1)
    shifts = (0, 1) if len(pattern.parameters) > 1 else (0,)
    return tuple(_sample(pattern, turn, shift) for turn in range(rounds) for shift in shifts)


def _sample(pattern: PathPattern, turn: int, shift: int) -> str:
    pieces = [pattern.literals[0]]
    for position, (_, convertor) in enumerate(pattern.parameters):
        texts = _SAMPLES[convertor]
        pieces += (texts[(turn + position * shift) % len(texts)], pattern.literals[position + 1])
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _compiled(pattern: PathPattern) -> re.Pattern[str]:
    pieces = [re.escape(pattern.literals[0])]
    for position, (_, convertor) in enumerate(pattern.parameters):
        pieces += (f"(?:{CONVERTORS[convertor]})", re.escape(pattern.literals[position + 1]))
    return re.compile("".join(pieces))
