"""The comments of a Python text that speak to us."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from fastapi_lint.facts.python.syntax import Comment

MARKER = "fastapi-lint:"

_NEWLINE = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")


def line_starts(text: str) -> tuple[int, ...]:
    """The offset of the first character of each line; a text that ends in a line break has an empty last
    line."""
    if "\r" not in text:
        lengths = [len(line) + 1 for line in text.split("\n")]
        lengths.pop()
        return tuple(accumulate(lengths, initial=0))
    return (0, *(match.end() for match in _NEWLINE.finditer(text)))


def comments(text: str, spans: Sequence[tuple[int, int]], lines: Sequence[int]) -> tuple[Comment, ...]:
    """The comments that hold the marker, in order. `spans` are the text's tokens, `lines` its line starts."""
    if MARKER not in text:
        return ()
    found: list[Comment] = []
    block_end = _first_block_end(text, spans[0][0] if spans else len(text))
    position = 0
    for start, end in (*spans, (len(text), len(text))):
        if "#" in text[position:start]:
            found += (
                _comment(text, match, lines, block_end)
                for match in _COMMENT.finditer(text, position, start)
                if MARKER in match.group()
            )
        position = end
    return tuple(found)


def _comment(text: str, match: re.Match[str], lines: Sequence[int], block_end: int) -> Comment:
    offset = match.start()
    line = bisect_right(lines, offset)
    first = lines[line - 1]
    alone = not text[first:offset].strip()
    return Comment(line, offset - first + 1, match.group().rstrip(), alone, alone and offset < block_end)


def _first_block_end(text: str, first_token: int) -> int:
    """Where the comment lines end that follow each other without a blank line, before any statement."""
    match = re.compile(r"[ \t\f\r\n]*(?:#[^\r\n]*(?:\r\n|\r|\n|\Z)[ \t\f]*)*").match(text, 0, first_token)
    return match.end() if match else 0
