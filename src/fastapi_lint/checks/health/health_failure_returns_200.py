"""HLT005: a health check fails, and its endpoint answers 200."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.health import names as health
from fastapi_lint.project.health.failures import HealthFailures, HiddenFailure
from fastapi_lint.project.names.wording import route_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

NO_PROBES = ("status", "info")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `except` clause of a health endpoint that hides the failure."""
    failures = HealthFailures(project)
    seen: set[int] = set()
    for app in project.apps:
        for route in _judged(project, app):
            function = route.endpoint
            if function is None or id(function) in seen or project.roles.is_outside(function.module):
                continue
            seen.add(id(function))
            for hidden in failures.hidden_in(function):
                yield _finding(project, route, function, hidden)


def _judged(project: Project, app: App) -> Iterator[Route]:
    """The health routes of an app, by name or because a probe asks for them."""
    asked = project.health.asked_for(app)
    for route in app.routes:
        by_name = health.is_health(route) and health.segments(route.path)[-1] not in NO_PROBES
        if route in asked or (by_name and project.health.is_of_the_app(app, route)):
            yield route


def _finding(project: Project, route: Route, function: FunctionSymbol, hidden: HiddenFailure) -> Finding:
    where = "here" if hidden.returns else "after this clause"
    return Finding(
        span=project.span(function.module, hidden.at),
        message=f"{route_words(route)} answers 200 {where} although its check failed",
        help="Raise `HTTPException(503)`, or return a response with that status",
        symbol=function.qualname,
    )
