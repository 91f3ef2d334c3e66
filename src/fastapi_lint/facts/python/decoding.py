"""The text of a Python file, as PEP 263 says: a byte order mark, a coding cookie, else UTF-8.

Nothing is normalised, so that offsets into the text are offsets into the file: a byte order mark is not
part of the text, CR LF counts as two characters and one line break, a lone CR as one of each.
"""

from __future__ import annotations

import codecs
import re

from fastapi_lint.facts.python.syntax import SyntaxProblem
from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.limits import size_limit, too_large

_BOM = codecs.BOM_UTF8
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_NEWLINE = re.compile(r"\r\n|\r|\n")

# Single and multi-byte character sets. Others that `codecs` knows change more than characters (punycode,
# unicode_escape), can't hold a cookie (UTF-16), or depend on the platform (mbcs).
_CHARACTER_SETS = re.compile(
    r"(?:ascii|utf_8(?:_sig)?|iso8859_\d+|cp\d{3,4}|koi8_[rtu]|mac_[a-z0-9]+|kz1048|ptcp154|tis_620"
    r"|hp_roman8|big5(?:hkscs)?|euc_(?:jp|jis_2004|jisx0213|kr)|gb2312|gbk|gb18030|hz|johab"
    r"|iso2022_(?:jp(?:_\w+)?|kr)|shift_jis(?:_2004)?|shift_jisx0213)"
)


def decode(source: bytes) -> str | SyntaxProblem:
    """The text of `source`, or a problem of kind `unreadable` at the first byte that has no character."""
    if len(source) > size_limit(Kind.PYTHON):
        return SyntaxProblem(f"The file is {too_large(Kind.PYTHON)}", 1, 1, "unreadable")
    marked = source.startswith(_BOM)
    if marked:
        source = source[len(_BOM) :]
    encoding = "utf-8"
    cookie = _cookie(source)
    if cookie is not None:
        name, line, column = cookie
        known = _codec(name)
        if known is None:
            return SyntaxProblem(f"Unknown encoding `{name}`", line, column, "unreadable")
        if marked and known != "utf-8":
            message = f"The encoding `{name}` contradicts the byte order mark of UTF-8"
            return SyntaxProblem(message, line, column, "unreadable")
        encoding = known
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        return _undecodable(source, encoding, error.start)
    except Exception:  # a codec of the standard library with a defect of its own
        return SyntaxProblem(f"The file is not valid {encoding}", 1, 1, "unreadable")


def _cookie(source: bytes) -> tuple[str, int, int] | None:
    """The declared encoding with its line and column: a comment in the first line, or in the second
    below a blank one."""
    position = 0
    for line in (1, 2):
        match = _LINE.match(source, position)
        text = match.group().rstrip(b"\r\n") if match else b""
        found = _COOKIE.match(text)
        if found:
            return found.group(1).decode("ascii"), line, found.start(1) + 1
        if not match or not _BLANK.match(text):
            return None
        position = match.end()
    return None


def _codec(name: str) -> str | None:
    """The canonical name of a character set; None for what is none."""
    if len(name) > 40:
        return None
    try:
        known = codecs.lookup(name).name
    except Exception:  # an unknown name, or a module of that name which is no codec
        return None
    return known if _CHARACTER_SETS.fullmatch(known.replace("-", "_")) else None


def _undecodable(source: bytes, encoding: str, offset: int) -> SyntaxProblem:
    before = source[:offset].decode(encoding, errors="replace")
    breaks = list(_NEWLINE.finditer(before))
    column = len(before) - (breaks[-1].end() if breaks else 0) + 1
    message = f"Byte 0x{source[offset]:02x} is not valid {encoding}"
    return SyntaxProblem(message, len(breaks) + 1, column, "unreadable")
