"""The significant tokens of a Python text, by one regular expression.

Names, numbers, strings and operators in source order, each as its pair of offsets (code points, end
exclusive). White space, line breaks, continuation backslashes and comments are skipped. No token is ever
refused: what is wrong is for the parser to say. An f-string or t-string is a token for its prefix and
opening quote, one for each literal piece, the tokens of its fields with their braces, and one for its
closing quote, nested as PEP 701 allows. Three dots are three tokens.

The expression always matches, so the time is linear in the text's length whatever the text holds.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Span = tuple[int, int]

DEEPEST_TEMPLATE = 20

_BLANK = r"[ \t\f\r\n\\]*"
_SKIP = rf"{_BLANK}(?:#[^\r\n]*{_BLANK})*"
_NAME = "[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*"
_DIGITS = "[0-9](?:_?[0-9])*"
_NUMBER = (
    "0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    rf"|(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?{_DIGITS})?[jJ]?"
)
_OPERATOR = r"\*\*=?|//=?|>>=?|<<=?|<>|->|[:!+\-*/%&|^@=<>]=?|[()\[\]{},.;~]"
_QUOTES = ('"""', "'''", '"', "'")
_FIELD_ENDS = frozenset(("!", ":", ":=", "}"))
_TEMPLATE = r"(?:[fFtT][rR]?|[rR][fFtT])(?:\"\"\"|'''|\"|')"


def _string(quote: str) -> str:
    """Pattern of what follows an opening quote; an unclosed string takes the rest of its line or text."""
    mark = quote[0]
    if len(quote) == 3:
        chunk = rf"[^{mark}\\]*"
        return rf"{chunk}(?:(?:\\.|{mark}(?!{mark}{mark})){chunk})*(?:{quote}|\Z)|.*"
    chunk = rf"[^{mark}\\\r\n]*"
    return rf"{chunk}(?:\\(?:\r\n|.){chunk})*(?:{mark}|(?=[\r\n])|\Z)|[^\r\n]*"


_STRING = "(?:[uU]|[bB][rR]?|[rR][bB]?)?(?:" + "|".join(f"{q}(?:{_string(q)})" for q in _QUOTES) + ")"

# Group 1 opens a template; its match swallows the rest of the text (at no cost), which ends an iteration
# there without a test for every token. Group 2 is any other token; it is empty at the end of the text.
_TOKEN = re.compile(
    rf"{_SKIP}(?:({_TEMPLATE}).*|({_STRING}|{_NAME}|{_NUMBER}|{_OPERATOR}|.|\Z))",
    re.DOTALL,
)


def _literal(quote: str, raw: bool, formatting: bool) -> re.Pattern[str]:
    """Pattern of a literal piece of a template; inside a format specification braces are never doubled."""
    mark = quote[0]
    lone = rf"|{mark}(?!{mark}{mark})" if len(quote) == 3 else ""
    line = r"\r\n" if len(quote) == 1 else ""
    doubled = "" if formatting else r"|\{\{|\}\}"
    escape = r"|\\(?:\r\n|[^{}]|(?=[{}]))"
    named = "" if raw else r"|\\N\{[^{}]*\}"
    return re.compile(rf"(?:[^{mark}\\{{}}{line}]{named}{escape}{doubled}{lone})*", re.DOTALL)


_LITERALS = {
    (quote, raw, formatting): _literal(quote, raw, formatting)
    for quote in _QUOTES
    for raw in (False, True)
    for formatting in (False, True)
}


class TooDeepError(Exception):
    """Templates nest deeper than any person writes them."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Tokens(NamedTuple):
    """The places of all tokens in order.

    `pieces` are the indices of those that are literal pieces of templates, `closings` of those that end a
    template; `unclosed` are the offsets of templates without an end.
    """

    spans: list[Span]
    pieces: list[int]
    closings: list[int]
    unclosed: list[int]


def scan(text: str) -> Tokens:
    """All significant tokens of `text`. Raises `TooDeepError` for templates nested without end."""
    iterate = _TOKEN.finditer
    end = len(text)
    tokens = Tokens([], [], [], [])
    spans = tokens.spans
    position = 0
    while True:
        spans += [match.span(2) for match in iterate(text, position)]
        while spans and spans[-1][0] == end:
            spans.pop()
        if not spans or spans[-1] != (-1, -1):
            return tokens
        spans.pop()
        if spans:
            position = max(position, spans[-1][1])
        match = _TOKEN.match(text, position)
        assert match
        position = _template(text, match, tokens, 1)


def _template(text: str, opening: re.Match[str], tokens: Tokens, depth: int) -> int:
    """Add the tokens of the template that opens at `opening`; the offset after it."""
    start, position = opening.span(1)
    if depth > DEEPEST_TEMPLATE:
        raise TooDeepError(start)
    tokens.spans.append((start, position))
    prefix = text[start:position]
    quote = prefix.lstrip("fFtTrR")
    raw = "r" in prefix or "R" in prefix
    position = _pieces(text, position, (quote, raw, False), tokens, depth)
    if text.startswith(quote, position):
        tokens.closings.append(len(tokens.spans))
        tokens.spans.append((position, position + len(quote)))
        return position + len(quote)
    tokens.unclosed.append(start)
    return position


def _pieces(text: str, position: int, style: tuple[str, bool, bool], tokens: Tokens, depth: int) -> int:
    """Add the literal pieces and fields up to what neither can hold; its offset."""
    literal = _LITERALS[style].match
    while True:
        match = literal(text, position)
        assert match
        if match.end() > position:
            tokens.pieces.append(len(tokens.spans))
            tokens.spans.append(match.span())
            position = match.end()
        if not text.startswith("{", position):
            return position
        position = _field(text, position, style, tokens, depth)


def _field(text: str, position: int, style: tuple[str, bool, bool], tokens: Tokens, depth: int) -> int:
    """Add the tokens of one field, braces included; the offset after it."""
    if depth > DEEPEST_TEMPLATE:
        raise TooDeepError(position)
    tokens.spans.append((position, position + 1))
    position = _field_expression(text, position + 1, tokens, depth)
    if text.startswith("!", position):
        position = _conversion(text, position, tokens)
    if text.startswith(":", position):
        tokens.spans.append((position, position + 1))
        position = _pieces(text, position + 1, (*style[:2], True), tokens, depth + 1)
    if text.startswith("}", position):
        tokens.spans.append((position, position + 1))
        position += 1
    return position


def _conversion(text: str, position: int, tokens: Tokens) -> int:
    """Add the `!` and the name of a conversion; the offset after them."""
    tokens.spans.append((position, position + 1))
    match = _TOKEN.match(text, position + 1)
    if match and match.group(2) and match.group(2).isidentifier():
        tokens.spans.append(match.span(2))
        after = _TOKEN.match(text, match.end(2))
        return after.start(2) if after and after.group(2) in _FIELD_ENDS else match.end(2)
    return position + 1


def _field_expression(text: str, position: int, tokens: Tokens, depth: int) -> int:
    """Add the tokens of a field's expression (and its `=`) up to `!`, `:` or `}`; the offset of that."""
    nesting = 0
    while True:
        match = _TOKEN.match(text, position)
        assert match
        if match.group(1):
            position = _template(text, match, tokens, depth + 1)
            continue
        start, end = match.span(2)
        token = text[start:end]
        if not token or (nesting == 0 and token in _FIELD_ENDS):
            return start
        if token in "([{":
            nesting += 1
        elif token in ")]}":
            nesting -= 1
        tokens.spans.append((start, end))
        position = end
