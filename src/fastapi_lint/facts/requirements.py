"""Requirements files (pip.pypa.io/en/stable/reference/requirements-file-format)."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from fastapi_lint.facts.place import Joined, Lines, Place
from fastapi_lint.facts.requirement import Requirement, normalise, parse_requirement

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*\Z")
_OPTION = re.compile(r"(-[a-zA-Z]|--[a-z-]+)(?:[\s=]+|\Z)(.*)\Z")
_INLINE_OPTION = re.compile(r"(?<=\s)--(?:hash|config-settings|global-option|install-option)\b.*\Z")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?")
_MAX_LINES = 100_000


class RequirementsInclude(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`-r file` (`requirements`) or `-c file` (`constraints`); the path is relative to this file's folder."""

    kind: Literal["requirements", "constraints"]
    path: str
    place: Place


class RequirementsFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One requirements file. `local` are paths of projects to install (`.`, `-e ./lib`); `hashed` tells
    that some requirement carries a hash."""

    requirements: tuple[Requirement, ...]
    includes: tuple[RequirementsInclude, ...]
    local: tuple[str, ...]
    hashed: bool


def read(text: str) -> RequirementsFacts:
    """The requirements of a file. Never raises; lines that are none are passed over."""
    requirements: list[Requirement] = []
    includes: list[RequirementsInclude] = []
    local: list[str] = []
    for line, place in _lines(text):
        option = _OPTION.match(line)
        if option is None:
            _requirement(line, place, requirements, local)
        elif option.group(1) in ("-r", "--requirement", "-c", "--constraint"):
            kind: Literal["requirements", "constraints"] = (
                "requirements" if "r" in option.group(1)[1:4] else "constraints"
            )
            includes.append(RequirementsInclude(kind, option.group(2).strip("\"' "), place))
        elif option.group(1) in ("-e", "--editable"):
            _requirement(option.group(2), place, requirements, local)
    return RequirementsFacts(tuple(requirements), tuple(includes), tuple(local), "--hash=" in text)


def _lines(text: str) -> list[tuple[str, Place]]:
    """The logical lines without comments, each with the place of its text."""
    lines = Lines.of(text)
    found: list[tuple[str, Place]] = []
    pieces: list[str] = []
    sources: list[int] = []
    starts: list[int] = []
    size = 0
    for number, start in enumerate(lines.starts[:_MAX_LINES]):
        end = lines.starts[number + 1] - 1 if number + 1 < len(lines.starts) else len(text)
        line = _COMMENT.sub("", text[start:end].rstrip("\r"))
        continues = line.endswith("\\")
        piece = line[:-1] if continues else line
        pieces.append(piece)
        starts.append(size)
        sources.append(start)
        size += len(piece)
        if not continues:
            _close(Joined("".join(pieces), tuple(starts), tuple(sources), lines), found)
            pieces, starts, sources, size = [], [], [], 0
    if pieces:
        _close(Joined("".join(pieces), tuple(starts), tuple(sources), lines), found)
    return found


def _close(joined: Joined, found: list[tuple[str, Place]]) -> None:
    text = joined.text.strip()
    if text:
        start = len(joined.text) - len(joined.text.lstrip())
        bare = _INLINE_OPTION.sub("", text).rstrip()
        found.append((bare, joined.place(start, start + len(bare))))


def _requirement(line: str, place: Place, requirements: list[Requirement], local: list[str]) -> None:
    egg = _EGG.search(line)
    if egg:
        extras = tuple(normalise(extra.strip()) for extra in (egg.group(2) or "").split(",") if extra.strip())
        requirements.append(Requirement(normalise(egg.group(1)), "", extras, "", line.split("#")[0], place))
        return
    if line.startswith((".", "/", "file:")) or "://" in line.split("@", 1)[0]:
        local.append(line)
        return
    found = parse_requirement(line, place)
    if found is not None:
        requirements.append(found)
