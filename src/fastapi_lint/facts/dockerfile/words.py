"""Words, flags and JSON lists inside instructions."""

from __future__ import annotations

import json
import re

from fastapi_lint.facts.dockerfile.model import Flag
from fastapi_lint.facts.place import Locator
from fastapi_lint.facts.shell.tokens import lead_of
from fastapi_lint.facts.words import Part, Word, variable_at

_CHUNK = re.compile(r"\S+")
_JSON_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"", re.S)
_FLAG = re.compile(r"--([a-z][a-z0-9-]*)(=?)")
_SPACE = re.compile(r"\s*")
_MAX_JSON = 1 << 18


def scan_word(text: str, start: int, end: int, locator: Locator, escape: str) -> tuple[Word, int]:
    """The word that begins at `start`, with quotes removed, and the offset after it (at most `end`).

    It ends at white space outside quotes. A text such as `$(x)` stays as it is: nobody runs it.
    """
    at, quote = start, ""
    parts: list[Part] = []
    pieces: list[str] = []
    literal: list[str] = []
    quoted = False
    while at < end:
        char = text[at]
        if not quote and char.isspace():
            break
        if char == quote or (not quote and char in "\"'"):
            quote = "" if quote else char
            quoted = True
            at += 1
            continue
        if char == escape and quote != "'" and at + 1 < end:
            keeps = quote == '"' and text[at + 1] not in ('"', "$", escape)
            taken, part, at = text[at : at + 2] if keeps else text[at + 1], None, at + 2
        elif char == "$" and quote != "'" and text[at + 1 : at + 2] != "(":
            variable, following = variable_at(text[:end], at) if end < len(text) else variable_at(text, at)
            taken, part, at = text[at:following], variable, following
        else:
            taken, part, at = char, None, at + 1
        pieces.append(taken)
        if part is None or isinstance(part, str):
            literal.append(taken)
        else:
            if literal:
                parts.append("".join(literal))
                literal = []
            parts.append(part)
    if parts and literal:
        parts.append("".join(literal))
    value, place = "".join(pieces), locator.place(start, at)
    return Word(value, place, tuple(parts), lead_of(text[start:at], value, place), quoted), at


def quoted_words(text: str, locator: Locator, escape: str) -> list[tuple[int, int]]:
    """Offsets of the words of `text`, which white space outside quotes separates."""
    found: list[tuple[int, int]] = []
    at = _after_space(text, 0)
    while at < len(text):
        _, end = scan_word(text, at, len(text), locator, escape)
        found.append((at, end))
        at = _after_space(text, end)
    return found


def plain_words(text: str, locator: Locator, escape: str) -> tuple[Word, ...]:
    """The words of `text`, which any white space separates, quotes or not (COPY, FROM, EXPOSE)."""
    words: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        word, _ = scan_word(text, chunk.start(), chunk.end(), locator, escape)
        words.append(word)
    return tuple(words)


def whole_word(text: str, locator: Locator, escape: str) -> Word:
    """All of `text` as one word (WORKDIR, USER)."""
    words = plain_words(text, locator, escape)
    if len(words) == 1:
        return words[0]
    word, end = scan_word(text, 0, len(text), locator, escape)
    return word if end == len(text) else Word(text, locator.place(0, len(text)))


def flags_of(text: str, locator: Locator, escape: str) -> tuple[tuple[Flag, ...], int]:
    """The flags at the start of `text`, and the offset of what follows them."""
    found: list[Flag] = []
    at = _after_space(text, 0)
    while True:
        match = _FLAG.match(text, at)
        if match is None:
            return tuple(found), at
        value, end = (None, match.end())
        if match.group(2):
            value, end = scan_word(text, match.end(), len(text), locator, escape)
        found.append(Flag(match.group(1), value, locator.place(at, end)))
        at = _after_space(text, end)


def json_words(text: str, locator: Locator) -> tuple[Word, ...] | None:
    """The items of a JSON list of strings, or None if `text` is none. Docker looks for nothing else."""
    stripped = text.strip()
    if not stripped.startswith("[") or len(text) > _MAX_JSON:
        return None
    try:
        items = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return None
    words: list[Word] = []
    for item, match in zip(items, _JSON_STRING.finditer(text), strict=False):
        place = locator.place(*match.span())
        words.append(Word(item, place, (), lead_of(match.group(), item, place), True))
    return tuple(words)


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
