"""Builds the tree from the parser's events, with a stack of our own: depth costs no recursion.

PyYAML's events are used, not its composer, which recurses on nested input. Aliases are expanded by sharing
nodes, and counted as if they were copied, so that a file of a few lines can't stand for millions of nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from fastapi_lint.facts.place import Lines, Place
from fastapi_lint.facts.yaml_tree.comments import comments_of
from fastapi_lint.facts.yaml_tree.model import (
    Entry,
    Mapping,
    Scalar,
    Sequence,
    YamlFile,
    YamlNode,
    YamlProblem,
)

MAX_TEXT = 4 << 20
MAX_DEPTH = 100
MAX_NODES = 300_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = Scalar("", Place(1, 1, 1, 1), True)


def read(text: str) -> YamlFile:
    """The documents of a YAML text. Never raises; see `YamlFile` for what happens with bad or huge text."""
    text = text[1:] if text.startswith("\ufeff") else text
    if len(text) > MAX_TEXT:
        return YamlFile((), None, (), False)
    builder = _Builder(text, Lines.of(text))
    problem: YamlProblem | None = None
    try:
        for event in _events(text):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        problem = _problem(error)
    except (yaml.YAMLError, ValueError) as error:
        problem = YamlProblem(str(error).split("\n", 1)[0], 1, 1)
    comments = comments_of(text, builder.lines, builder.scalars)
    complete = builder.complete and problem is None
    return YamlFile(tuple(builder.documents), problem, comments, complete)


def _events(text: str) -> Iterator[Any]:
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    return events


def _problem(error: yaml.MarkedYAMLError) -> YamlProblem:
    mark = error.problem_mark or error.context_mark
    message = " ".join(str(error.problem or error.context or "not valid YAML").split())
    return YamlProblem(message, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)


class _Frame(msgspec.Struct):
    """An open list or mapping: its finished children, and how many nodes it stands for."""

    is_mapping: bool
    start: int
    end: int
    flow: bool
    tag: str
    anchor: str
    children: list[YamlNode] = msgspec.field(default_factory=list)
    size: int = 1


class _Builder(msgspec.Struct):
    """Takes events one by one; `scalars` remembers which characters belong to scalars."""

    text: str
    lines: Lines
    documents: list[YamlNode] = msgspec.field(default_factory=list)
    scalars: list[tuple[int, int]] = msgspec.field(default_factory=list)
    frames: list[_Frame] = msgspec.field(default_factory=list)
    anchors: dict[str, tuple[YamlNode, int]] = msgspec.field(default_factory=dict)
    nodes: int = 0
    complete: bool = True

    def take(self, event: Any) -> bool:
        """Add one event to the tree; False if a bound is met and reading has to end."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}
        if len(self.frames) > MAX_DEPTH or self.nodes > MAX_NODES:
            self.complete = False
            return False
        return True

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        self.scalars.append((start, end))
        plain = not event.style
        node = Scalar(str(event.value), self.lines.place(start, end), plain, _tag(event))
        self._add(node, 1, end, event.anchor)

    def _open(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.frames.append(
            _Frame(is_mapping, start, end, bool(event.flow_style), _tag(event), event.anchor or "")
        )

    def _close(self, event: Any) -> None:
        frame = self.frames.pop()
        end = event.end_mark.index if frame.flow else frame.end
        place = self.lines.place(frame.start, max(end, frame.start))
        node: YamlNode
        if frame.is_mapping:
            entries, size = self._entries(frame.children)
            frame.size += size
            node = Mapping(entries, place, frame.tag)
        else:
            node = Sequence(tuple(frame.children), place, frame.tag)
        self._add(node, frame.size, end, frame.anchor)

    def _alias(self, name: str) -> None:
        known = self.anchors.get(name)
        if known is None:
            self.complete = False
            self._add(_NOTHING, 1, 0, None)
            return
        node, size = known
        if self.nodes + size > MAX_NODES:
            self.complete = False
            node, size = _NOTHING, 1
        self._add(node, size, 0, None)

    def _add(self, node: YamlNode, size: int, end: int, anchor: str | None) -> None:
        """Put a finished node into the open collection. `end` is its last offset, 0 for an alias."""
        if anchor:
            self.anchors[anchor] = (node, size)
        self.nodes += 1 if end else size
        if self.frames:
            frame = self.frames[-1]
            frame.children.append(node)
            frame.size += size
            frame.end = max(frame.end, end)
        else:
            self.documents.append(node)

    def _entries(self, children: list[YamlNode]) -> tuple[tuple[Entry, ...], int]:
        """The entries of a mapping whose keys and values alternate, and how many nodes merging added."""
        own: list[Entry] = []
        merged: list[Entry] = []
        for key, value in zip(children[::2], children[1::2], strict=False):
            if not isinstance(key, Scalar):
                self.complete = False
            elif key.plain and key.text == "<<":
                merged.extend(self._merged(value))
            else:
                own.append(Entry(key, value))
        self.nodes += len(merged)
        if self.nodes > MAX_NODES:
            self.complete = False
            return tuple(own), 0
        return (*own, *merged), len(merged)

    def _merged(self, value: YamlNode) -> list[Entry]:
        sources = value.items if isinstance(value, Sequence) else (value,)
        found: list[Entry] = []
        for source in sources:
            if isinstance(source, Mapping) and self.nodes + len(found) <= MAX_NODES:
                found.extend(Entry(entry.key, entry.value, True) for entry in source.entries)
        return found


def _tag(event: Any) -> str:
    tag = event.tag or ""
    return tag if tag.startswith("!") else ""
