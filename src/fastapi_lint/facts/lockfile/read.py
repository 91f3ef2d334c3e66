"""Reads a lock file.

The TOML that uv, Poetry and PDM write is read line by line: it always has the same shape, and a full TOML
parser needs many times as long for the megabytes of hashes in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi_lint.facts.lockfile.model import LockedDependency, LockedPackage, LockfileFacts
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.requirement import normalise, parse_requirement

_ASSIGNED = re.compile(r"(\"[^\"]*\"|[A-Za-z0-9_.-]+) = (.*)\Z")
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_INLINE_NAME = re.compile(r"\bname = \"([^\"]*)\"")
_INLINE_EXTRAS = re.compile(r"\bextras? = \[([^\]]*)\]")
_SOURCE_KIND = re.compile(r"\b(registry|git|editable|virtual|directory|path|url) = ")
_NOWHERE = Place(1, 1, 1, 1)
_MAX_PACKAGES = 100_000


def read(text: str) -> LockfileFacts:
    """The packages of a lock file of any known kind. Never raises."""
    text = text[1:] if text.startswith("\ufeff") else text
    if text.lstrip().startswith("{"):
        return LockfileFacts("pipfile", _pipfile(text))
    packages = tuple(draft.finish() for draft in _drafts(text))
    return LockfileFacts("toml" if packages else "unknown", packages)


@dataclass(slots=True)
class _Draft:
    """A package while its lines are read."""

    name: str = ""
    version: str = ""
    source: str = "registry"
    groups: list[str] = field(default_factory=list)
    needs: list[LockedDependency] = field(default_factory=list)

    def finish(self) -> LockedPackage:
        groups = tuple(dict.fromkeys(self.groups))
        return LockedPackage(self.name, self.version, tuple(self.needs), groups, self.source)


def _drafts(text: str) -> Iterator[_Draft]:
    draft: _Draft | None = None
    table = key = ""
    count = 0
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if line.startswith("["):
            table, key = line.strip("[] \t"), ""
            if line.startswith(("[[package]]", "[[packages]]")):
                if draft is not None and draft.name:
                    yield draft
                count += 1
                if count > _MAX_PACKAGES:
                    return
                draft = _Draft()
            elif not table.startswith(("package.", "packages.")):
                table = ""
        elif draft is not None and table:
            key = _line(draft, table.partition(".")[2], key, line)
    if draft is not None and draft.name:
        yield draft


def _line(draft: _Draft, table: str, key: str, line: str) -> str:
    """Take one line of a package; the key whose list is open after it, or an empty text."""
    if key:
        if line.startswith("]"):
            return ""
        _item(draft, table, key, line)
        return key
    match = _ASSIGNED.match(line)
    if match is None:
        return ""
    name, value = match.group(1).strip('"'), match.group(2)
    if value == "[":
        return name
    _value(draft, table, name, value)
    return ""


def _value(draft: _Draft, table: str, name: str, value: str) -> None:
    if table == "":
        if name == "name":
            draft.name = normalise(value.strip('"'))
        elif name == "version":
            draft.version = value.strip('"')
        elif name == "category":
            draft.groups.append(value.strip('"'))
        elif name == "groups":
            draft.groups += _STRING.findall(value)
        elif name == "source":
            kind = _SOURCE_KIND.search(value)
            draft.source = kind.group(1) if kind else "registry"
        elif name == "dependencies":
            _item(draft, table, name, value)
    elif table == "dependencies":
        _poetry_dependency(draft, name, value)
    elif table == "source" and name == "type":
        draft.source = value.strip('"')
    else:
        _item(draft, table, name, value)


def _item(draft: _Draft, table: str, key: str, line: str) -> None:
    """A dependency inside a list: uv's `{ name = "x" }`, PDM's and Poetry's `"x>=1"`."""
    extra = _extra_of(table, key)
    if extra is None:
        return
    inline = _INLINE_NAME.findall(line)
    if inline:
        listed = _INLINE_EXTRAS.search(line) if len(inline) == 1 else None
        extras = tuple(normalise(name) for name in _STRING.findall(listed.group(1))) if listed else ()
        draft.needs += [LockedDependency(normalise(name), extras, extra) for name in inline]
        return
    for text in _STRING.findall(line):
        requirement = parse_requirement(text.replace('\\"', '"'), _NOWHERE)
        if requirement is not None:
            draft.needs.append(LockedDependency(requirement.name, requirement.extras, extra))


def _extra_of(table: str, key: str) -> str | None:
    """The extra or group that a list belongs to, empty for the main one; None for no such list."""
    if table == "" and key == "dependencies":
        return ""
    if table in ("optional-dependencies", "extras", "dev-dependencies"):
        return normalise(key)
    return None


def _poetry_dependency(draft: _Draft, name: str, value: str) -> None:
    """`name = ">=1"` or `name = {version = "...", extras = [...], optional = true}`."""
    if "optional = true" in value:
        return
    listed = _INLINE_EXTRAS.search(value)
    extras = tuple(normalise(item) for item in _STRING.findall(listed.group(1))) if listed else ()
    draft.needs.append(LockedDependency(normalise(name), extras, ""))


def _pipfile(text: str) -> tuple[LockedPackage, ...]:
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found: list[LockedPackage] = []
    for section, group in (("default", "main"), ("develop", "dev")):
        packages = content.get(section) if isinstance(content, dict) else None
        for name, value in packages.items() if isinstance(packages, dict) else ():
            version = value.get("version") if isinstance(value, dict) else None
            pinned = version.lstrip("=") if isinstance(version, str) else ""
            source = "registry" if pinned else "unknown"
            found.append(LockedPackage(normalise(name), pinned, (), (group,), source))
    return tuple(found)
