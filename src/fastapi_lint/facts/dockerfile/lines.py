"""Puts the lines of a Dockerfile together into instructions, as BuildKit's parser does.

Continuations join lines; comments and empty lines between them vanish; the texts of heredocs are set apart.
"""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.comments import Comments
from fastapi_lint.facts.place import Joined, Lines

_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+)\Z")
_KEYWORD = re.compile(r"\S+")
_TAKES_HEREDOCS = re.compile(r"(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s", re.I)
_HEREDOC = re.compile(
    r"(?P<here>(?<=\s)[0-9]*<<(?P<tabs>-?)[ \t]*(?P<quote>[\"']?)(?P<name>[^\s<>\"'|&;()]+)(?P=quote))"
    r"|'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\."
)
_MAX_HEREDOCS = 50


class Body(msgspec.Struct, frozen=True):
    """A heredoc: where its mark stands in the instruction, and where its text stands in the file."""

    name: str
    expands: bool
    mark: tuple[int, int]
    start: int
    end: int


class Logical(msgspec.Struct, frozen=True):
    """One instruction: its text on one line, and its heredocs. `end` is its last offset in the file."""

    joined: Joined
    heredocs: tuple[Body, ...]
    start: int
    end: int


class Source(msgspec.Struct):
    """A Dockerfile's physical lines while they are consumed."""

    text: str
    lines: Lines
    comments: Comments
    escape: str = "\\"
    at: int = 0
    number: int = 0

    def next_line(self) -> tuple[int, str]:
        """Offset and text of the next line, without its end."""
        end = self.text.find("\n", self.at)
        start, end = self.at, len(self.text) if end < 0 else end
        self.at = end + 1
        self.number += 1
        line = self.text[start:end]
        return start, line[:-1] if line.endswith("\r") else line

    @property
    def is_open(self) -> bool:
        """Whether lines are left."""
        return self.at < len(self.text)


def logical_lines(source: Source) -> list[Logical]:
    """The instructions of the source, which is consumed."""
    found: list[Logical] = []
    directives = True
    while source.is_open:
        start, line = source.next_line()
        stripped = line.strip()
        directives = directives and _is_directive(source, stripped)
        if not stripped or _is_comment(source, line, stripped):
            continue
        source.comments.meet()
        found.append(_instruction(source, start, line))
    return found


def _is_directive(source: Source, stripped: str) -> bool:
    match = _DIRECTIVE.match(stripped)
    if match and match.group(1).lower() == "escape" and match.group(2) in ("\\", "`"):
        source.escape = match.group(2)
    return match is not None


def _is_comment(source: Source, line: str, stripped: str) -> bool:
    if not stripped.startswith("#"):
        return False
    source.comments.add(stripped, source.number, line.index("#") + 1, alone=True)
    return True


def _instruction(source: Source, start: int, line: str) -> Logical:
    indent = len(line) - len(line.lstrip())
    start, line = start + indent, line[indent:]
    first = start
    pieces, starts, sources, size = [], [], [], 0
    while True:
        content, continues = _without_continuation(line, source.escape)
        pieces.append(content)
        starts.append(size)
        sources.append(start)
        size += len(content)
        if not continues:
            break
        start, line = _continuation(source)
        if start < 0:
            break
    text = "".join(pieces).rstrip()
    joined = Joined(text, tuple(starts), tuple(sources), source.lines)
    end = joined.source(len(text) - 1) + 1 if text else first
    heredocs = _heredocs(source, text) if _TAKES_HEREDOCS.match(text) and "<<" in text else ()
    return Logical(joined, heredocs, first, end)


def _without_continuation(line: str, escape: str) -> tuple[str, bool]:
    """The line without the escape character at its end, and whether there was one; two of them are none."""
    stripped = line.rstrip(" \t")
    if not stripped.endswith(escape) or stripped.endswith(escape * 2):
        return line, False
    return stripped[:-1], True


def _continuation(source: Source) -> tuple[int, str]:
    """The next line that continues an instruction; an offset of -1 at the end of the file."""
    while source.is_open:
        start, line = source.next_line()
        stripped = line.strip()
        if stripped and not _is_comment(source, line, stripped):
            return start, line
    return -1, ""


def _heredocs(source: Source, text: str) -> tuple[Body, ...]:
    found: list[Body] = []
    for match in _HEREDOC.finditer(text):
        if match.group("here") and len(found) < _MAX_HEREDOCS:
            name, quote, tabs = match.group("name", "quote", "tabs")
            start, end = _body(source, name, bool(tabs))
            found.append(Body(name, not quote, match.span(), start, end))
    return tuple(found)


def _body(source: Source, name: str, strips_tabs: bool) -> tuple[int, int]:
    start = source.at
    while source.is_open:
        at, line = source.next_line()
        if (line.lstrip("\t") if strips_tabs else line) == name:
            return min(start, len(source.text)), at
    return min(start, len(source.text)), len(source.text)


def keyword_of(text: str) -> tuple[str, int]:
    """An instruction's keyword in capitals, and the offset of what follows it."""
    match = _KEYWORD.match(text)
    if match is None:
        return "", 0
    rest = len(text) - len(text[match.end() :].lstrip())
    return match.group().upper(), rest
