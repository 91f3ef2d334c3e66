"""Nodes of a manifest as words and pairs."""

from __future__ import annotations

import re

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Part, Variable, Word
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode

_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)")


def at(node: YamlNode | None, *path: str) -> YamlNode | None:
    """The node below `node` that the keys lead to."""
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def items_of(node: YamlNode | None) -> tuple[Mapping, ...]:
    """The mappings in a list."""
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Mapping))


def text_of(node: YamlNode | None) -> str:
    """A scalar's text, or an empty text."""
    return node.text if isinstance(node, Scalar) and not node.is_null else ""


def word_of(node: YamlNode | None) -> Word | None:
    """A scalar as a word without variables."""
    return Word(node.text, node.place) if isinstance(node, Scalar) and not node.is_null else None


def expanded_word(node: Scalar) -> Word:
    """A scalar in which Kubernetes replaces `$(NAME)`; `$$` is one dollar sign."""
    parts: list[Part] = []
    shown: list[str] = []
    literal = ""
    end = 0
    for match in _REFERENCE.finditer(node.text):
        literal += node.text[end : match.start()]
        end = match.end()
        if match.group(1) is None:
            literal += "$"
            continue
        parts.extend([literal] if literal else [])
        parts.append(Variable(match.group(1)))
        shown.extend((literal, match.group()))
        literal = ""
    literal += node.text[end:]
    if not parts:
        return Word(literal, node.place)
    parts.extend([literal] if literal else [])
    return Word("".join([*shown, literal]), node.place, tuple(parts))


def words_of(node: YamlNode | None) -> tuple[Word, ...] | None:
    """The scalars of a list; None if there is no list."""
    if not isinstance(node, Sequence):
        return None
    return tuple(expanded_word(item) for item in node.items if isinstance(item, Scalar))


def pairs_of(node: YamlNode | None) -> tuple[tuple[str, str], ...]:
    """The scalar values of a mapping."""
    entries = node.effective() if isinstance(node, Mapping) else ()
    return tuple((entry.key.text, text_of(entry.value)) for entry in entries)


def place_of(node: Mapping, name: str) -> Place:
    """Place of a key, or of the mapping if it has no such key."""
    entry = node.entry(name)
    return entry.key.place if entry else node.place
