"""Plain values that a check yields and a report prints. This package imports nothing of ours."""

from fastapi_lint.findings.finding import Edit, Finding, Fix, Hop, Related, Safety
from fastapi_lint.findings.severity import Severity
from fastapi_lint.findings.span import Span

__all__ = ["Edit", "Finding", "Fix", "Hop", "Related", "Safety", "Severity", "Span"]
