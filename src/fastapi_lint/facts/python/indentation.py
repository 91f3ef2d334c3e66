"""Where the indentation of a text goes wrong."""

from __future__ import annotations

from bisect import bisect_right

from fastapi_lint.facts.python.comments import line_starts
from fastapi_lint.facts.python.tokens import Tokens

DEEPEST = 99


def wrong_indentation(text: str, tokens: Tokens) -> int:
    """The offset of the first statement whose indentation fits no block, mixes tabs and spaces so that its
    depth depends on the width of a tab, or is one block too deep; 0 if there is none."""
    blocks = [(0, 0)]
    for start, line in _statement_starts(text, tokens):
        width = _width(text[line:start])
        if width[0] > blocks[-1][0]:
            if width[1] <= blocks[-1][1] or len(blocks) > DEEPEST:
                return start
            blocks.append(width)
        while width[0] < blocks[-1][0]:
            blocks.pop()
        if width != blocks[-1]:
            return start
    return 0


def _width(blank: str) -> tuple[int, int]:
    """Columns with tabs of eight and of one, as Python counts them."""
    eight = one = 0
    for symbol in blank:
        if symbol == "\f":
            eight = one = 0
        elif symbol == "\t":
            eight, one = (eight // 8 + 1) * 8, one + 1
        else:
            eight, one = eight + 1, one + 1
    return eight, one


def _statement_starts(text: str, tokens: Tokens) -> list[tuple[int, int]]:
    """Offsets of the first token of each line that is not inside brackets or continued, and of its line."""
    lines = line_starts(text)
    pieces = frozenset(tokens.pieces)
    found: list[tuple[int, int]] = []
    depth = end = 0
    seen = -1
    for i, (start, after) in enumerate(tokens.spans):
        if i in pieces:
            end = after
            continue
        if depth == 0:
            number = bisect_right(lines, start)
            if number != seen and (not found or _broken(text, end, start)):
                found.append((start, lines[number - 1]))
            seen = bisect_right(lines, after - 1)
        depth = max(0, depth + (text[start] in "([{") - (text[start] in ")]}"))
        end = after
    return found


def _broken(text: str, end: int, start: int) -> bool:
    """Whether a line break between two tokens ends a statement: one that no backslash stands before."""
    gap = text[end:start].replace("\\\r\n", "").replace("\\\n", "").replace("\\\r", "")
    return "\n" in gap or "\r" in gap
