"""Dotenv files, as python-dotenv reads them, which pydantic-settings uses."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.comments import Comments
from fastapi_lint.facts.place import Lines, Place
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.words import Part, Word, parts_of

_BLANK = re.compile(r"[\s\ufeff]*")
_EXPORT = re.compile(r"export[^\S\r\n]+")
_KEY = re.compile(r"'([^'\n]+)'|([^=#\s]+)")
_EQUALS = re.compile(r"[^\S\r\n]*=[^\S\r\n]*")
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*)'", re.S)
_DOUBLE = re.compile(r"\"((?:[^\"\\]|\\.)*)\"", re.S)
_UNQUOTED = re.compile(r"[^\r\n]*")
_INLINE_COMMENT = re.compile(r"(?<=\s)#.*")
_REST = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "b": "\b", "a": "\a"}
_ESCAPE = re.compile(r"\\(.)", re.S)
_MAX_ENTRIES = 20_000


class DotenvEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`NAME=value`. `place` is that of the name. `value` is None without `=`.

    Variables in the value are parts of the word, but not between single quotes. `commented` tells that the
    line is commented out (`# NAME=value`), as example files do with what is optional.
    """

    name: str
    value: Word | None
    place: Place
    commented: bool = False


class DotenvFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One dotenv file. A name may occur several times; the last one counts."""

    entries: tuple[DotenvEntry, ...]
    comments: tuple[Comment, ...]

    def active(self) -> tuple[DotenvEntry, ...]:
        """The entries that aren't commented out."""
        return tuple(entry for entry in self.entries if not entry.commented)


_COMMENTED = re.compile(r"#[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(\S*)")


def read(text: str) -> DotenvFacts:
    """The entries of a dotenv file, at most 20,000. Never raises; lines of another form are passed over."""
    lines = Lines.of(text)
    entries: list[DotenvEntry] = []
    comments = Comments()
    at = _skip(_BLANK, text, 0)
    while at < len(text) and len(entries) < _MAX_ENTRIES:
        if text[at] == "#":
            end = _skip(_REST, text, at)
            _comment(text[at:end].rstrip("\r\n"), at, lines, entries, comments)
            at = end
        else:
            comments.meet()
            at = _entry(text, at, lines, entries, comments)
        at = _skip(_BLANK, text, at)
    return DotenvFacts(tuple(entries), comments.found())


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _comment(text: str, at: int, lines: Lines, entries: list[DotenvEntry], comments: Comments) -> None:
    place = lines.place(at, at + len(text))
    comments.add(text, place.line, place.column, alone=True)
    match = _COMMENTED.match(text)
    if match:
        name = lines.place(at + match.start(1), at + match.end(1))
        value = Word(match.group(2), lines.place(at + match.start(2), at + match.end(2)))
        entries.append(DotenvEntry(match.group(1), value, name, True))


def _entry(text: str, at: int, lines: Lines, entries: list[DotenvEntry], comments: Comments) -> int:
    """Take the entry at `at`; the offset after its line."""
    at = _skip(_EXPORT, text, at)
    key = _KEY.match(text, at)
    if key is None:
        return _skip(_REST, text, at)
    group = 1 if key.group(1) is not None else 2
    name, place = key.group(group), lines.place(*key.span(group))
    equals = _EQUALS.match(text, key.end())
    if equals is None:
        entries.append(DotenvEntry(name, None, place))
        return _skip(_REST, text, key.end())
    value, end = _value(text, equals.end(), lines)
    entries.append(DotenvEntry(name, value, place))
    _trailing_comment(text, end, lines, comments)
    return _skip(_REST, text, end)


def _value(text: str, at: int, lines: Lines) -> tuple[Word, int]:
    single, double = _SINGLE.match(text, at), _DOUBLE.match(text, at)
    if single:
        plain = re.sub(r"\\([\\'])", r"\1", single.group(1))
        return Word(plain, lines.place(*single.span()), (), -1, True), single.end()
    if double:
        plain = _ESCAPE.sub(lambda m: _ESCAPES.get(m.group(1), m.group(1)), double.group(1))
        return Word(plain, lines.place(*double.span()), _parts(plain), -1, True), double.end()
    match = _UNQUOTED.match(text, at)
    raw = match.group() if match else ""
    plain = _INLINE_COMMENT.sub("", raw).rstrip()
    if raw.startswith("#"):
        plain = ""
    end = at + len(plain)
    return Word(plain, lines.place(at, end), _parts(plain), 0), end


def _parts(text: str) -> tuple[Part, ...]:
    parts = parts_of(text)
    return () if all(isinstance(part, str) for part in parts) else parts


def _trailing_comment(text: str, at: int, lines: Lines, comments: Comments) -> None:
    end = _skip(_REST, text, at)
    rest = text[at:end]
    mark = rest.find("#")
    if mark > 0 and rest[:mark].isspace():
        place = lines.place(at + mark, at + mark)
        comments.add(rest[mark:].rstrip("\r\n"), place.line, place.column, alone=False)
