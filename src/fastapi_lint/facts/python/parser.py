"""LibCST's parser, without the validation of a tree that it has just built itself.

Every node of LibCST validates itself when it is made (`CSTNode.__post_init__`), which is meant for trees that
people build. The native parser goes the same way, and spends a seventh of its time on it. `parse_module`
switches the validation off while it parses, and on again before it returns.
"""

from __future__ import annotations

import libcst
from libcst._nodes.base import CSTNode

_VALIDATE = CSTNode.__post_init__


def parse_module(text: str) -> libcst.Module:
    """The tree of a file. Raises `libcst.ParserSyntaxError`, as LibCST's own function does."""
    CSTNode.__post_init__ = _nothing  # type: ignore[assignment,method-assign]
    try:
        return libcst.parse_module(text)
    finally:
        CSTNode.__post_init__ = _VALIDATE  # type: ignore[method-assign]


def _nothing(node: CSTNode) -> None:
    """A node of the parser's own tree is valid."""
