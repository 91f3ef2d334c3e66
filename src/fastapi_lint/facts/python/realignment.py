"""The tokens of a text as LibCST itself writes them: slow, and right by construction.

This is how LibCST's own position provider works. It serves the rare file whose tokens by regular expression
don't agree with LibCST's tree.
"""

from __future__ import annotations

import libcst as cst
from libcst._nodes.internal import CodegenState

from fastapi_lint.facts.python.alignment import MisalignedError
from fastapi_lint.facts.python.tokens import Span


class _Writer(CodegenState):
    """Notes where each token lands that is not white space or a comment."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.position = 0
        self.spans: list[Span] = []
        self.blank = [False]
        self.nodes: list[cst.CSTNode] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        blank = isinstance(node, (cst.BaseParenthesizableWhitespace, cst.EmptyLine, cst.TrailingWhitespace))
        self.blank.append(blank or self.blank[-1])
        self.nodes.append(node)

    def after_codegen(self, _node: cst.CSTNode) -> None:
        self.blank.pop()
        self.nodes.pop()

    def add_indent_tokens(self) -> None:
        super().add_indent_tokens()
        self.position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        super().add_token(value)
        if value == "..." and isinstance(self.nodes[-1], cst.Ellipsis):
            self.spans += [(self.position + i, self.position + i + 1) for i in range(3)]
        elif value and not self.blank[-1]:
            self.spans.append((self.position, self.position + len(value)))
        self.position += len(value)


def emitted_tokens(module: cst.Module, text: str) -> list[Span]:
    """The places of all tokens of `module`, which was parsed from `text`.

    Raises `MisalignedError` if LibCST doesn't write the text as it stands.
    """
    writer = _Writer(module)
    try:
        module._codegen(writer)
    except Exception as error:  # LibCST 1.9 can't write adjacent t-strings
        raise MisalignedError from error
    if "".join(writer.tokens) != text:
        raise MisalignedError
    return writer.spans
