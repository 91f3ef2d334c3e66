"""From LibCST's tree to ours: one walk, with places from the text's tokens.

Places follow the convention of Python's own `ast`: an expression's own parentheses are not part of it
(a parenthesised tuple or generator has them), a statement ends before its semicolon.
"""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

# The walk's tables are filled on import.
from fastapi_lint.facts.python import lowering_displays, lowering_simple, lowering_strings  # noqa: F401
from fastapi_lint.facts.python.alignment import Alignment, MisalignedError
from fastapi_lint.facts.python.lowering_compound import lower_lines
from fastapi_lint.facts.python.syntax import Statement


class Lowered(NamedTuple):
    """The statements of a file, the names in them, and whether one holds `:=`."""

    body: tuple[Statement, ...]
    names: frozenset[str]
    has_walrus: bool


def lower(module: cst.Module, text: str, spans: list[tuple[int, int]]) -> Lowered:
    """What is kept of `module`, which was parsed from `text` with the tokens `spans`.

    Raises `MisalignedError` if the tokens are not the tree's.
    """
    source = Alignment(text, spans)
    try:
        body, after = lower_lines(module.body, 0, source)
    except IndexError:
        raise MisalignedError from None
    if after != len(spans):
        raise MisalignedError
    return Lowered(body, frozenset(source.names), source.walruses > 0)
