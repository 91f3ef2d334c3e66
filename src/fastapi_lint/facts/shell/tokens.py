"""Cuts shell text into words and operators.

Quotes are removed, variables kept as parts of their word, comments and the bodies of heredocs passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.place import Locator, Place
from fastapi_lint.facts.words import Opaque, Part, Word, after_parenthesis, after_quote, variable_at

_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)+")
_OPERATOR = re.compile(
    r"\n|;;&|;;|;&|;|&&|&>>|&>|&|\|\||\|&|\||[0-9]*(?:<<<|<<-|<<|>>|<&|>&|<>|>\||<\(|>\(|<|>)|\(|\)"
)
_PLAIN = re.compile(r"[^ \t\r\n\f\v\"'\\$`|&;()<>]+")
_IN_QUOTES = re.compile(r"[^\"\\$`]+")
_ASSIGNS_ARRAY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=\Z")
_ASSIGNS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]\s]*\])?\+?=")


_MAX_ARITHMETIC = 500
_ESCAPED = {"$": "$", "`": "`", '"': '"', "\\": "\\", "\n": ""}


class Operator(msgspec.Struct, frozen=True):
    """An operator (`&&`, `;`, `(`, `>`, a newline) and its offsets."""

    text: str
    start: int
    end: int


class Token(msgspec.Struct, frozen=True):
    """A word and its offsets; `assigns` if it has the form `NAME=...`."""

    word: Word
    start: int
    end: int
    assigns: bool


def tokens(text: str, locator: Locator) -> Iterator[Operator | Token]:
    """The words and operators of `text`, in order."""
    at = 0
    pending: list[tuple[str, bool]] = []
    expects_delimiter = ""
    while (at := _skip_blank(text, at)) < len(text):
        operator = _OPERATOR.match(text, at)
        arithmetic = _after_arithmetic(text, at)
        if operator is None or arithmetic:
            if arithmetic:
                word, end = _opaque(text, at, arithmetic, locator), arithmetic
            else:
                word, end = scan_word(text, at, locator)
            if expects_delimiter:
                pending.append((word.text, expects_delimiter.endswith("-")))
                expects_delimiter = ""
            yield Token(word, at, end, bool(_ASSIGNS.match(text, at)))
            at = end
            continue
        mark, end = operator.group(), operator.end()
        yield Operator(mark, at, end)
        bare = mark.lstrip("0123456789")
        expects_delimiter = bare if bare in ("<<", "<<-") else ""
        if mark == "\n" and pending:
            end = _skip_heredocs(text, end, pending)
            pending = []
        at = end


def _after_arithmetic(text: str, at: int) -> int:
    """Offset after `((...))` if that stands at `at` on one line, else 0."""
    if not text.startswith("((", at):
        return 0
    end = text.find("))", at, at + _MAX_ARITHMETIC)
    return end + 2 if end >= 0 and "\n" not in text[at:end] else 0


def _opaque(text: str, start: int, end: int, locator: Locator) -> Word:
    written = text[start:end]
    return Word(written, locator.place(start, end), (Opaque(written),))


def _skip_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    at = blank.end() if blank else at
    if text.startswith("#", at):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    return at


def _skip_heredocs(text: str, at: int, pending: list[tuple[str, bool]]) -> int:
    """Offset after the bodies of the heredocs whose delimiters are given; bodies begin at `at`."""
    for delimiter, strips_tabs in pending:
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            line = text[at:end].rstrip("\r")
            at = end + 1
            if (line.lstrip("\t") if strips_tabs else line) == delimiter:
                break
    return min(at, len(text))


class _Pieces(msgspec.Struct):
    """A word under construction."""

    parts: list[Part]
    literal: list[str]
    text: list[str]
    quoted: bool = False

    def add(self, text: str) -> None:
        self.literal.append(text)
        self.text.append(text)

    def add_part(self, part: Part, written: str) -> None:
        if isinstance(part, str):
            self.add(part)
            return
        self.close()
        self.parts.append(part)
        self.text.append(written)

    def close(self) -> None:
        text = "".join(self.literal)
        if text:
            self.parts.append(text)
        self.literal = []


def scan_word(text: str, at: int, locator: Locator) -> tuple[Word, int]:
    """The word that begins at `at` (which no operator does), and the offset after it."""
    start = at
    pieces = _Pieces([], [], [])
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain:
            pieces.add(plain.group())
            at = plain.end()
            continue
        following = _special(text, at, pieces)
        if following == at:
            break
        at = following
    return _word(text, start, at, pieces, locator), at


def _special(text: str, at: int, pieces: _Pieces) -> int:
    """Take a quote, escape, variable or array at `at`; the same offset if the word ends there."""
    char = text[at]
    if char == "\\":
        return _escape(text, at, pieces)
    if char == "'":
        end = after_quote(text, at + 1, "'")
        pieces.quoted = True
        pieces.add(text[at + 1 : end - 1] if text[end - 1] == "'" and end - 1 > at else text[at + 1 : end])
        return end
    if char == '"':
        return _double_quoted(text, at + 1, pieces)
    if char == "$" and text[at + 1 : at + 2] in ("'", '"'):
        return at + 1
    if char == "$":
        part, end = variable_at(text, at)
        pieces.add_part(part, text[at:end])
        return end
    if char == "`":
        end = after_quote(text, at + 1, "`")
        pieces.add_part(Opaque(text[at:end]), text[at:end])
        return end
    if char == "(" and not pieces.parts and _ASSIGNS_ARRAY.match("".join(pieces.text)):
        end = after_parenthesis(text, at + 1)
        pieces.add_part(Opaque(text[at:end]), text[at:end])
        return end
    return at


def _escape(text: str, at: int, pieces: _Pieces) -> int:
    for end_of_line in ("\n", "\r\n"):
        if text.startswith(end_of_line, at + 1):
            return at + 1 + len(end_of_line)
    pieces.quoted = True
    pieces.add(text[at + 1 : at + 2])
    return min(at + 2, len(text))


def _double_quoted(text: str, at: int, pieces: _Pieces) -> int:
    """Take the text from `at` up to the closing quote; the offset after it."""
    pieces.quoted = True
    pieces.add("")
    while at < len(text):
        plain = _IN_QUOTES.match(text, at)
        if plain:
            pieces.add(plain.group())
            at = plain.end()
            continue
        char = text[at]
        if char == '"':
            return at + 1
        if char == "\\":
            escaped = text[at + 1 : at + 2]
            pieces.add(_ESCAPED.get(escaped, "\\" + escaped))
            at += 2
        elif char == "$":
            part, end = variable_at(text, at)
            pieces.add_part(part, text[at:end])
            at = end
        else:
            end = after_quote(text, at + 1, "`")
            pieces.add_part(Opaque(text[at:end]), text[at:end])
            at = end
    return len(text)


def _word(text: str, start: int, end: int, pieces: _Pieces, locator: Locator) -> Word:
    pieces.close()
    value = "".join(pieces.text)
    parts = () if all(isinstance(part, str) for part in pieces.parts) else tuple(pieces.parts)
    place = locator.place(start, end)
    return Word(value, place, parts, lead_of(text[start:end], value, place), pieces.quoted)


def lead_of(raw: str, value: str, place: Place) -> int:
    """How many characters stand before `value` in `raw`, if `raw` is `value` alone or in quotes; else -1.

    -1 as well if `raw` doesn't stand in the file as it is: over several lines, or with something in between.
    """
    if place.line != place.end_line or place.end_column - place.column != len(raw):
        return -1
    if raw == value:
        return 0
    return 1 if raw[:1] in ("'", '"') and raw[1:-1] == value else -1
