"""Bounds on what the parser is given, checked on the text's tokens.

LibCST's parser recurses with the input: between 1,200 and 1,500 nested brackets, or some thousands of
operators in a row, end the process, and its time grows with the square of the depth. Nested patterns of
`case` and nested targets of `del` cost it exponential time (measured with LibCST 1.9). No person writes
what is refused here.

The depth counted is an upper bound of the tree's: a bracket, an operator before its operand, a link of
`a.b().c[0]`, an `else` of a conditional expression and a `lambda` each nest what follows. Operators between
operands don't nest (the tree keeps them flat), they are counted apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from fastapi_lint.facts.python.comments import line_starts
from fastapi_lint.facts.python.syntax import SyntaxProblem
from fastapi_lint.facts.python.tokens import Span

BRACKETS = 200
CHAIN = 1000
# Adjacent strings: LibCST refuses some thousands of them as wrong syntax.
STRINGS = 3000
DEPTH = 500
# Steps that backtracking may take in a file: 4 for each bracket of a pattern, 2 for each of a `del`,
# multiplied. About two million take the parser three seconds.
EFFORT = 1 << 21

# So many tokens can't pass a bound: each adds at most two to the depth, one to brackets and chains.
_FEW = 200
# Patterns less deep than this cost no more than their length.
_FLAT = 5

_LEVELS = 9  # precedences of binary operators, which may nest within each other without brackets
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_REST_OF_IF = frozenset(("elif", "else"))
_FACTORS = {"case": 4, "del": 2}
_KEYWORDS = (
    "assert async break class continue def elif except finally from global import nonlocal pass raise return"
    " try while with yield"
)


class _ExceededError(Exception):
    """A bound is passed at this offset."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason, offset)
        self.reason = reason
        self.offset = offset


def check_bounds(text: str, spans: list[Span], pieces: list[int]) -> SyntaxProblem | None:
    """A problem of kind `too-deep` if the text passes a bound, at the token that passes it.

    `pieces` are the indices of those tokens that are literal pieces of templates.
    """
    if len(spans) <= _FEW and not _holds_pattern(text):
        return None
    literal = frozenset(pieces)
    try:
        meter = _Meter(text)
        for first, after in _suspects(text, spans, literal):
            meter.measure(spans[i] for i in range(first, after) if i not in literal)
        if text.count("elif") > CHAIN:
            _check_elifs(text, [span for i, span in enumerate(spans) if i not in literal])
    except _ExceededError as error:
        return too_deep(error.reason, text, error.offset)
    return None


def _holds_pattern(text: str) -> bool:
    return any(word in text for word in _FACTORS)


def _suspects(text: str, spans: list[Span], literal: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The ranges of tokens that could pass a bound, each of whole statements.

    This alone is done for every file, so it only looks at brackets: a line break outside of them ends a
    statement.
    """
    if "\\\n" in text or "\\\r" in text:  # lines may go on without brackets
        yield 0, len(spans)
        return
    shallow = _FLAT if _holds_pattern(text) else len(spans)
    first = closed = depth = peak = 0
    for i, (start, _) in enumerate(spans):
        symbol = text[start]
        if symbol in _OPENING and i not in literal:
            if depth == 0 and text.rfind("\n", spans[closed][0], start) >= 0:
                if i - first > _FEW or peak > shallow:
                    yield first, i
                first, peak = closed, 0
            depth += 1
            if depth > peak:
                peak = depth
        elif symbol in _CLOSING and depth and i not in literal:
            depth -= 1
            closed = i
    if len(spans) - first > _FEW or peak > shallow:
        yield first, len(spans)


def _check_elifs(text: str, tokens: list[Span]) -> None:
    """Raise `_ExceededError` at an `elif` with too many before it, in its own chain and those around it."""
    lines = line_starts(text)
    found: dict[int, int] = {}
    depth = 0
    line = 0
    for start, end in tokens:
        symbol = text[start]
        if depth == 0 and start >= line:
            number = bisect_right(lines, start)
            line = lines[number] if number < len(lines) else len(text) + 1
            column = start - lines[number - 1]
            word = text[start:end]
            found = {c: n for c, n in found.items() if c < column or (c == column and word in _REST_OF_IF)}
            if word == "elif":
                found[column] = found.get(column, 0) + 1
                if sum(found.values()) > CHAIN:
                    raise _ExceededError(f"More than {CHAIN} `elif` follow each other", start)
        depth += (symbol in "([{") - (symbol in ")]}")


def too_deep(reason: str, text: str, offset: int) -> SyntaxProblem:
    """A problem of kind `too-deep` at `offset`."""
    lines = line_starts(text)
    line = bisect_right(lines, offset)
    return SyntaxProblem(reason, line, offset - lines[line - 1] + 1, "too-deep")


class _Meter:
    """The depth at one place of the text, moved from token to token."""

    __slots__ = (
        "brackets",
        "chain",
        "effort",
        "factor",
        "loose",
        "operand",
        "outer",
        "stack",
        "step",
        "strings",
        "text",
        "tight",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.operand = False  # the token before ends an operand
        self.tight = 0  # links and prefix operators of the operand at hand
        self.loose = 0  # conditionals and lambdas since the last comma
        self.chain = 0  # operators between operands since the last comma
        self.strings = 0  # adjacent ones
        self.outer = 0  # depth of what is open around
        self.brackets = 0
        self.stack: list[tuple[bool, int, int, int, int]] = []
        self.effort = 0
        self.factor = 0  # of the statement at hand, if it is one of `_FACTORS`
        self.step = 0

    def measure(self, tokens: Iterable[Span]) -> None:
        """Read the tokens. Raises `_ExceededError`."""
        text = self.text
        for start, end in tokens:
            symbol = _SYMBOLS.get(text[start])
            if symbol is not None:
                symbol(self, start, end)
                continue
            word = _WORDS.get(text[start:end])
            if word is not None:
                word(self, start, end)
            elif self.operand:
                self._adjacent(start, end)
            else:
                self.operand = True

    def _adjacent(self, start: int, end: int) -> None:
        """An operand right after another: strings that are one, or a new statement."""
        if self.text[end - 1] in "'\"":
            self.strings += 1
            if self.strings > STRINGS:
                raise _ExceededError(f"More than {STRINGS} strings follow each other", start)
        elif not self.stack:
            self._begin()
        self.operand = True

    def _open(self, start: int, _end: int) -> None:
        if self.operand and self.text[start] != "{":
            self.tight += 1
        self._enter(start, True)
        self.brackets += 1
        if self.brackets > BRACKETS:
            raise _ExceededError(f"Brackets are nested more than {BRACKETS} deep", start)
        if self.factor:
            self.step *= self.factor
            self.effort += self.step
            if self.effort > EFFORT:
                raise _ExceededError("Patterns are nested too deep", start)

    def _enter(self, start: int, bracket: bool) -> None:
        self.stack.append((bracket, self.outer, self.tight, self.loose, self.chain))
        self.outer += 1 + self.tight + self.loose + min(self.chain, _LEVELS)
        self.tight = self.loose = self.chain = self.strings = 0
        self.operand = False
        self._check(start)

    def _close(self, _start: int, _end: int) -> None:
        bracket = False
        while self.stack and not bracket:
            bracket, self.outer, self.tight, self.loose, self.chain = self.stack.pop()
        if bracket:
            self.brackets -= 1
            if self.factor:
                self.step //= self.factor
        self.strings = 0
        self.operand = True

    def _check(self, start: int) -> None:
        if self.outer + self.tight + self.loose > DEPTH:
            raise _ExceededError(f"Expressions are nested more than {DEPTH} deep", start)

    def _count(self, start: int) -> None:
        self.chain += 1
        self.strings = 0
        self.operand = False
        if self.chain > CHAIN:
            raise _ExceededError(f"More than {CHAIN} operators follow each other", start)

    def _comma(self, _start: int, _end: int) -> None:
        self.tight = self.loose = self.chain = self.strings = 0
        self.operand = False

    def _begin(self) -> None:
        """A new statement: what was counted is over."""
        self.tight = self.loose = self.chain = self.strings = self.factor = 0
        self.operand = False

    def _separate(self, start: int, end: int) -> None:
        if self.stack:
            self._comma(start, end)
        else:
            self._begin()

    def _colon(self, start: int, end: int) -> None:
        if self.stack and not self.stack[-1][0]:
            _, self.outer, self.tight, self.loose, self.chain = self.stack.pop()
            self.loose += 1
            self.operand = False
            self._check(start)
        elif end - start == 1:
            self._separate(start, end)
        else:
            self.operand = False

    def _operator(self, start: int, end: int) -> None:
        if self.operand and (end - start != 2 or self.text[start:end] != "**"):
            self._binary(start, end)
        else:
            self._prefix(start, end)

    def _binary(self, start: int, _end: int) -> None:
        self.tight = 0
        self._count(start)

    def _prefix(self, start: int, _end: int) -> None:
        self.tight += 1
        self.operand = False
        self._check(start)

    def _equals(self, start: int, end: int) -> None:
        if end - start == 1:
            self._comma(start, end)
        else:
            self._operator(start, end)

    def _not(self, start: int, end: int) -> None:
        if not self.operand:
            self._prefix(start, end)

    def _if(self, _start: int, _end: int) -> None:
        self.tight = 0
        self.operand = False
        if not self.stack:
            self.factor = 0  # a guard is no pattern

    def _else(self, start: int, _end: int) -> None:
        self.tight = 0
        self.loose += 1
        self.operand = False
        self._check(start)

    def _lambda(self, start: int, _end: int) -> None:
        self._enter(start, False)

    def _for(self, start: int, end: int) -> None:
        if self.stack:
            self.loose = 0
            self._binary(start, end)
        else:
            self._begin()

    def _as(self, _start: int, _end: int) -> None:
        self.tight = 0
        self.operand = False

    def _keyword(self, _start: int, _end: int) -> None:
        if not self.stack:
            self._begin()
        self.operand = False

    def _pattern(self, start: int, end: int) -> None:
        """`del`, or `case` where it begins a line."""
        line = self.text[max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1 : start]
        if self.stack or (line.strip() and end - start == 4):
            self.operand = True
            return
        self._begin()
        self.factor = _FACTORS[self.text[start:end]]
        self.step = 1


_Handler = Callable[[_Meter, int, int], None]

_SYMBOLS: dict[str, _Handler] = {
    **dict.fromkeys("([{", _Meter._open),
    **dict.fromkeys(")]}", _Meter._close),
    **dict.fromkeys("@*/%|&^<>!-+~", _Meter._operator),
    "=": _Meter._equals,
    ".": _Meter._prefix,
    ",": _Meter._comma,
    ";": _Meter._separate,
    ":": _Meter._colon,
}
_WORDS: dict[str, _Handler] = {
    **dict.fromkeys(_KEYWORDS.split(), _Meter._keyword),
    **dict.fromkeys(("and", "or", "in", "is"), _Meter._binary),
    **dict.fromkeys(_FACTORS, _Meter._pattern),
    "not": _Meter._not,
    "await": _Meter._prefix,
    "if": _Meter._if,
    "else": _Meter._else,
    "lambda": _Meter._lambda,
    "for": _Meter._for,
    "as": _Meter._as,
}
