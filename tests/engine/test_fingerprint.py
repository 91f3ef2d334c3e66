"""A fingerprint stays when lines move, and differs when the finding does."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from fastapi_lint.engine.fingerprint import fingerprints, normalised, snippet
from fastapi_lint.findings import Finding, Span

Fixture = Any
CODE = 'def read():\n    return fetch("a", 1)\n'


def finding(line: int, code: str = "RTE001", path: str = "a.py", symbol: str = "read") -> Finding:
    return Finding(Span(path, line, 12, line, 25), "wrong", symbol=symbol, code=code)


def mark(project: Fixture, text: str, found: Finding) -> str:
    return fingerprints([found], project({found.span.path: text}))[0]


def test_it_is_32_hexadecimal_digits_and_known(project: Fixture) -> None:
    content = 'RTE001\0a.py\0read\0fetch("a",1)\x001'
    assert mark(project, CODE, finding(2)) == hashlib.sha256(content.encode()).hexdigest()[:32]
    assert mark(project, CODE, finding(2)) == "cc8d974ce01d862ebf33ff5dfd888744"


def test_it_stays_when_the_code_moves(project: Fixture) -> None:
    assert mark(project, CODE, finding(2)) == mark(project, "import os\n\n" + CODE, finding(4))


def test_it_stays_when_the_message_changes(project: Fixture) -> None:
    other = Finding(Span("a.py", 2, 12, 2, 25), "worse", symbol="read", code="RTE001")
    assert mark(project, CODE, finding(2)) == mark(project, CODE, other)


def test_it_stays_when_the_code_is_formatted(project: Fixture) -> None:
    spread = "def read():\n    return fetch(\n        'a',\n        1,\n    )\n"
    found = Finding(Span("a.py", 2, 12, 5, 6), "wrong", symbol="read", code="RTE001")
    assert mark(project, CODE, finding(2)) == mark(project, spread, found)


@pytest.mark.parametrize(
    "other",
    [finding(2, code="RTE006"), finding(2, path="b.py"), finding(2, symbol="write")],
)
def test_it_differs_by_rule_path_and_symbol(project: Fixture, other: Finding) -> None:
    assert mark(project, CODE, finding(2)) != mark(project, CODE, other)


def test_it_differs_by_the_text(project: Fixture) -> None:
    assert mark(project, CODE, finding(2)) != mark(project, CODE.replace("1", "2"), finding(2))


def test_equal_ones_are_counted(project: Fixture) -> None:
    text = 'def read():\n    return fetch("a", 1)\n    return fetch("a", 1)\n'
    first, second = fingerprints([finding(2), finding(3)], project({"a.py": text}))
    assert first != second
    assert first == mark(project, CODE, finding(2))


def test_the_symbol_is_asked_of_the_project_if_the_check_gives_none(project: Fixture) -> None:
    files = project({"a.py": CODE}, symbols={("a.py", 2): "read"})
    assert fingerprints([finding(2, symbol="")], files) == fingerprints([finding(2)], files)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span("a", 1, 2, 1, 4), "bc"),
        (Span("a", 1, 3, 2, 3), "cd\nef"),
        (Span("a", 9, 1, 9, 5), ""),
        (Span("a", 2, 3, 9, 5), "gh\n"),
        (Span("a", 1, 1, 1, 1), ""),
    ],
)
def test_snippet(span: Span, expected: str) -> None:
    assert snippet(span, "abcd\nefgh\n") == expected


def test_a_name_with_bytes_that_are_no_text_has_a_fingerprint(project: Fixture) -> None:
    assert len(mark(project, CODE, finding(2, path="a\udc80.py"))) == 32


def test_normalised_text_is_bounded() -> None:
    assert len(normalised("x" * 100_000)) == 2000
