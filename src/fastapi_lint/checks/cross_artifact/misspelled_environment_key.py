"""XAR014 misspelled-environment-key: a variable that nothing reads is nearly that of a settings field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.misspelled import MisspelledVariables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that sets a misspelled variable."""
    for found in MisspelledVariables(project).all():
        edit = edits.replaced(project.artifacts, found.span, found.name, found.meant)
        yield Finding(
            span=found.span,
            message=f"Nothing reads `{found.name}`, and `{found.field}`, which reads `{found.meant}`, "
            "stays at its default or is missing",
            help=f"Did you mean `{found.meant}`?",
            fix=Fix("unsafe", f"Rename the key to `{found.meant}`", (edit,)) if edit else None,
        )
