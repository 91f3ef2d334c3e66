"""What the walk over LibCST's tree carries along: the text and its tokens, and the tables of node classes.

Every lowering function takes a LibCST node and the index of the node's first token, and returns our node
and the index of the token after it. So a node's place comes from its first and last token, and no
position is ever computed. Names are compared with the text on the way: a walk that has lost its place
ends with `MisalignedError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from fastapi_lint.facts.python.syntax import SHIFT, Expr, Statement


class MisalignedError(Exception):
    """The tokens don't agree with LibCST's tree."""


class Alignment:
    """A text with its tokens. `yields` counts the `yield`s of the function at hand, `names` are those met.

    `walruses` counts assignment expressions.
    """

    __slots__ = ("names", "spans", "text", "walruses", "yields")

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self.text = text
        self.spans = spans
        self.yields = 0
        self.names: set[str] = set()
        self.walruses = 0

    def at(self, first: int, after: int) -> int:
        """The place from token `first` to the token before `after`."""
        return self.spans[first][0] << SHIFT | self.spans[after - 1][1]


# A table's functions take the node class that is their key; no type says so.
Lower = Callable[[Any, int, Alignment], tuple[Expr, int]]
LowerStatement = Callable[[Any, int, Alignment], tuple[Statement, int]]

EXPRESSIONS: dict[type[cst.CSTNode], Lower] = {}
STATEMENTS: dict[type[cst.CSTNode], LowerStatement] = {}


def expect(name: str, i: int, source: Alignment) -> int:
    """The place of token `i`, which is `name`. Raises `MisalignedError` if it is another."""
    start, end = source.spans[i]
    if source.text[start:end] != name:
        raise MisalignedError
    return start << SHIFT | end
