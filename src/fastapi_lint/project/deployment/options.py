"""Command lines of servers: which words are options, which are their values, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.findings import Span

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import Argument


class Grammar(msgspec.Struct, frozen=True):
    """The options of a server: `flags` take no value, `short` gives the long name of one letter.

    Every option that isn't a flag takes a value.
    """

    flags: frozenset[str]
    short: Mapping[str, str] = msgspec.field(default_factory=dict)


class Option(msgspec.Struct, frozen=True):
    """One option on the command line: its value (None for a flag), and the place of both."""

    name: str
    value: Argument | None
    span: Span
    words: tuple[Argument, ...]


class CommandLine(msgspec.Struct, frozen=True):
    """The options in order and the words that are none. `open` tells that there may be more options."""

    options: tuple[Option, ...]
    positional: tuple[Argument, ...]
    open: bool

    def last(self, *names: str) -> Option | None:
        """The last of the options with one of these long names."""
        return next((option for option in reversed(self.options) if option.name in names), None)


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def parse(words: Sequence[Argument], grammar: Grammar) -> CommandLine:
    """Read the words after the server's own name."""
    options: list[Option] = []
    positional: list[Argument] = []
    unknown: list[Argument] = []
    at = 0
    while at < len(words):
        word = words[at]
        text = word.written if word.text is None else word.text
        if word.text is None and not text.startswith("-"):
            (unknown if word.rest else positional).append(word)
            at += 1
        elif not text.startswith("-") or text in ("-", "--"):
            positional += [word] if text not in ("-", "--") else []
            at += 1
        else:
            option, at = _option(words, at, grammar)
            options.append(option)
    if unknown and not positional:
        positional.append(unknown.pop(0))  # the only thing that a server can't do without
    return CommandLine(tuple(options), tuple(positional), bool(unknown))


def _option(words: Sequence[Argument], at: int, grammar: Grammar) -> tuple[Option, int]:
    word = words[at]
    text = word.text or word.written
    name, equals, value = text.partition("=")
    if not text.startswith("--") and len(text) > 2:
        return _clustered(words, at, grammar)
    name = grammar.short.get(name, name)
    if equals:
        return Option(name, _part(word, value), word.span, (word,)), at + 1
    if name in grammar.flags or at + 1 >= len(words):
        return Option(name, None, word.span, (word,)), at + 1
    operand = words[at + 1]
    return Option(name, operand, _joined(word.span, operand.span), (word, operand)), at + 2


def _clustered(words: Sequence[Argument], at: int, grammar: Grammar) -> tuple[Option, int]:
    """`-w4`, `-b0.0.0.0:80`"""
    word = words[at]
    text = word.text or word.written
    name = grammar.short.get(text[:2], text[:2])
    value = text[2:].removeprefix("=")
    if name in grammar.flags:
        return Option(name, None, word.span, (word,)), at + 1
    return Option(name, _part(word, value), word.span, (word,)), at + 1


def _part(word: Argument, text: str) -> Argument:
    return type(word)(None if word.text is None else text, word.span, text)


def _joined(first: Span, last: Span) -> Span:
    if first.path != last.path or (last.line, last.column) < (first.line, first.column):
        return first
    return Span(first.path, first.line, first.column, last.end_line, last.end_column)
