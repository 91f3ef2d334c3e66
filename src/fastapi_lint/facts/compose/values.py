"""Scalars of a compose file as words."""

from __future__ import annotations

import re

from fastapi_lint.facts.compose.model import Command, Setting
from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Part, Word, parts_of, written
from fastapi_lint.facts.yaml_tree import Mapping, Scalar, Sequence, YamlNode

_MAX_SPLIT = 1 << 17
_ENDS_WORDS = frozenset(";&|<>")
_PLAIN = re.compile(r"[^\s\"'\\;&|<>]+")


def word_of(node: YamlNode | None) -> Word | None:
    """A scalar with its variables, or None for anything else and for null."""
    if not isinstance(node, Scalar) or node.is_null:
        return None
    return interpolated(node.text, node.place)


def interpolated(text: str, place: Place) -> Word:
    """Text of a compose file as a word that stands at `place`."""
    parts = parts_of(text, doubled=True)
    if all(isinstance(part, str) for part in parts):
        plain = "".join(part for part in parts if isinstance(part, str)) if parts else text
        return Word(plain, place)
    return Word("".join(_shown(part) for part in parts), place, parts)


def _shown(part: Part) -> str:
    return part if isinstance(part, str) else written(part)


def words_of(node: YamlNode | None) -> tuple[Word, ...]:
    """The scalars of a list, or a single scalar, as words."""
    nodes = node.items if isinstance(node, Sequence) else (node,)
    return tuple(word for word in map(word_of, nodes) if word is not None)


def texts_of(node: YamlNode | None) -> tuple[str, ...]:
    """The scalars of a list or the keys of a mapping, as text."""
    if isinstance(node, Mapping):
        return tuple(entry.key.text for entry in node.effective())
    return tuple(word.text for word in words_of(node))


def settings_of(node: YamlNode | None) -> tuple[Setting, ...]:
    """The pairs of a mapping, or of a list of `NAME=value`."""
    if isinstance(node, Mapping):
        return tuple(Setting(e.key.text, word_of(e.value), e.key.place) for e in node.effective())
    if not isinstance(node, Sequence):
        return ()
    found: list[Setting] = []
    for item in node.items:
        if isinstance(item, Scalar) and item.text:
            name, equals, value = item.text.partition("=")
            found.append(Setting(name, interpolated(value, item.place) if equals else None, item.place))
    return tuple(found)


def command_of(key: Place, node: YamlNode) -> Command | None:
    """`command` or `entrypoint`, or None for null, which says nothing."""
    if isinstance(node, Sequence):
        return Command("list", words_of(node), "", node.place, key)
    if not isinstance(node, Scalar) or node.is_null:
        return None
    words, rest = split_words(node.text)
    return Command("string", tuple(interpolated(word, node.place) for word in words), rest, node.place, key)


def split_words(text: str) -> tuple[list[str], str]:
    """The words of a string as compose cuts it, and the text from the first shell operator on.

    Quotes and backslashes work as in a shell, `$` is an ordinary character (compose-go uses
    mattn/go-shellwords, which stops at an operator). Beyond 128 KiB nothing is split.
    """
    if len(text) > _MAX_SPLIT:
        return [], text
    words: list[str] = []
    current: list[str] = []
    at = start = 0
    while at < len(text) and text[at] not in _ENDS_WORDS:
        if not text[at].isspace():
            piece, at = _piece(text, at)
            current.append(piece)
            continue
        if at > start:
            words.append("".join(current))
        current = []
        at = start = at + 1
    if at > start:
        words.append("".join(current))
    return words, text[at:]


def _piece(text: str, at: int) -> tuple[str, int]:
    """A plain run, an escape or a quoted text at `at`, without its quotes, and the offset after it."""
    char = text[at]
    plain = _PLAIN.match(text, at)
    if plain:
        return plain.group(), plain.end()
    if char == "\\":
        return text[at + 1 : at + 2], at + 2
    end = at + 1
    pieces: list[str] = []
    while end < len(text) and text[end] != char:
        if char == '"' and text[end] == "\\" and text[end + 1 : end + 2] in ('"', "\\", "\n"):
            end += 1
        pieces.append(text[end : end + 1])
        end += 1
    return "".join(pieces), end + 1


def split_colons(text: str) -> list[str]:
    """The pieces between the colons that stand outside `${...}` and `[...]`."""
    pieces: list[str] = []
    depth = start = 0
    for at, char in enumerate(text):
        if char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
        elif char == ":" and depth <= 0:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]
