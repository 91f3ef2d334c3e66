"""From the bytes of a Python file to its facts. Never raises, whatever the bytes."""

from __future__ import annotations

import libcst as cst

from fastapi_lint.facts.python.alignment import MisalignedError
from fastapi_lint.facts.python.bounds import check_bounds, too_deep
from fastapi_lint.facts.python.comments import comments, line_starts
from fastapi_lint.facts.python.decoding import decode
from fastapi_lint.facts.python.lowering import Lowered, lower
from fastapi_lint.facts.python.parser import parse_module, parse_whole
from fastapi_lint.facts.python.problems import syntax_problem
from fastapi_lint.facts.python.realignment import emitted_tokens
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.tokens import Span, TooDeepError, scan
from fastapi_lint.facts.python.wire import deep_recursion, encode


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
        with deep_recursion():
            return _extract(text)
    except TooDeepError as error:
        return too_deep("Templates are nested too deep", text, error.offset)
    except RecursionError:
        return SyntaxProblem("The file is nested too deep", 1, 1, "too-deep")
    except MemoryError:
        return SyntaxProblem("The file needs too much memory", 1, 1, "unreadable")


def extract_encoded(source: bytes) -> bytes:
    """What `extract` returns, for `wire.decode` to read."""
    with deep_recursion():
        return encode(extract(source))


def _extract(text: str) -> PythonFacts | SyntaxProblem:
    tokens = scan(text)
    problem = check_bounds(text, tokens.spans, tokens.pieces)
    if problem is not None:
        return problem
    try:
        module = parse_module(text)
    except cst.ParserSyntaxError as error:
        return syntax_problem(text, tokens, error.message)
    except (KeyboardInterrupt, RecursionError, MemoryError):
        raise
    except BaseException:  # a panic of the parser is no `Exception`
        return SyntaxProblem("The parser fails on this file", 1, 1, "unreadable")
    lines = line_starts(text)
    try:
        lowered, spans = _lower(module, text, tokens.spans)
    except MisalignedError:
        return SyntaxProblem("The places of its names can't be told", 1, 1, "unreadable")
    body, names, has_walrus = lowered
    return PythonFacts(body, lines, comments(text, spans, lines), names=names, has_walrus=has_walrus)


def _lower(module: cst.Module, text: str, spans: list[Span]) -> tuple[Lowered, list[Span]]:
    """What is kept of the file, and the tokens that agree with LibCST's tree."""
    try:
        return lower(module, text, spans), spans
    except MisalignedError:
        module = parse_whole(text)
        spans = emitted_tokens(module, text)
        return lower(module, text, spans), spans
