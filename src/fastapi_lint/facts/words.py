"""Words of commands and the variables in them, as shells, Dockerfiles and compose files write them."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from fastapi_lint.facts.place import Locator, Place, Whole, Within

Lookup = Callable[[str], str | None]
"""Gives the value of a variable, or None if it isn't known. May raise UnknownValueError."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BODY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?:(:?[-=?+])(.*)|(.+))?\Z", re.S)
_BRACES = re.compile(r"[{}'\"\\]")
_PARENTHESES = re.compile(r"[()'\"`\\]")
_MAX_EXPANSION = 1 << 16
_MAX_DEPTH = 8


class Variable(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=1):
    """`$NAME` or `${NAME}` (no operator), or `${NAME<operator><operand>}`.

    `operator` is `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, or `other` for what depends on the shell
    (`${X%.*}`); `operand` is what follows it, as written. `name` may be `1`, `@`, `*`, `#`, `?`, `$`.
    """

    name: str
    operator: str = ""
    operand: str = ""


class Opaque(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=2):
    """Something whose value only running it can tell: `$(...)`, backticks, arithmetic, an array."""

    text: str


Part = str | Variable | Opaque


class UnknownValueError(LookupError):
    """A variable is set to something that isn't known, so that `${NAME:-default}` may not be the default."""


class Word(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One word of a command.

    `text` is the word after its quotes are removed, with variables as written. `parts` is empty if the word
    is literal, else it holds the literal pieces, variables and opaque pieces in order. `lead` counts the
    characters (quotes) between the start of the place and `text` where `text` stands there unchanged on one
    line, and is -1 elsewhere. `quoted` tells that a part of the word was quoted.
    """

    text: str
    place: Place
    parts: tuple[Part, ...] = ()
    lead: int = -1
    quoted: bool = False

    @property
    def literal(self) -> str | None:
        """The word's value if it has no variable, else None."""
        return None if self.parts else self.text

    def value(self, lookup: Lookup) -> str | None:
        """The word with its variables replaced, or None if one of them isn't known."""
        return expand(self.parts, lookup) if self.parts else self.text

    def known(self, lookup: Lookup) -> str:
        """The word with those variables replaced whose value is known; the others stay as written."""
        if not self.parts:
            return self.text
        return "".join(_known(part, lookup) for part in self.parts)[:_MAX_EXPANSION]

    def inside(self) -> Locator:
        """Where the characters of `text` stand in the file."""
        place = self.place
        return Within(place.line, place.column + self.lead) if self.lead >= 0 else Whole(place)


def _known(part: Part, lookup: Lookup) -> str:
    if isinstance(part, str):
        return part
    value = expand((part,), lookup)
    return written(part) if value is None else value


def written(part: Variable | Opaque) -> str:
    """A variable or opaque piece as a shell would write it."""
    if isinstance(part, Opaque):
        return part.text
    operator = "" if part.operator == "other" else part.operator
    return f"${{{part.name}{operator}{part.operand}}}"


def variable_at(text: str, at: int) -> tuple[Part, int]:
    """What the `$` at offset `at` begins, and the offset after it; a lone `$` is literal."""
    following = text[at + 1 : at + 2]
    if following == "{":
        end = _closing(text, at + 2, _BRACES, "{", "}")
        return _braced(text[at:end]), end
    if following == "(":
        end = after_parenthesis(text, at + 2)
        return Opaque(text[at:end]), end
    name = _NAME.match(text, at + 1)
    if name:
        return Variable(name.group()), name.end()
    if following and following in "0123456789@*#?$!-":
        return Variable(following), at + 2
    return "$", at + 1


def _braced(whole: str) -> Part:
    body = whole[2:-1]
    match = _BODY.match(body)
    if match is None or not whole.endswith("}") or (len(body) > 1 and body[0] in "#!"):
        return Opaque(whole)
    name, operator, operand, other = match.groups()
    if other is not None:
        return Variable(name, "other", other)
    return Variable(name, operator or "", operand or "")


def after_parenthesis(text: str, at: int) -> int:
    """Offset after the `)` that closes the `(` before `at`, or the text's length."""
    return _closing(text, at, _PARENTHESES, "(", ")")


def _closing(text: str, at: int, marks: re.Pattern[str], opening: str, closing: str) -> int:
    """Offset after the bracket that closes the one before `at`; the text's length if there is none."""
    depth = 1
    while depth:
        mark = marks.search(text, at)
        if mark is None:
            return len(text)
        char, at = mark.group(), mark.end()
        if char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
        elif char == "\\":
            at += 1
        else:
            at = after_quote(text, at, char)
    return at


def after_quote(text: str, at: int, quote: str) -> int:
    """Offset after the quote that ends the quoted text which begins at `at`, or the text's length."""
    while True:
        end = text.find(quote, at)
        if end < 0:
            return len(text)
        escapes = 0
        while quote != "'" and end - escapes > at and text[end - escapes - 1] == "\\":
            escapes += 1
        if escapes % 2 == 0:
            return end + 1
        at = end + 1


def parts_of(text: str, *, doubled: bool = False) -> tuple[Part, ...]:
    """The pieces of a text without quotes; empty if it is literal.

    `doubled`: `$$` is one literal dollar sign (compose files). Else `\\$` is (Dockerfiles).
    """
    if "$" not in text:
        return ()
    found: list[Part] = []
    literal: list[str] = []
    at = 0
    while at < len(text):
        dollar = text.find("$", at)
        if dollar < 0:
            literal.append(text[at:])
            break
        literal.append(text[at:dollar])
        if doubled and text.startswith("$$", dollar):
            literal.append("$")
            at = dollar + 2
            continue
        if not doubled and literal[-1].endswith("\\"):
            literal[-1] = literal[-1][:-1] + "$"
            at = dollar + 1
            continue
        part, at = variable_at(text, dollar)
        if isinstance(part, str):
            literal.append(part)
            continue
        _add_literal(found, literal)
        literal = []
        found.append(part)
    _add_literal(found, literal)
    return tuple(found)


def _add_literal(found: list[Part], literal: list[str]) -> None:
    text = "".join(literal)
    if text:
        found.append(text)


def expand(parts: tuple[Part, ...], lookup: Lookup) -> str | None:
    """The text with its variables replaced by what `lookup` knows, or None if a value isn't known.

    `${X:-default}` gives the default where `lookup` doesn't know X, unless it raises UnknownValueError.
    """
    try:
        return _expand(parts, lookup, 0)
    except UnknownValueError:
        return None


def _expand(parts: tuple[Part, ...], lookup: Lookup, depth: int) -> str | None:
    pieces: list[str] = []
    size = 0
    for part in parts:
        piece = part if isinstance(part, str) else _value(part, lookup, depth)
        if piece is None:
            return None
        size += len(piece)
        if size > _MAX_EXPANSION:
            return None
        pieces.append(piece)
    return "".join(pieces)


def _value(part: Variable | Opaque, lookup: Lookup, depth: int) -> str | None:
    if isinstance(part, Opaque) or depth > _MAX_DEPTH:
        return None
    value = lookup(part.name)
    operator = part.operator
    if operator in ("", ":?", "?"):
        return value
    if operator in (":-", ":="):
        return value if value else _operand(part.operand, lookup, depth)
    if operator in ("-", "="):
        return value if value is not None else _operand(part.operand, lookup, depth)
    if operator == "other" or value is None:
        return None
    return _operand(part.operand, lookup, depth) if value or operator == "+" else ""


def _operand(text: str, lookup: Lookup, depth: int) -> str | None:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        quote, text = text[0], text[1:-1]
        if quote == "'":
            return text
    parts = parts_of(text)
    return _expand(parts, lookup, depth + 1) if parts else text
