"""ERR003: an app answers invalid requests in FastAPI's own format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.errors.validation_handling import ValidationHandling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


def check(project: Project) -> Iterator[Finding]:
    """One finding for each app, at the call that creates it."""
    handling = ValidationHandling(project)
    seen: set[tuple[str, int]] = set()
    for app in project.routing.apps:
        place = (app.path, app.at)
        if project.roles.is_outside(app.module) or place in seen or not handling.validates_input(app):
            continue
        if project.options.error_envelope == "auto" and not handling.has_own_format(app):
            continue
        if not handling.may_be_handled(app):
            seen.add(place)
            yield _finding(project, app)


def _finding(project: Project, app: App) -> Finding:
    return Finding(
        span=project.span(app.module, app.at),
        message=f"`{app.name}` has no exception handler for `RequestValidationError`",
        help="Register one that answers 422 in the format of your other errors, without the input",
    )
