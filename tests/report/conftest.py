"""Results that are made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.engine.result import Reported, Result, Skipped, Summary
from fastapi_lint.findings import Finding, Severity

SUMMARY = Summary(files=41, apps=1, routes=24, images=2, ignored=0, skipped=(Skipped("logo.py", "binary"),))


@pytest.fixture
def result() -> Callable[..., Result]:
    """`result(finding, ...)`: a result with these findings."""

    def build(*findings: Finding, summary: Summary = SUMMARY) -> Result:
        reported = [
            Reported(
                finding, finding.severity or Severity.ERROR, f"{number:032x}", "https://example.com/x.md"
            )
            for number, finding in enumerate(findings)
        ]
        return Result(tuple(reported), summary)

    return build
