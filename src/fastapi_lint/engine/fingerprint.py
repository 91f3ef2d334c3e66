"""Fingerprints: who a finding is, however the lines move."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.engine.project_view import ProjectView
    from fastapi_lint.findings import Finding, Span

_LENGTH = 32
_MAX_SNIPPET = 2000
_SPACE = re.compile(r"\s+")
_LAST_COMMA = re.compile(r",(?=[)\]}])")


def fingerprints(findings: Iterable[Finding], project: ProjectView) -> list[str]:
    """One fingerprint for each finding, in the same order: 32 hexadecimal digits.

    Made from the rule, the path, the symbol around the finding and the text that it points at, without
    what a formatter changes; equal ones are numbered in their order. No line goes into it.
    """
    seen: Counter[str] = Counter()
    return [_numbered(_key(finding, project), seen) for finding in findings]


def _key(finding: Finding, project: ProjectView) -> str:
    span = finding.span
    symbol = finding.symbol or project.symbol_at(span.path, span.line, span.column)
    return "\0".join((finding.code, span.path, symbol, normalised(snippet(span, project.text(span.path)))))


def _numbered(key: str, seen: Counter[str]) -> str:
    seen[key] += 1
    content = f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:_LENGTH]


def snippet(span: Span, text: str) -> str:
    """The text that a span covers; empty if the text is shorter."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if span.end_line - span.line + 1 == len(lines):
        lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def normalised(text: str) -> str:
    """A snippet without white space, with one kind of quotes and without trailing commas."""
    bare = _SPACE.sub("", text[:_MAX_SNIPPET]).replace("'", '"')
    return _LAST_COMMA.sub("", bare)
