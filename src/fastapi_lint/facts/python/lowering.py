"""From LibCST's tree to ours: one walk, with places from the text's tokens.

Places follow the convention of Python's own `ast`: an expression's own parentheses are not part of it
(a parenthesised tuple or generator has them), a statement ends before its semicolon.
"""

from __future__ import annotations

import libcst as cst

# The walk's tables are filled on import.
from fastapi_lint.facts.python import lowering_displays, lowering_simple, lowering_strings  # noqa: F401
from fastapi_lint.facts.python.alignment import Alignment, MisalignedError
from fastapi_lint.facts.python.lowering_compound import lower_lines
from fastapi_lint.facts.python.syntax import Statement


def lower(module: cst.Module, text: str, spans: list[tuple[int, int]]) -> tuple[Statement, ...]:
    """The statements of `module`, which was parsed from `text` with the tokens `spans`.

    Raises `MisalignedError` if the tokens are not the tree's.
    """
    try:
        body, after = lower_lines(module.body, 0, Alignment(text, spans))
    except IndexError:
        raise MisalignedError from None
    if after != len(spans):
        raise MisalignedError
    return body
