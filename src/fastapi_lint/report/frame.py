"""Code frames: the lines of a file that matter, with marks under what is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.report.terminal import BLUE, BOLD, Style, cells, safe, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.findings import Span

MAX_WIDTH = 120
"""Columns of source that a frame shows; of a longer line, the part around the mark."""
MAX_LINES = 4
"""Lines of a span that are shown; of a longer one, the first and the last."""
MAX_LENGTH = 20_000
"""Code points of a line that are looked at; marks beyond them are not drawn."""
CUT = "…"


class Mark(msgspec.Struct, frozen=True):
    """A place in the file of a frame, and the note beside it. The main mark is drawn with carets."""

    span: Span
    note: str = ""
    main: bool = False
    style: tuple[str, ...] = (BOLD, BLUE)


class _Underline(msgspec.Struct, frozen=True):
    """A part of one line, as 0-based code points, end exclusive."""

    start: int
    end: int
    mark: Mark
    last: bool


def frame(text: str, marks: Sequence[Mark], gutter: int, style: Style) -> Iterator[str]:
    """The lines of a frame over one file: numbered source lines with underlines below them.

    The main mark has a line of context on both sides. Nothing is drawn for lines that the text lacks.
    """
    lines = text.split("\n")
    below: dict[int, list[_Underline]] = {}
    for mark in marks:
        for number, underline in _underlines(mark, lines):
            below.setdefault(number, []).append(underline)
    shown = sorted(below.keys() | _context(marks, lines))
    previous = shown[0] - 1 if shown else 0
    for number in shown:
        if number > previous + 1:
            yield style.paint("." * max(gutter, 3), BOLD, BLUE)
        yield from _line(number, lines[number - 1], below.get(number, []), gutter, style)
        previous = number


def bar(gutter: int, style: Style, number: int | None = None) -> str:
    """The bar at the left of a frame, with a line's number or without one."""
    label = " " * gutter if number is None else f"{number:>{gutter}}"
    return style.paint(f"{label} |", BOLD, BLUE)


def last_line(marks: Sequence[Mark]) -> int:
    """The highest line number that a frame with these marks shows."""
    return max((_last(mark.span) + (1 if mark.main else 0) for mark in marks), default=1)


def _last(span: Span) -> int:
    """The last line that has a character of the span."""
    return span.end_line - (1 if span.end_column == 1 and span.end_line > span.line else 0)


def _context(marks: Sequence[Mark], lines: Sequence[str]) -> set[int]:
    around = (n for m in marks if m.main for n in (m.span.line - 1, _last(m.span) + 1))
    return {number for number in around if 1 <= number <= len(lines) and lines[number - 1].strip()}


def _underlines(mark: Mark, lines: Sequence[str]) -> Iterator[tuple[int, _Underline]]:
    span = mark.span
    last = _last(span)
    numbers = range(span.line, last + 1) if last - span.line < MAX_LINES else (span.line, last)
    for number in numbers:
        if not 1 <= number <= len(lines):
            continue
        line = lines[number - 1][:MAX_LENGTH].rstrip()
        indent = len(line) - len(line.lstrip())
        start = span.column - 1 if number == span.line else indent
        end = span.end_column - 1 if number == span.end_line else len(line)
        if start >= MAX_LENGTH:
            continue
        yield number, _Underline(start, max(end, start + 1), mark, number == numbers[-1])


def _line(
    number: int, line: str, underlines: Sequence[_Underline], gutter: int, style: Style
) -> Iterator[str]:
    pieces = cells(line[:MAX_LENGTH].rstrip("\r"))
    left, right = _window(pieces, underlines)
    shown = "".join(pieces[left:right]).rstrip()
    before, after = (CUT if left else ""), (CUT if right < len(pieces) else "")
    yield f"{bar(gutter, style, number)} {before}{shown}{after}".rstrip()
    for underline in sorted(underlines, key=lambda u: (not u.mark.main, u.start)):
        yield f"{bar(gutter, style)} {_drawn(underline, pieces, left, right, len(before), style)}".rstrip()


def _window(pieces: Sequence[str], underlines: Sequence[_Underline]) -> tuple[int, int]:
    """The part of a line that is shown: all of it, or what fits from a little before the first mark."""
    if sum(map(width, pieces)) <= MAX_WIDTH:
        return 0, len(pieces)
    first = min((underline.start for underline in underlines), default=0)
    fits = sum(map(width, pieces[:first])) < MAX_WIDTH // 2
    left = 0 if fits else max(0, min(first, len(pieces)) - MAX_WIDTH // 4)
    right, used = left, 0
    while right < len(pieces) and used + width(pieces[right]) <= MAX_WIDTH:
        used += width(pieces[right])
        right += 1
    return left, right


def _drawn(
    underline: _Underline, pieces: Sequence[str], left: int, right: int, cut: int, style: Style
) -> str:
    start = min(max(underline.start, left), right)
    end = min(max(underline.end, start), right)
    lead = cut + sum(map(width, pieces[left:start]))
    length = max(sum(map(width, pieces[start:end])), 1)
    drawn = ("^" if underline.mark.main else "-") * length
    note = f" {safe(underline.mark.note)}" if underline.last and underline.mark.note else ""
    return " " * lead + style.paint(drawn + note, *underline.mark.style)
