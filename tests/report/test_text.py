"""The text and the concise report."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.engine.result import Summary
from fastapi_lint.findings import Finding, Fix, Hop, Related, Severity, Span
from fastapi_lint.report.terminal import Style
from fastapi_lint.report.text import concise_report, text_report, understood

Fixture = Any
TEXTS = {
    "app/api.py": "from app.repo import Repo\n\n\ndef read():\n    return Repo().all()\n",
    "app/repo.py": "class Repo:\n    pass\n",
}
RULE = {"code": "ARC001", "name": "router-imports-repository", "severity": Severity.WARNING}
FINDING = Finding(
    Span("app/api.py", 1, 1, 1, 26),
    "`app/api.py` imports `Repo`",
    help="Call the service",
    related=(
        Related(Span("app/api.py", 5, 12, 5, 16), "used here"),
        Related(Span("app/repo.py", 1, 7, 1, 11), "the repository"),
    ),
    chain=(
        Hop(Span("app/api.py", 1, 1, 1, 26), "imports", "Repo", "imports `Repo`"),
        Hop(Span("app/repo.py", 1, 7, 1, 11), "defines", "Repo", "which is a repository"),
    ),
    fix=Fix("unsafe", "Import the service", ()),
    **RULE,  # type: ignore[arg-type]
)


def source(path: str) -> str:
    return TEXTS.get(path, "")


def text(result: Any, **more: bool) -> list[str]:
    return list(text_report(result, source, Style(), **more))


def test_a_finding_with_all_that_it_can_have(result: Fixture) -> None:
    assert text(result(FINDING)) == [
        "warning ARC001 router-imports-repository: `app/api.py` imports `Repo`",
        " --> app/api.py:1:1",
        "  |",
        "1 | from app.repo import Repo",
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^",
        "...",
        "5 |     return Repo().all()",
        "  |            ---- used here",
        "  |",
        " ::: app/repo.py:1:7",
        "  |",
        "1 | class Repo:",
        "  |       ---- the repository",
        "  |",
        "  = path:",
        "    1. app/api.py:1:1   imports `Repo`",
        "    2. app/repo.py:1:7  which is a repository",
        "  = help: Call the service",
        "  = fix: Import the service (unsafe)",
        "",
        "Found 1 warning.",
        "41 files, 1 app, 24 routes, 2 images",
    ]


def test_a_finding_in_a_file_without_text(result: Fixture) -> None:
    found = Finding(Span("gone.py", 1, 1, 1, 2), "not readable", code="FAL002", name="file-not-readable")
    assert text(result(found), quiet=True) == [
        "error FAL002 file-not-readable: not readable",
        " --> gone.py:1:1",
        "",
    ]


def test_names_and_messages_are_escaped(result: Fixture) -> None:
    span = Span("a\x1b[2J\n.py", 1, 1, 1, 2)
    found = Finding(span, "m\u202e\n", help="h\x07", related=(Related(span, "r\x07"),), **RULE)  # type: ignore[arg-type]
    report = "\n".join(text(result(found)))
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert "\x07" not in report
    assert "a\\x1b[2J\\n.py:1:1" in report
    assert list(concise_report(result(found), Style())) == ["a\\x1b[2J\\n.py:1:1: ARC001 m\\u202e\\n"]


def test_quiet_is_findings_only(result: Fixture) -> None:
    assert text(result(), quiet=True) == []
    assert text(result(FINDING), quiet=True)[-2:] == ["  = fix: Import the service (unsafe)", ""]


@pytest.mark.parametrize(
    ("severities", "ignored", "expected"),
    [
        ([], 0, "Found nothing to report."),
        ([], 2, "Found nothing to report (2 ignored by comments)."),
        ([Severity.ERROR], 0, "Found 1 error."),
        (
            [Severity.ERROR, Severity.ERROR, Severity.WARNING],
            1,
            "Found 2 errors and 1 warning (1 ignored by comments).",
        ),
        ([Severity.ERROR, Severity.WARNING, Severity.INFO], 0, "Found 1 error, 1 warning and 1 info."),
        ([Severity.INFO, Severity.INFO], 0, "Found 2 infos."),
    ],
)
def test_the_closing_lines(result: Fixture, severities: list[Severity], ignored: int, expected: str) -> None:
    findings = [Finding(Span("a", 1, 1, 1, 1), "m", severity=severity) for severity in severities]
    report = text(result(*findings, summary=Summary(2, 0, 1, 1, ignored)))
    assert report[-2:] == [expected, "2 files, 0 apps, 1 route, 1 image"]


def test_without_any_file_nothing_is_called_clean(result: Fixture) -> None:
    assert text(result(summary=Summary(0, 0, 0, 0, 0))) == ["Nothing was checked."]


def test_understood() -> None:
    assert understood(Summary(1, 1, 1, 1, 0)) == "1 file, 1 app, 1 route, 1 image"


def test_concise(result: Fixture) -> None:
    assert list(concise_report(result(FINDING), Style())) == [
        "app/api.py:1:1: ARC001 `app/api.py` imports `Repo`"
    ]


def test_colours_change_nothing_but_colours(result: Fixture) -> None:
    import re

    coloured = "\n".join(text_report(result(FINDING), source, Style(colour=True)))
    assert "\x1b[1;33mwarning ARC001\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == "\n".join(text(result(FINDING)))
