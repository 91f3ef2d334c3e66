"""LOG002: nobody writes down which requests a deployed app answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.logs.request_logging import RequestLogging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


def check(project: Project) -> Iterator[Finding]:
    """One finding for each deployed app without request logging and, unless required, without access log."""
    requests = RequestLogging(project)
    required = project.options.request_logging == "required"
    for app in project.deployment.started_apps:
        start = requests.started(app) if required else requests.silenced(app)
        if start is not None and not requests.may_be_logged(app):
            yield _finding(project, app, start, required=required)


def _finding(project: Project, app: App, start: StartCommand, *, required: bool) -> Finding:
    reason = (
        "no middleware logs requests" if required else "no middleware logs requests, and its server doesn't"
    )
    name = project.deployment.name_of(app, start.launch)
    return Finding(
        span=project.span(app.module, app.at),
        message=f"Requests to the app `{name}` leave no trace: {reason}",
        help="Add a middleware that logs method, path, status and duration, or turn the access log on",
        related=(Related(start.span, "the server is started here"),),
    )
