"""Where a fact stands in its file."""

from __future__ import annotations

from bisect import bisect_right
from typing import Protocol

import msgspec

from fastapi_lint.findings import Span


class Place(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """A range of one file's text. Lines and columns are 1-based code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def span(self, path: str) -> Span:
        """The same range as part of a finding in the file at `path`."""
        return Span(path, self.line, self.column, self.end_line, self.end_column)

    def to(self, last: Place) -> Place:
        """The range from the start of this one to the end of `last`."""
        return Place(self.line, self.column, last.end_line, last.end_column)


class Locator(Protocol):
    """Turns offsets in some text into a place in the file that the text came from."""

    def place(self, start: int, end: int) -> Place:
        """Place of the characters from `start` up to `end` (exclusive)."""


class Lines(msgspec.Struct, frozen=True):
    """Offsets of the first characters of a text's lines; `\\n` ends a line."""

    starts: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Lines:
        """The lines of `text`."""
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return Lines(tuple(starts))

    def place(self, start: int, end: int) -> Place:
        """Place of the characters from offset `start` up to `end` (exclusive)."""
        end = max(end, start)
        first, last = bisect_right(self.starts, start), bisect_right(self.starts, end)
        return Place(first, start - self.starts[first - 1] + 1, last, end - self.starts[last - 1] + 1)


class Joined(msgspec.Struct, frozen=True):
    """Text that was put together from pieces of a file, and where each piece came from.

    `starts` are the offsets of the pieces in `text`, `sources` their offsets in the file; both ascend.
    """

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    lines: Lines

    def source(self, offset: int) -> int:
        """Offset in the file of the character at `offset` in the text."""
        index = max(bisect_right(self.starts, offset) - 1, 0)
        return self.sources[index] + offset - self.starts[index] if self.sources else 0

    def place(self, start: int, end: int) -> Place:
        """Place in the file of the characters from `start` up to `end` (exclusive) of the text."""
        first = self.source(start)
        return self.lines.place(first, self.source(end - 1) + 1 if end > start else first)


class Shifted(msgspec.Struct, frozen=True):
    """A part of a text whose places are known, from the offset `by` on."""

    within: Locator
    by: int

    def place(self, start: int, end: int) -> Place:
        """Place in the file of the characters from `start` up to `end` (exclusive) of the part."""
        return self.within.place(start + self.by, end + self.by)


class Within(msgspec.Struct, frozen=True):
    """Text that stands on one line of a file without change, from `line` and `column` on."""

    line: int
    column: int

    def place(self, start: int, end: int) -> Place:
        """Place in the file of the characters from `start` up to `end` (exclusive) of the text."""
        return Place(self.line, self.column + start, self.line, self.column + end)


class Whole(msgspec.Struct, frozen=True):
    """Text whose characters can't be found back in the file: everything stands at the one place."""

    at: Place

    def place(self, start: int, end: int) -> Place:  # noqa: ARG002
        """The one place."""
        return self.at
