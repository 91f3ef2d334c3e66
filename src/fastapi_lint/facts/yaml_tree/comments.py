"""Comments in YAML that speak to us: a `#` that begins a word outside every scalar."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.comments import MARK, Comments

if TYPE_CHECKING:
    from fastapi_lint.facts.place import Lines
    from fastapi_lint.facts.python.syntax import Comment


def comments_of(text: str, lines: Lines, scalars: list[tuple[int, int]]) -> tuple[Comment, ...]:
    """Our comments in `text`; `scalars` are the offsets of its scalars, in ascending order."""
    comments = Comments()
    starts = [start for start, _ in scalars] if MARK in text else []
    first = next((start for start, end in scalars if end > start), len(text))
    mark = text.find(MARK)
    while mark >= 0:
        number = bisect_right(lines.starts, mark)
        begin = lines.starts[number - 1]
        end = lines.starts[number] - 1 if number < len(lines.starts) else len(text)
        at = _hash(text, begin, mark, starts, scalars)
        if at >= 0:
            comments.first_block = at < first
            alone = not text[begin:at].strip()
            comments.add(text[at:end].rstrip("\r"), number, at - begin + 1, alone=alone)
        mark = text.find(MARK, end)
    return comments.found()


def _hash(text: str, begin: int, end: int, starts: list[int], scalars: list[tuple[int, int]]) -> int:
    """Offset of the first `#` between the offsets that begins a comment, or -1."""
    at = text.find("#", begin, end)
    while at >= 0:
        index = bisect_right(starts, at) - 1
        inside = index >= 0 and at < scalars[index][1]
        if not inside and (at == begin or text[at - 1].isspace()):
            return at
        at = text.find("#", at + 1, end)
    return -1
