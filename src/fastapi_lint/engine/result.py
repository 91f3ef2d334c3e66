"""What a run has found, ready for a report."""

import msgspec

from fastapi_lint.findings import Finding, Severity


class Reported(msgspec.Struct, frozen=True):
    """A finding as it is reported: complete, with its fingerprint and the address of its rule's page."""

    finding: Finding
    severity: Severity
    fingerprint: str
    url: str


class Skipped(msgspec.Struct, frozen=True, order=True):
    """A file or folder that was not read, and why."""

    path: str
    reason: str


class Summary(msgspec.Struct, frozen=True):
    """What was understood, so that silence can be believed. `ignored` counts findings that comments hide."""

    files: int
    apps: int
    routes: int
    images: int
    ignored: int
    skipped: tuple[Skipped, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """The findings in their order, and the summary. `failed` tells that a rule or a file made us fail."""

    findings: tuple[Reported, ...]
    summary: Summary
    failed: bool = False

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(1 for reported in self.findings if reported.severity is severity)
