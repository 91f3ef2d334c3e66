"""Commands of images as JSON lists."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.findings import Edit

if TYPE_CHECKING:
    from fastapi_lint.facts.dockerfile import Command
    from fastapi_lint.findings import Span

_ITEM = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^'\\]*)')\s*""")


class ListText(msgspec.Struct, frozen=True):
    """A command's text as a JSON list."""

    text: str

    def at(self, span: Span) -> Edit:
        """The edit that puts it in place of what stands there."""
        return Edit(span, self.text)


def as_list(text: str) -> ListText | None:
    """The list that a text with single quotes or a comma too many means; None if that isn't clear."""
    text = text.strip()
    if not text.startswith("[") or not text.endswith("]"):
        return None
    inner, at = text[1:-1], 0
    items: list[str] = []
    while at < len(inner):
        match = _ITEM.match(inner, at)
        if match is None:
            return None
        items.append(match.group(1) if match.group(1) is not None else match.group(2))
        at = match.end()
        if at < len(inner):
            if inner[at] != ",":
                return None
            at += 1
            if not inner[at:].strip():
                break
    return ListText(json.dumps(items, ensure_ascii=False)) if items else None


def through_shell(command: Command, span: Span) -> Edit | None:
    """A command in exec form as `["sh", "-c", "exec ..."]`, variables left for the shell to replace."""
    words = [_quoted(word.text) for word in command.words]
    if any(word is None for word in words):
        return None
    text = " ".join(["exec", *(word for word in words if word is not None)])
    return Edit(span, json.dumps(["sh", "-c", text], ensure_ascii=False))


def _quoted(text: str) -> str | None:
    """A word as shell text in which variables are still replaced."""
    if "$" not in text:
        return shlex.quote(text)
    if re.search(r"[\"\\`\s]|\$\(", text):
        return None
    plain = re.fullmatch(r"[\w./:=@${}\-]+", text)
    return text if plain else f'"{text}"'
