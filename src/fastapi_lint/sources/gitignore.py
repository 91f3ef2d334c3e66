"""gitignore patterns as git itself reads them (gitignore(5)).

A pattern speaks of the path that it matches and of nothing below it; a folder that is left out is not
entered, so that its files need no verdict. pathspec lets a pattern for a folder speak of the files in it as
well, and then loses whole projects whose `.gitignore` denies all (`/**`) and takes back folder by folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_LINES = 5_000
_MAX_LINE = 500
_STARS = re.compile(r"\*+")
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9a-fA-F",
}


class Pattern(msgspec.Struct, frozen=True):
    """One line of a `.gitignore`."""

    text: str
    negated: bool
    folder_only: bool
    whole_path: bool
    """Whether the path is matched from the rules' folder on, not only its last segment."""
    regex: re.Pattern[str]

    def matches(self, path: str) -> bool:
        """Whether the pattern matches `path`, relative to the rules' folder; a folder ends with `/`."""
        if path.endswith("/"):
            path = path[:-1]
        elif self.folder_only:
            return False
        subject = path if self.whole_path else path.rpartition("/")[2]
        return self.regex.fullmatch(subject) is not None


def patterns_of(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns of a `.gitignore`, in order. Lines that are no pattern or slow to match are dropped."""
    found: list[Pattern] = []
    for line in lines:
        pattern = parse(line)
        if pattern is not None:
            found.append(pattern)
        if len(found) >= _MAX_LINES:
            break
    return tuple(found)


def verdict(patterns: tuple[Pattern, ...], path: str) -> bool | None:
    """True if the last pattern that matches leaves `path` out, False if it takes it back, else None."""
    for pattern in reversed(patterns):
        if pattern.matches(path):
            return not pattern.negated
    return None


def parse(line: str) -> Pattern | None:
    """One line as a pattern, or None for a comment, an empty line, and what can't be matched."""
    text = line.rstrip("\r\n")
    if len(text) > _MAX_LINE or "\0" in text:
        return None
    body = re.sub(r"(?<!\\)[ \t]+$", "", text)
    if not body or body.startswith("#"):
        return None
    negated = body.startswith("!")
    body = body[1:] if negated else body
    folder_only = body.endswith("/")
    body = body.rstrip("/") if folder_only else body
    whole_path = "/" in body
    body = body[1:] if body.startswith("/") else body
    regex = _compiled(body)
    return Pattern(text, negated, folder_only, whole_path, regex) if regex else None


def _compiled(body: str) -> re.Pattern[str] | None:
    if not body or not _is_cheap(body) or (body.endswith("\\") and not body.endswith("\\\\")):
        return None
    try:
        return re.compile(_translated(body), re.S)
    except re.error:
        return None


def _is_cheap(body: str) -> bool:
    """Whether a regex can match it quickly: with many `*` in one segment it would try every split."""
    if len(_STARS.findall(body)) > 8:
        return False
    return all(len(_STARS.findall(segment)) <= 3 for segment in body.split("/"))


def _translated(body: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(body):
        piece, at = _next_piece(body, at)
        parts.append(piece)
    return "".join(parts)


def _next_piece(body: str, at: int) -> tuple[str, int]:
    """Regex for the piece of the pattern that begins at `at`, and where the next one begins."""
    starts_segment = at == 0 or body[at - 1] == "/"
    if starts_segment and body.startswith("**/", at):
        return "(?:.*/)?", at + 3
    if starts_segment and body[at:] == "**":
        return ".+", at + 2
    char = body[at]
    if char == "*":
        return "[^/]*", at + len(_STARS.match(body, at).group())  # type: ignore[union-attr]
    if char == "?":
        return "[^/]", at + 1
    if char == "[":
        return _set(body, at)
    if char == "\\" and at + 1 < len(body):
        return re.escape(body[at + 1]), at + 2
    return re.escape(char), at + 1


def _set(body: str, at: int) -> tuple[str, int]:
    """Regex for `[...]`; an open bracket without its end makes a pattern that matches nothing, as in git."""
    start = at + 1
    negated = body[start : start + 1] in ("!", "^")
    start += negated
    parts: list[str] = []
    here = start
    while here < len(body):
        if body[here] == "]" and here > start:
            inner = "".join(parts)
            return f"(?!/)[{'^' if negated else ''}{inner}]", here + 1
        named = re.compile(r"\[:(\w+):\]").match(body, here)
        if named:
            parts.append(_CLASSES.get(named.group(1), ""))
            here = named.end()
            continue
        if body[here] == "\\" and here + 1 < len(body):
            here += 1
            parts.append(re.escape(body[here]))
        else:
            parts.append(body[here] if body[here] == "-" else re.escape(body[here]))
        here += 1
    return "(?!)", len(body)
