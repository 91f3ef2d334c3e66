"""Comments in YAML that speak to us: a `#` that begins a word outside every scalar."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.comments import MARK, Comments

if TYPE_CHECKING:
    from fastapi_lint.facts.place import Lines
    from fastapi_lint.facts.python.syntax import Comment

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*" + re.escape(MARK) + r"[^\r\n]*", re.M)


def comments_of(text: str, lines: Lines, scalars: list[tuple[int, int]]) -> tuple[Comment, ...]:
    """Our comments in `text`; `scalars` are the offsets of its scalars, in ascending order."""
    if MARK not in text:
        return ()
    starts = [start for start, _ in scalars]
    comments = Comments()
    first = min((start for start, end in scalars if end > start), default=len(text))
    for match in _COMMENT.finditer(text):
        at = match.start()
        index = bisect_right(starts, at) - 1
        if index >= 0 and at < scalars[index][1]:
            continue
        place = lines.place(at, match.end())
        comments.first_block = at < first
        before = text[lines.starts[place.line - 1] : at]
        comments.add(match.group(), place.line, place.column, alone=not before.strip())
    return comments.found()
