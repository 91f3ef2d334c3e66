"""What is wrong with a text that LibCST refuses, and where.

LibCST states the place of a parser's error within its message, as the token after the offending one, and
none for a tokenizer's error. Both are found again among the text's own tokens, so that neither message nor
place depends on the interpreter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from fastapi_lint.facts.python.comments import line_starts
from fastapi_lint.facts.python.indentation import wrong_indentation
from fastapi_lint.facts.python.syntax import SyntaxProblem
from fastapi_lint.facts.python.tokens import Tokens

_PARSER = re.compile(r"parser error: error at (\d+):(\d+): expected (.*)", re.DOTALL)
_CLOSED = re.compile(
    r"[rRuUbB]{0,2}(?:\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\r\n]|\\(?:\r\n|.))*\"|'(?:[^'\\\r\n]|\\(?:\r\n|.))*')",
    re.DOTALL,
)
_STRING_START = re.compile(r"[rRuUbB]{0,2}[\"']")
_NUMBER_START = re.compile(r"\.?[0-9]")
_STRAY_BACKSLASH = re.compile(r"#[^\r\n]*|(\\)(?![\r\n])")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_NEWLINE = re.compile(r"[\r\n]")
_LONGEST = 40

Place = tuple[str, int]


def syntax_problem(text: str, tokens: Tokens, message: str) -> SyntaxProblem:
    """The problem that LibCST's `message` is about, at its place in `text`."""
    lines = line_starts(text)
    match = _PARSER.match(message)
    if match:
        line = min(int(match.group(1)), len(lines))
        offset = min(lines[line - 1] + int(match.group(2)), len(text))
        reason, place = _parser_error(text, tokens, lines, offset, match.group(3).split("\n", 1)[0])
    else:
        reason, place = _tokenizer_error(text, tokens, message)
    line = bisect_right(lines, place)
    column = place - lines[line - 1] + 1
    return SyntaxProblem(reason, line, column, "too-deep" if reason == _TOO_INDENTED else "syntax")


def _parser_error(text: str, tokens: Tokens, lines: tuple[int, ...], offset: int, expected: str) -> Place:
    """The token before `offset` is the offending one, unless that is a line break or an indentation."""
    spans = tokens.spans
    k = bisect_left(spans, (offset, 0)) - 1
    if k < 0:
        return "Unexpected indentation", offset
    start, end = spans[k]
    if offset >= spans[-1][1]:
        bracket = _wrong_bracket(text, tokens)
        if bracket is not None:
            return bracket
    crossed = _NEWLINE.search(text, end, offset) and not _inside_brackets(text, tokens, k)
    if expected == "INDENT":
        return "Expected an indented block", end if crossed else start
    if not crossed:
        return _unexpected(text, tokens, k), start
    if offset != lines[bisect_right(lines, offset) - 1] and {"EOF", "DEDENT"} & set(expected.split(", ")):
        return "Unexpected indentation", offset
    if expected == "one of except, finally":
        return "Expected `except` or `finally`", end
    return "Unexpected end of line", end


def _inside_brackets(text: str, tokens: Tokens, k: int) -> bool:
    """Whether token `k` or one before it opens a bracket that isn't closed by then."""
    pieces = frozenset(tokens.pieces)
    depth = 0
    for i, (start, _) in enumerate(tokens.spans[: k + 1]):
        if i not in pieces:
            depth += (text[start] in "([{") - (text[start] in ")]}")
    return depth > 0


def _unexpected(text: str, tokens: Tokens, k: int) -> str:
    start, end = tokens.spans[k]
    token = text[start:end]
    if k in tokens.pieces or _STRING_START.match(token) or token[-1] in "'\"":
        return "Unexpected string"
    return f"Unexpected `{token if len(token) <= _LONGEST else token[:_LONGEST] + '…'}`"


_TOO_INDENTED = "Too many levels of indentation"


def _tokenizer_error(text: str, tokens: Tokens, message: str) -> Place:
    found: Place | None = None
    if "unterminated" in message:
        found = _unclosed_string(text, tokens)
    elif "parenthes" in message or "unmatched" in message:
        found = _wrong_bracket(text, tokens)
    elif "literal" in message:
        found = _wrong_number(text, tokens)
    elif "continuation" in message:
        found = _stray_backslash(text, tokens)
    elif "indentation" in message:
        found = _TOO_INDENTED, wrong_indentation(text, tokens)
    elif "dedent" in message:
        found = "Indentation matches no outer block", wrong_indentation(text, tokens)
    elif "tabs" in message:
        found = "Inconsistent mix of tabs and spaces", wrong_indentation(text, tokens)
    elif "not a valid" in message:
        found = _wrong_character(text, tokens, message)
    return found or _unclosed_string(text, tokens) or _wrong_bracket(text, tokens) or ("Invalid syntax", 0)


def _unclosed_string(text: str, tokens: Tokens) -> Place | None:
    of_templates = frozenset((*tokens.pieces, *tokens.closings))
    opened = tokens.unclosed[:1]
    for i, (start, end) in enumerate(tokens.spans):
        if opened and start >= opened[0]:
            break
        token = text[start:end]
        if i in of_templates or not _STRING_START.match(token) or _CLOSED.fullmatch(token):
            continue
        opened = [start]
        break
    return ("Unterminated string", opened[0]) if opened else None


def _wrong_bracket(text: str, tokens: Tokens) -> Place | None:
    pieces = frozenset(tokens.pieces)
    opened: list[int] = []
    for i, (start, _) in enumerate(tokens.spans):
        symbol = text[start]
        if i in pieces:
            continue
        if symbol in "([{":
            opened.append(start)
        elif symbol in _PAIRS:
            if not opened:
                return f"`{symbol}` matches no opening bracket", start
            if text[opened[-1]] != _PAIRS[symbol]:
                return f"`{symbol}` does not match `{text[opened[-1]]}`", start
            opened.pop()
    return (f"`{text[opened[-1]]}` is never closed", opened[-1]) if opened else None


def _wrong_number(text: str, tokens: Tokens) -> Place | None:
    pieces = frozenset(tokens.pieces)
    spans = tokens.spans
    for i, (start, end) in enumerate(spans):
        if i in pieces or not _NUMBER_START.match(text, start, end):
            continue
        glued = i + 1 < len(spans) and spans[i + 1][0] == end and (text[end].isalnum() or text[end] == "_")
        if glued or re.fullmatch(r"0[0-9_]*[1-9][0-9_]*", text[start:end]):
            if glued and text[end : spans[i + 1][1]] in _AFTER_NUMBERS:
                continue
            return "Invalid number", start
    return None


# `1if x else 2` is allowed.
_AFTER_NUMBERS = frozenset(("and", "else", "for", "if", "in", "is", "not", "or"))


def _stray_backslash(text: str, tokens: Tokens) -> Place:
    pieces = frozenset(tokens.pieces)
    position = 0
    for i, (start, end) in enumerate((*tokens.spans, (len(text), len(text)))):
        if i not in pieces and i - 1 not in pieces:
            for match in _STRAY_BACKSLASH.finditer(text, position, start):
                if match.group(1):
                    return "Unexpected characters after a line continuation", match.start()
        position = end
    return "Unexpected end of file after a line continuation", max(len(text.rstrip()) - 1, 0)


def _wrong_character(text: str, tokens: Tokens, message: str) -> Place | None:
    quoted = re.match(r"tokenizer error: (['\"])(.+)\1 is not a valid", message, re.DOTALL)
    if not quoted:
        return None
    wanted = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), quoted.group(2))
    wanted = {"\\0": "\0", "\\'": "'", "\\\\": "\\"}.get(wanted, wanted)
    pieces = frozenset(tokens.pieces)
    for i, (start, end) in enumerate(tokens.spans):
        if i not in pieces and text[start:end] == wanted:
            what = "name" if len(wanted) > 1 else "character"
            return f"Invalid {what} `{_printable(wanted)}`", start
    return None


def _printable(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)
