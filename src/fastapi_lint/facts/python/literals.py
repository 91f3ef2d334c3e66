"""Values of literals, as every Python version evaluates them.

A value that can't be kept is None in the answer: bytes, integers beyond 64 bits, complex numbers, text
with lone surrogates, and named characters (`\\N{...}`), whose meaning depends on the interpreter's own
Unicode tables.
"""

from __future__ import annotations

import re

_LARGEST = 2**64
_SMALLEST = -(2**63)
_LONGEST_INTEGER = 80

_ESCAPE = re.compile(
    r"\\(?:(\r\n|[\n\r])|([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})"
    r"|U([0-9a-fA-F]{8})|([xuUN]))"
)
_SIMPLE = {
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


class _UnknownError(Exception):
    """An escape whose character we don't know."""


def integer(source: str) -> int | None:
    """Value of an integer literal."""
    if len(source) > _LONGEST_INTEGER:
        return None
    try:
        value = int(source, 0)
    except ValueError:
        return None
    return value if _SMALLEST <= value < _LARGEST else None


def real(source: str) -> float | None:
    """Value of a floating point literal."""
    try:
        return float(source)
    except ValueError:
        return None


def text(source: str) -> str | None:
    """Value of a string literal with its prefix and quotes."""
    quote = source[0]
    raw = False
    if quote not in "'\"":
        body = source.lstrip("rRuUbB")
        prefix = source[: len(source) - len(body)].lower()
        if "b" in prefix:
            return None
        raw = "r" in prefix
        source = body
        quote = source[0]
    body = source[3:-3] if source.startswith(quote * 3) and len(source) >= 6 else source[1:-1]
    return piece(body, raw) if "\\" in body or "\r" in body else body


def piece(body: str, raw: bool) -> str | None:
    """Value of what stands between quotes."""
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if raw or "\\" not in body:
        return body
    try:
        value = _ESCAPE.sub(_character, body)
        value.encode()
    except (_UnknownError, ValueError, OverflowError):
        return None
    return value


def _character(match: re.Match[str]) -> str:
    newline, simple, octal, *points, unknown = match.groups()
    if simple:
        return _SIMPLE[simple]
    if newline:
        return ""
    if octal:
        return chr(int(octal, 8))
    if unknown:
        raise _UnknownError
    return chr(int(next(point for point in points if point), 16))
