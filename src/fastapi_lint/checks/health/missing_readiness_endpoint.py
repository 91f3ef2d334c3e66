"""HLT002: an app that needs a database, Redis or a broker has no readiness endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.calls.effects import STORES
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


def check(project: Project) -> Iterator[Finding]:
    """One finding for each app that can't tell whether what it needs is there."""
    for app in project.health.judged():
        if not project.health.is_closed(app) or _tells_readiness(project, app):
            continue
        used = project.health.stores_used(app)
        if used is not None:
            yield _finding(project, app, used[0], used[1].kind)


def _tells_readiness(project: Project, app: App) -> bool:
    """Whether a route is there for it, a readiness probe asks another, or a health check touches a store."""
    if project.health.readiness(app):
        return True
    if any(probe.kind == "readiness" for probe in project.health.probes(app)):
        return True
    for route in project.health.checks(app):
        endpoint = project.endpoints.of(route.endpoint)
        if endpoint is None or project.health.reach(endpoint, STORES) is not None:
            return True
    return False


def _finding(project: Project, app: App, endpoint: Endpoint, kind: str) -> Finding:
    words = {"database": "a database", "redis": "Redis", "broker": "a message broker"}[kind]
    function = endpoint.function
    return Finding(
        span=project.span(app.module, app.at),
        message=f"The app `{app.target}` needs {words}, and no endpoint tells whether it is there",
        help=f"Add a route such as `GET /health/ready` that asks {words}, and answers 503 if that fails",
        related=(
            Related(
                project.span(function.module, function.node.name_at),
                f"`{name_of(function)}` uses {words}",
                symbol=function.qualname,
            ),
        ),
    )
