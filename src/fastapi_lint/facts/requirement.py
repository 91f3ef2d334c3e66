"""One dependency as a project declares it (PEP 508, and Poetry's constraints)."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.place import Place

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?:@\s*(?P<url>\S+)|\(?(?P<specifier>(?:[<>=!~][^;@()]*)?)\)?)\s*(?:;(?P<marker>.*))?\Z"
)
_SEPARATORS = re.compile(r"[-_.]+")
_MAX_LENGTH = 1_000
ANY_VERSION = ">=0"


class Requirement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A dependency. `name` and `extras` are normalised (lower case, `-`).

    `specifier` is a PEP 440 specifier set, empty without a constraint, and `>=0` where the constraint can't
    be written as one. `url` is set for what comes from elsewhere than an index; `marker` as written.
    """

    name: str
    specifier: str
    extras: tuple[str, ...]
    marker: str
    url: str
    place: Place


def normalise(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def parse_requirement(text: str, place: Place) -> Requirement | None:
    """A PEP 508 requirement, or None if `text` is none."""
    match = _REQUIREMENT.match(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    extras = tuple(normalise(extra.strip()) for extra in (match["extras"] or "").split(",") if extra.strip())
    specifier = re.sub(r"\s+", "", match["specifier"] or "")
    return Requirement(
        normalise(match["name"]),
        specifier,
        extras,
        (match["marker"] or "").strip(),
        match["url"] or "",
        place,
    )


def poetry_specifier(constraint: str) -> str:
    """A Poetry constraint (`^1.2`, `~1.2`, `1.*`, `>=1,<2`) as a PEP 440 specifier set."""
    constraint = constraint.strip()
    if "|" in constraint:
        return ANY_VERSION
    pieces = [_piece(piece.strip()) for piece in re.split(r",|(?<=[\w*])\s+(?=[<>=!~^])", constraint)]
    return ",".join(piece for piece in pieces if piece)


def _piece(piece: str) -> str:
    if piece in ("", "*"):
        return ""
    if piece[0] == "^":
        return _range(piece[1:], _caret_position(piece[1:]))
    if piece[0] == "~" and not piece.startswith("~="):
        return _range(piece[1:], 1 if "." in piece else 0)
    if piece[0].isdigit():
        return f"=={piece}"
    if piece[0] == "=" and not piece.startswith("=="):
        return f"=={piece[1:].strip()}"
    return re.sub(r"\s+", "", piece)


def _caret_position(version: str) -> int:
    numbers = [int(number) for number in re.findall(r"\d+", version.split("-")[0])[:3]]
    for position, number in enumerate(numbers):
        if number:
            return position
    return max(len(numbers) - 1, 0)


def _range(version: str, position: int) -> str:
    """From `version` up to the next one at the given position of its numbers."""
    release = re.match(r"\s*v?(\d+(?:\.\d+)*)", version)
    if release is None:
        return ANY_VERSION
    numbers = [int(number) for number in release.group(1).split(".")]
    position = min(position, len(numbers) - 1)
    upper = [*numbers[:position], numbers[position] + 1]
    return f">={version.strip()},<{'.'.join(map(str, upper))}"
