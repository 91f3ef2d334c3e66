"""Write to stdout and stderr: stdout is the report, stderr is conversation."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from fastapi_lint.report.terminal import BOLD, RED, Style, safe

if TYPE_CHECKING:
    from collections.abc import Iterable


class ClosedPipeError(Exception):
    """Nobody reads stdout any more. No OSError, since the command line's parser takes those for its own."""


def write(lines: Iterable[str]) -> None:
    """Write lines to stdout as UTF-8; what UTF-8 has no form for is escaped as `\\udc80`.

    Raises ClosedPipeError.
    """
    text = "".join(f"{line}\n" for line in lines)
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise ClosedPipeError from error


def note(message: str) -> None:
    """Say something on stderr, in one line."""
    print(_encodable(safe(message), sys.stderr), file=sys.stderr)


def fail(message: str) -> None:
    """Say on stderr what is wrong, in one line."""
    label = Style(wants_colour(sys.stderr)).paint("error:", BOLD, RED)
    note_line = _encodable(safe(message), sys.stderr)
    print(f"{label} {note_line}", file=sys.stderr)


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream takes colours: never with NO_COLOR, always with FORCE_COLOR, else on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
