"""Words of a file as the arguments that a process gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.words import Variable
from fastapi_lint.findings import Span
from fastapi_lint.project.deployment.model import Argument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.facts.words import Lookup, Word

_ALL = frozenset("@*")


def expanded(
    word: Word,
    path: str,
    lookup: Lookup,
    positional: Sequence[Argument] | None = (),
    *,
    splits: bool = True,
    source: Callable[[str], str] | None = None,
) -> tuple[Argument, ...]:
    """The arguments that a word becomes in the file at `path`.

    `positional` are what `"$@"` stands for, None if that isn't known. `splits` tells that a shell reads it,
    so that an unquoted variable may give several words or none. `source` gives a file's text: it finds the
    narrower place of a word that is known to stand somewhere in a longer text.
    """
    span = word.place.span(path)
    if source is not None and word.lead < 0 and not word.parts:
        span = narrowed(source(path), span, word.text)
    if len(word.parts) == 1 and isinstance(word.parts[0], Variable) and word.parts[0].name in _ALL:
        if not positional:  # none are written down, but whoever starts it may give some
            return (Argument(None, span, word.text, word, rest=True),)
        return tuple(positional)
    value = word.value(lambda name: _positional(name, positional) if name.isdigit() else lookup(name))
    if value is None:
        alone = len(word.parts) == 1 and splits and (not word.quoted or is_array(word))
        return (Argument(None, span, word.text, word, rest=alone),)
    if word.parts and splits and not word.quoted and (not value or any(c.isspace() for c in value)):
        return tuple(Argument(piece, span, word.text) for piece in value.split())
    return (Argument(value, span, word.text, word),)


def is_array(word: Word) -> bool:
    """Whether a word is all elements of an array of bash, which may be none (`"${options[@]}"`)."""
    part = word.parts[0] if len(word.parts) == 1 else None
    return isinstance(part, Variable) and part.operator == "other" and part.operand in ("[@]", "[*]")


def _positional(name: str, positional: Sequence[Argument] | None) -> str | None:
    index = int(name) - 1 if len(name) < 4 else -1
    if positional is None or not 0 <= index < len(positional):
        return "" if positional is not None and index >= 0 else None
    return positional[index].text


def narrowed(text: str, span: Span, token: str) -> Span:
    """The only place of a token inside the text of `span`, or `span` itself if it isn't there just once."""
    if not token or "\n" in token or not text:
        return span
    lines = text.split("\n")[span.line - 1 : span.end_line]
    pattern = re.compile(rf"(?<![\w./:=-]){re.escape(token)}(?![\w./:=-])")
    found: Span | None = None
    for offset, line in enumerate(lines):
        first = span.column - 1 if offset == 0 else 0
        last = span.end_column - 1 if offset == len(lines) - 1 else len(line)
        for match in pattern.finditer(line, first, last):
            if found is not None:
                return span
            at = span.line + offset
            found = Span(span.path, at, match.start() + 1, at, match.end() + 1)
    return found or span
