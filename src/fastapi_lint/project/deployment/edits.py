"""Text edits in artifacts: words taken out of commands or put in, without a trace left behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.model import Argument

_BETWEEN = re.compile(r"[\s,\\-]*\Z")


def text_at(artifacts: Artifacts, span: Span) -> str:
    """The text of a span in an artifact."""
    lines = artifacts.text(span.path).split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def is_exact(artifacts: Artifacts, word: Argument) -> bool:
    """Whether the word's span holds the word and nothing else, quotes aside."""
    return word.text is not None and text_at(artifacts, word.span).strip("\"'") == word.text


def without(artifacts: Artifacts, words: Sequence[Argument], taken: Sequence[Argument]) -> Edit | None:
    """Takes neighbouring words out of a command, with what stands before them; None if that isn't safe."""
    index = next((i for i, word in enumerate(words) if taken and word is taken[0]), 0)
    if index == 0 or not all(is_exact(artifacts, word) for word in taken):
        return None
    before, last = words[index - 1].span, taken[-1].span
    if before.path != last.path or (before.end_line, before.end_column) > (last.line, last.column):
        return None
    first = taken[0].span
    between = Span(first.path, before.end_line, before.end_column, first.line, first.column)
    if not is_exact(artifacts, words[index - 1]) or not _BETWEEN.match(text_at(artifacts, between)):
        return None
    return Edit(Span(last.path, before.end_line, before.end_column, last.end_line, last.end_column), "")


def replaced(artifacts: Artifacts, span: Span, old: str, new: str) -> Edit | None:
    """Replaces the only `old` inside a span; None if it isn't there just once on one line."""
    text = text_at(artifacts, span)
    if text.count(old) != 1 or "\n" in text or not old:
        return None
    column = span.column + text.index(old)
    return Edit(Span(span.path, span.line, column, span.line, column + len(old)), new)


def added(artifacts: Artifacts, words: Sequence[Argument], more: Sequence[str]) -> Edit | None:
    """Puts words behind the last word of a command, written as that one is; None if that isn't safe."""
    last = words[-1]
    written = text_at(artifacts, last.span)
    if written.strip("\"'") not in (last.text, last.written):
        return None
    quote = written[0] if written[:1] in "\"'" and written[:1] else ""
    lines = artifacts.text(last.span.path).split("\n")
    line = lines[last.span.line - 1]
    lead = line[: last.span.column - 1]
    if lead.strip() == "-":
        text = "".join(f"\n{lead}{quote}{word}{quote}" for word in more)
    elif len(words) > 1 and "," in line and quote:
        text = "".join(f", {quote}{word}{quote}" for word in more)
    elif quote:
        return None
    else:
        text = "".join(f" {word}" for word in more)
    end = last.span
    return Edit(Span(end.path, end.end_line, end.end_column, end.end_line, end.end_column), text)


def stands_alone(artifacts: Artifacts, span: Span) -> bool:
    """Whether a command begins at a span: nothing but blanks, a quote or an operator stands before it."""
    line = artifacts.text(span.path).split("\n")[span.line - 1][: span.column - 1].rstrip()
    return not line or line.endswith(
        ("&&", "||", ";", "\\", '"', "'", "then", "do", "else", "{", "(", ":", "|")
    )
