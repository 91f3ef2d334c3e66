"""Text that is safe and aligned in a terminal: nothing in a file's name or content can steer it."""

from __future__ import annotations

import re
import unicodedata

import msgspec

_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)
TAB = 4

RESET = "\x1b[0m"


class Style(msgspec.Struct, frozen=True):
    """Whether and how parts of a report are coloured."""

    colour: bool = False

    def paint(self, text: str, *codes: str) -> str:
        """The text in the given styles (SGR codes); unchanged without colours."""
        return f"\x1b[{';'.join(codes)}m{text}{RESET}" if self.colour and text else text


BOLD, RED, YELLOW, BLUE, CYAN = "1", "31", "33", "34", "36"


def safe(text: str) -> str:
    """The text with control, bidirectional and invisible characters and lone surrogates escaped.

    Line breaks are escaped as well: a name or a message stays on its line. A tab stays a tab.
    """
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return {10: "\\n", 13: "\\r"}.get(code, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def cells(text: str) -> list[str]:
    """The text as one printable piece for each of its characters: escaped, and with tabs as spaces."""
    pieces = []
    column = 0
    for character in text:
        piece = " " * (TAB - column % TAB) if character == "\t" else safe(character)
        pieces.append(piece)
        column += width(piece)
    return pieces


def width(text: str) -> int:
    """How many columns the text takes in a terminal."""
    return len(text) if text.isascii() else sum(_width_of(character) for character in text)


def _width_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
