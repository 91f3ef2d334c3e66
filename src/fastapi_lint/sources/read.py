"""Reading one file of the project without trusting it.

A file is opened only if its folder still is where discovery saw it, never through a link, and only as a
regular file; the size is bounded while reading, since it may have grown.
"""

import os
import stat

import msgspec

from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.limits import size_limit, too_large
from fastapi_lint.sources.templates import is_template

_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
    _FLAGS |= getattr(os, _name, 0)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Skipped(msgspec.Struct, frozen=True, order=True):
    """A file or folder that is not read: its POSIX path below the root, and why, in a few words."""

    path: str
    reason: str


class SourceText(msgspec.Struct, frozen=True):
    """The text of one file, without a byte order mark. `encoding` is `utf-8`, `utf-16` or `latin-1`."""

    path: str
    kind: Kind
    text: str
    encoding: str


def read_bytes(root: str | os.PathLike[str], path: str, limit: int) -> bytes | str:
    """Bytes of the file at `path` (POSIX, below `root`), or the reason why it can't be read.

    A file of more than `limit` bytes, a link, a path that leads out of the root, and anything that is not
    a regular file give a reason.
    """
    if not _is_below(path):
        return "outside the project"
    base = os.path.realpath(root)
    full = os.path.join(base, *path.split("/"))
    try:
        folder = os.path.dirname(full)
        if os.path.normcase(os.path.realpath(folder)) != os.path.normcase(folder) or os.path.islink(full):
            return "reached through a link"
        descriptor = os.open(full, _FLAGS)
    except (OSError, ValueError) as error:
        return f"not readable ({_cause(error)})"
    try:
        return _read_regular(descriptor, limit)
    finally:
        os.close(descriptor)


def _is_below(path: str) -> bool:
    return bool(path) and not os.path.isabs(path) and ".." not in path.split("/") and "\0" not in path


def _read_regular(descriptor: int, limit: int) -> bytes | str:
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "not a regular file"
        chunks: list[bytes] = []
        left = limit + 1
        while left > 0:
            chunk = os.read(descriptor, min(left, 1 << 20))
            if not chunk:
                break
            chunks.append(chunk)
            left -= len(chunk)
    except OSError as error:
        return f"not readable ({_cause(error)})"
    return b"".join(chunks) if left > 0 else "too large"


def _cause(error: Exception) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__).lower()


def read_text(root: str | os.PathLike[str], path: str, kind: Kind) -> SourceText | Skipped:
    """Text of the file at `path` below `root`, or why it is skipped."""
    content = read_bytes(root, path, size_limit(kind))
    if isinstance(content, str):
        return Skipped(path, too_large(kind) if content == "too large" else content)
    return decode(content, path, kind)


def decode(content: bytes, path: str, kind: Kind) -> SourceText | Skipped:
    """Text of a file's bytes, or why it is skipped: binary, or a template for another program.

    UTF-8 is tried first, then latin-1, which every artifact's own reader would survive as well. UTF-16 needs
    a byte order mark (Windows shells write requirements files like this).
    """
    try:
        if content.startswith(_UTF16):
            text, encoding = content.decode("utf-16"), "utf-16"
        else:
            text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("latin-1"), "latin-1"
    if "\0" in text:
        return Skipped(path, "binary")
    if is_template(text, kind):
        return Skipped(path, "template")
    return SourceText(path, kind, text, encoding)
