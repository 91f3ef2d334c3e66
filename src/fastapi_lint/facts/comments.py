"""Comments that speak to us, in files other than Python."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.python.syntax import Comment

MARK = "fastapi-lint:"
_MAX_COMMENTS = 10_000


class Comments(msgspec.Struct):
    """Collects the comments of one file while a reader walks through it."""

    kept: list[Comment] = msgspec.field(default_factory=list)
    first_block: bool = True
    """Whether nothing but comments and empty lines has been met so far."""

    def add(self, text: str, line: int, column: int, *, alone: bool) -> None:
        """Keep a comment (from its `#` to the line's end) if it speaks to us."""
        if MARK in text and len(self.kept) < _MAX_COMMENTS:
            self.kept.append(Comment(line, column, text.rstrip(), alone, self.first_block and alone))

    def meet(self) -> None:
        """Something else than a comment begins."""
        self.first_block = False

    def found(self) -> tuple[Comment, ...]:
        """The comments that were kept, in order."""
        return tuple(self.kept)
