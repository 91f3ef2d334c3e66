"""ARC010: routes are registered on the application itself, beside its routers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.health import names as health
from fastapi_lint.project.names.wording import route_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

HARMLESS = frozenset(
    "docs favicon favicon.ico info metrics openapi.json ping redoc robots.txt version".split()
)
"""Last segments of paths that belong to the application and to no feature."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each application, on the first of its own routes."""
    for app in project.apps:
        if project.roles.is_outside(app.module) or not _has_routers(app):
            continue
        own = [route for route in app.routes if _is_own(app, route)]
        if len(own) > project.options.max_app_routes:
            yield _finding(project, app, own)


def _has_routers(app: App) -> bool:
    """Whether another module of the application defines a router."""
    return any(router.module is not app.module for router in app.routers)


def _is_own(app: App, route: Route) -> bool:
    """Whether the application's module registers a route on it that some router might have."""
    if route.endpoint is None or route.registered is None or route.registered.module is not app.module:
        return False
    if route.mounted or any(level.kind in ("include", "router") for level in route.levels):
        return False
    parts = health.segments(route.path)
    return bool(parts) and parts[-1] not in HARMLESS and not health.is_health(route)


def _finding(project: Project, app: App, own: list[Route]) -> Finding:
    first, *others = own
    assert first.registered is not None
    return Finding(
        span=project.span(app.module, first.registered.at),
        message=f"{len(own)} routes, {route_words(first)} first, are registered on the application itself,"
        " where nothing that routers set applies",
        help="Move them to an `APIRouter`, and include it",
        related=tuple(
            Related(project.span(app.module, route.registered.at), f"{route_words(route)} is another one")
            for route in others
            if route.registered is not None
        ),
        symbol=first.endpoint.qualname if first.endpoint is not None else "",
    )
