"""From the bytes of a Python file to its facts. Never raises, whatever the bytes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from fastapi_lint.facts.python.alignment import MisalignedError
from fastapi_lint.facts.python.bounds import check_bounds, too_deep
from fastapi_lint.facts.python.comments import comments, line_starts
from fastapi_lint.facts.python.decoding import decode
from fastapi_lint.facts.python.lowering import lower
from fastapi_lint.facts.python.problems import syntax_problem
from fastapi_lint.facts.python.realignment import emitted_tokens
from fastapi_lint.facts.python.syntax import PythonFacts, Statement, SyntaxProblem
from fastapi_lint.facts.python.tokens import Span, TooDeepError, scan

# What the bounds let through needs some three frames a level, far more than Python's default allows.
_RECURSION = 10_000


def extract(source: bytes) -> PythonFacts | SyntaxProblem:
    """The facts of a file, or why it has none.

    A file with an unknown encoding or undecodable bytes is `unreadable`, one that LibCST refuses a `syntax`
    problem, one beyond the bounds (`bounds`) `too-deep`. Offsets are code points of the text as `decoding`
    gives it; lines and columns of a problem are 1-based.
    """
    text = decode(source)
    if isinstance(text, SyntaxProblem):
        return text
    try:
        with _recursion():
            return _extract(text)
    except TooDeepError as error:
        return too_deep("Templates are nested too deep", text, error.offset)
    except RecursionError:
        return SyntaxProblem("The file is nested too deep", 1, 1, "too-deep")
    except MemoryError:
        return SyntaxProblem("The file needs too much memory", 1, 1, "unreadable")


def _extract(text: str) -> PythonFacts | SyntaxProblem:
    tokens = scan(text)
    problem = check_bounds(text, tokens.spans, tokens.pieces)
    if problem is not None:
        return problem
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return syntax_problem(text, tokens, error.message)
    except (KeyboardInterrupt, RecursionError, MemoryError):
        raise
    except BaseException:  # a panic of the parser is no `Exception`
        return SyntaxProblem("The parser fails on this file", 1, 1, "unreadable")
    lines = line_starts(text)
    try:
        body, spans = _lower(module, text, tokens.spans)
    except MisalignedError:
        return SyntaxProblem("The places of its names can't be told", 1, 1, "unreadable")
    return PythonFacts(body, lines, comments(text, spans, lines))


def _lower(module: cst.Module, text: str, spans: list[Span]) -> tuple[tuple[Statement, ...], list[Span]]:
    """The statements, and the tokens that agree with LibCST's tree."""
    try:
        return lower(module, text, spans), spans
    except MisalignedError:
        spans = emitted_tokens(module, text)
        return lower(module, text, spans), spans


@contextmanager
def _recursion() -> Iterator[None]:
    """Let Python recurse as deep as the bounds let a file nest."""
    before = sys.getrecursionlimit()
    if before >= _RECURSION:
        yield
        return
    sys.setrecursionlimit(_RECURSION)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
