"""Ignore files of a build context (docs.docker.com/build/concepts/context)."""

from __future__ import annotations

import posixpath
import re

import msgspec

from fastapi_lint.facts.place import Lines, Place

_MAX_LINES = 20_000
_MAX_LENGTH = 500
_STARS = re.compile(r"\*+")


class IgnorePattern(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line: a pattern relative to the context's root, without leading and trailing slashes."""

    pattern: str
    negated: bool
    place: Place


class DockerignoreFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One ignore file; the last pattern that matches decides."""

    patterns: tuple[IgnorePattern, ...]

    def ignores(self, path: str) -> bool:
        """Whether a path (POSIX, relative to the context's root) stays out of the build context.

        A pattern that matches a folder speaks of all that is in it.
        """
        pieces = path.strip("/").split("/")
        parents = ["/".join(pieces[: size + 1]) for size in range(len(pieces))]
        ignored = False
        for pattern in self.patterns:
            if pattern.negated != ignored:
                continue
            if any(matches(pattern.pattern, parent) for parent in parents):
                ignored = not pattern.negated
        return ignored


def read(text: str) -> DockerignoreFacts:
    """The patterns of an ignore file. Never raises; lines that are slow to match are dropped."""
    text = text[1:] if text.startswith("\ufeff") else text
    lines = Lines.of(text)
    found: list[IgnorePattern] = []
    for number, start in enumerate(lines.starts[:_MAX_LINES]):
        end = lines.starts[number + 1] - 1 if number + 1 < len(lines.starts) else len(text)
        line = text[start:end].rstrip("\r")
        pattern = line.strip()
        if not pattern or line.startswith("#") or not _is_cheap(pattern):
            continue
        negated = pattern.startswith("!")
        clean = posixpath.normpath("/" + pattern[negated:].strip()).strip("/")
        if clean:
            found.append(IgnorePattern(clean, negated, lines.place(start, end)))
    return DockerignoreFacts(tuple(found))


def _is_cheap(pattern: str) -> bool:
    if len(pattern) > _MAX_LENGTH or len(_STARS.findall(pattern)) > 8:
        return False
    return all(len(_STARS.findall(segment)) <= 3 for segment in pattern.split("/"))


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches the whole path: Go's filepath.Match, and `**` for any number of folders."""
    try:
        return re.fullmatch(_translated(pattern), path) is not None
    except re.error:
        return False


def _translated(pattern: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            parts.append("(?:.*/)?")
            at += 3
        elif pattern.startswith("**", at):
            parts.append(".*")
            at += 2
        else:
            piece, at = _piece(pattern, at)
            parts.append(piece)
    return "".join(parts)


def _piece(pattern: str, at: int) -> tuple[str, int]:
    char = pattern[at]
    if char == "*":
        return "[^/]*", at + 1
    if char == "?":
        return "[^/]", at + 1
    end = pattern.find("]", at + 2) if char == "[" else -1
    if end > 0:
        inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{inner}]", end + 1
    if char == "\\" and at + 1 < len(pattern):
        return re.escape(pattern[at + 1]), at + 2
    return re.escape(char), at + 1
