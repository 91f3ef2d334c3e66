"""TOML with places: the standard library reads the values, a scan of the lines finds where keys stand."""

from __future__ import annotations

import re
import sys
from typing import Any

import msgspec

from fastapi_lint.facts.comments import MARK, Comments
from fastapi_lint.facts.place import Lines, Place
from fastapi_lint.facts.python.syntax import Comment

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_HEADER = re.compile(r"[ \t]*\[\[?[ \t]*([^\]\r\n]*)\]")
_KEY = re.compile(
    r"[ \t]*((?:[A-Za-z0-9_-]+|\"[^\"\r\n]*\"|'[^'\r\n]*')(?:[ \t]*\.[ \t]*[A-Za-z0-9_\"'-]+)*)[ \t]*="
)
_TOKEN = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*", re.S)
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")
_BRACKET = re.compile(_TOKEN.pattern + r"|[\[\]{}.\n]", re.S)
_MAX_DEPTH = 60
_MAX_TEXT = 2 << 20
_START = Place(1, 1, 1, 1)


class TomlProblem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file is no TOML (1-based line and column)."""

    message: str
    line: int
    column: int


class TomlText:
    """A TOML file: its values, and the places of keys and strings."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problem: TomlProblem | None = None
        self.values: dict[str, Any] = {}
        self.lines = Lines.of(text)
        self._keys: dict[str, tuple[int, int]] = {}
        self._load()

    def _load(self) -> None:
        if len(self.text) > _MAX_TEXT or _is_deep(self.text):
            self.problem = TomlProblem("too large or nested too deeply", 1, 1)
            return
        try:
            self.values = tomllib.loads(self.text.replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            position = _POSITION.search(str(error))
            line, column = (int(position[1]), int(position[2])) if position else (1, 1)
            self.problem = TomlProblem(
                _POSITION.sub("", str(error)).strip() or "not valid TOML", line, column
            )
        self._index()

    def _index(self) -> None:
        """Remember where the keys of each table begin: `tool.poetry.dependencies.fastapi`."""
        table = ""
        for number, start in enumerate(self.lines.starts):
            end = self.lines.starts[number + 1] - 1 if number + 1 < len(self.lines.starts) else len(self.text)
            header = _HEADER.match(self.text, start, end)
            key = _KEY.match(self.text, start, end) if header is None else None
            if header:
                table = _dotted(header.group(1))
                self._keys.setdefault(table, header.span(1))
            elif key:
                name = _dotted(key.group(1))
                self._keys.setdefault(f"{table}.{name}" if table else name, key.span(1))

    def table(self, *path: str) -> dict[str, Any]:
        """The table at a path; empty if there is none."""
        found: Any = self.values
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def value(self, *path: str) -> Any:
        """The value at a path, or None."""
        return self.table(*path[:-1]).get(path[-1])

    def text_at(self, *path: str) -> str:
        """The string at a path, or an empty text."""
        found = self.value(*path)
        return found if isinstance(found, str) else ""

    def place(self, *path: str) -> Place:
        """Place of a key; that of the nearest table above it if the key can't be found."""
        for size in range(len(path), 0, -1):
            span = self._keys.get(".".join(path[:size]))
            if span:
                return self.lines.place(*span)
        return _START

    def place_of_text(self, content: str, *path: str) -> Place:
        """Place of the first string with this content after a key, quotes included; else the key's."""
        span = self._keys.get(".".join(path))
        if span:
            for quote in ('"', "'"):
                at = self.text.find(f"{quote}{content}{quote}", span[1])
                if at >= 0:
                    return self.lines.place(at, at + len(content) + 2)
        return self.place(*path)

    def comments(self) -> tuple[Comment, ...]:
        """The comments that speak to us."""
        if MARK not in self.text:
            return ()
        comments = Comments()
        first = min((start for start, _ in self._keys.values()), default=len(self.text))
        for token in _TOKEN.finditer(self.text):
            if token.group().startswith("#"):
                place = self.lines.place(*token.span())
                before = self.text[self.lines.starts[place.line - 1] : token.start()]
                comments.first_block = token.start() < first
                comments.add(token.group().rstrip("\r"), place.line, place.column, alone=not before.strip())
        return comments.found()


def _dotted(written: str) -> str:
    return ".".join(piece.strip().strip("\"'") for piece in written.split("."))


def _is_deep(text: str) -> bool:
    """Whether brackets or dotted keys nest so deeply that a parser may run out of stack or time."""
    depth = dots = 0
    for token in _BRACKET.finditer(text):
        char = token.group()
        if char == "\n":
            dots = 0
        elif char == ".":
            dots += 1
        elif len(char) == 1:
            depth += 1 if char in "[{" else -1
        if depth > _MAX_DEPTH or dots > _MAX_DEPTH:
            return True
    return False
