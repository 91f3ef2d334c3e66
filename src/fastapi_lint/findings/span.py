"""Where something stands in a file."""

import msgspec


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A range of text in one file.

    `path` is POSIX and relative to the root. Lines and columns are 1-based; columns count Unicode code
    points; the end is exclusive (the column after the last character).
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
