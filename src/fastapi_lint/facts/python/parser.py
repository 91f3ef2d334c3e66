"""LibCST's parser, without the nodes and the validation that nobody here asks for.

Every node of LibCST validates itself when it is made (`CSTNode.__post_init__`), which is meant for trees that
people build. The native parser goes the same way, and spends a seventh of its time on it. Two thirds of the
nodes are white space and punctuation, which our walk never looks at: places come from the text's tokens.
Making them takes another seventh. The native parser looks each class up by its name in the package
`libcst`, so an empty text can stand for such a node. `parse_module` puts both aside while it parses, and back
before it returns.
"""

from __future__ import annotations

import threading

import libcst
from libcst._nodes.base import CSTNode

_VALIDATE = CSTNode.__post_init__
_TRIVIA = {
    name: getattr(libcst, name)
    for name in (
        "AssignEqual",
        "Comma",
        "Comment",
        "Dot",
        "EmptyLine",
        "LeftCurlyBrace",
        "LeftSquareBracket",
        "Newline",
        "ParenthesizedWhitespace",
        "RightCurlyBrace",
        "RightSquareBracket",
        "SimpleWhitespace",
        "TrailingWhitespace",
    )
}
_EMPTY = dict.fromkeys(_TRIVIA, "".format)
"""What stands for those nodes' classes: of all that can be called with any keywords, nothing is faster."""

COMMAS = (str, libcst.Comma)
"""The classes of a comma that is there: what stands for its node, or in a whole tree the node itself."""


def parse_module(text: str) -> libcst.Module:
    """The tree of a file, which can be walked but not be written as text: it has no white space.

    Raises `libcst.ParserSyntaxError`, as LibCST's own function does.
    """
    # Another thread may use LibCST for its own purposes, and needs white space that it makes.
    is_alone = threading.active_count() == 1
    CSTNode.__post_init__ = _nothing  # type: ignore[assignment,method-assign]
    try:
        if is_alone:
            vars(libcst).update(_EMPTY)
        return libcst.parse_module(text)
    finally:
        vars(libcst).update(_TRIVIA)
        CSTNode.__post_init__ = _VALIDATE  # type: ignore[method-assign]


def parse_whole(text: str) -> libcst.Module:
    """The tree of a file with all that LibCST knows. Raises `libcst.ParserSyntaxError`."""
    return libcst.parse_module(text)


def _nothing(node: CSTNode) -> None:
    """A node of the parser's own tree is valid."""
