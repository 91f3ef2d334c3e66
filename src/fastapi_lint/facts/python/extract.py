"""From the bytes of a Python file to its facts. Never raises, whatever the bytes."""

from __future__ import annotations

import libcst as cst

from fastapi_lint.facts.python.comments import comments, line_starts
from fastapi_lint.facts.python.decoding import decode
from fastapi_lint.facts.python.lowering import lower
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem
from fastapi_lint.facts.python.tokens import scan


def extract(source: bytes) -> PythonFacts | SyntaxProblem:
    """The facts of a file, or why it has none."""
    text = decode(source)
    if isinstance(text, SyntaxProblem):
        return text
    spans = scan(text)
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return SyntaxProblem(error.message, 1, 1, "syntax")
    lines = line_starts(text)
    return PythonFacts(lower(module, text, spans), lines, comments(text, spans, lines))
