"""HLT001: a deployed app has no health endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each app whose routes are all known, none of them a health check."""
    for app in project.health.judged():
        if project.health.is_closed(app) and not project.health.has_health(app):
            yield Finding(
                span=project.span(app.module, app.at),
                message=f"The app `{app.target}` has no health endpoint that a platform could ask",
                help="Add a route such as `GET /health` that answers 200 without touching anything else",
            )
