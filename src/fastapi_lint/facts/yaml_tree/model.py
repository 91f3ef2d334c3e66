"""Nodes of a YAML tree.

Aliases and merge keys are resolved; a shared node keeps the place where it is written.
"""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.python.syntax import Comment


class Scalar(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """A scalar's text after quotes and escapes. `plain` tells that it has no quotes and is no block.

    `tag` is a tag such as `!reset`, or empty.
    """

    text: str
    place: Place
    plain: bool
    tag: str = ""

    @property
    def is_null(self) -> bool:
        """Whether nothing, `~` or `null` stands there."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def is_true(self) -> bool:
        """Whether it is a plain `true`, `yes` or `on`, in any of YAML 1.1's spellings."""
        return self.plain and self.text.lower() in ("true", "yes", "on", "y")


class Sequence(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """A list."""

    items: tuple[YamlNode, ...]
    place: Place
    tag: str = ""


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A key and its value. `merged` tells that a merge key (`<<`) brought it in."""

    key: Scalar
    value: YamlNode
    merged: bool = False


class Mapping(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=3):
    """A mapping in the order of the file, duplicates included. Keys that are no scalars are left out."""

    entries: tuple[Entry, ...]
    place: Place
    tag: str = ""

    def entry(self, name: str) -> Entry | None:
        """The entry that counts for a key: the last one that is written here, else the first merged one."""
        found: Entry | None = None
        for entry in self.entries:
            if entry.key.text != name:
                continue
            if not entry.merged or found is None:
                found = entry
        return found

    def get(self, name: str) -> YamlNode | None:
        """The value of a key, or None."""
        entry = self.entry(name)
        return entry.value if entry else None

    def effective(self) -> tuple[Entry, ...]:
        """One entry for each key, in the order of the file."""
        chosen: dict[str, Entry] = {}
        for entry in self.entries:
            if not entry.merged or entry.key.text not in chosen:
                chosen[entry.key.text] = entry
        return tuple(chosen.values())

    def duplicates(self) -> tuple[Scalar, ...]:
        """Keys that are written a second time in this mapping."""
        seen: set[str] = set()
        found: list[Scalar] = []
        for entry in self.entries:
            if not entry.merged and entry.key.text in seen:
                found.append(entry.key)
            seen.update([] if entry.merged else [entry.key.text])
        return tuple(found)


YamlNode = Scalar | Sequence | Mapping


class YamlProblem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file could not be read to its end (1-based line and column)."""

    message: str
    line: int
    column: int


class YamlFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The documents of one file.

    After a syntax error `problem` is set, and the documents before it are there. `complete` is False if
    something is missing: after a problem, or where a bound on size, depth or aliases was met.
    """

    documents: tuple[YamlNode, ...]
    problem: YamlProblem | None
    comments: tuple[Comment, ...]
    complete: bool
