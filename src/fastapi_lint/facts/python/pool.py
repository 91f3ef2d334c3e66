"""The facts of many files."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts, SyntaxProblem


def extract_all(sources: Sequence[bytes], jobs: int | None = None) -> list[PythonFacts | SyntaxProblem]:
    """The facts of each source, in order."""
    return [extract(source) for source in sources]
