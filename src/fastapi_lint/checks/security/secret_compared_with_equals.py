"""SEC004: a secret is compared with a value of the request in a time that tells how much was right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.constant_time import compare_in_constant_time
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.security.secret_comparisons import SecretComparisons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.secret_comparisons import SecretComparison


def check(project: Project) -> Iterator[Finding]:
    """One finding for each comparison of a secret with what the client sent."""
    comparisons = SecretComparisons(project)
    for found in comparisons.all():
        name = name_of(found.function)
        yield Finding(
            span=project.span(found.scope.module, found.compare.at),
            message=f"`{name}` compares what the client sent with {found.name} by `{found.operator}`",
            help="Compare with `secrets.compare_digest`, which takes the same time wherever they differ",
            fix=_fix(project, found) if comparisons.are_texts(found) else None,
            symbol=found.function.qualname,
        )


def _fix(project: Project, found: SecretComparison) -> Fix | None:
    edits = compare_in_constant_time(project, found.scope.module, found.compare)
    return Fix("safe", "Compare with `secrets.compare_digest`", edits) if edits is not None else None
