"""RTE007: a handler runs without the dependencies that refuse requests to all other routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.names.wording import name_of, route_words
from fastapi_lint.project.security.bypassing_routes import BypassingRoutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.bypassing_routes import BypassingRoute


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration."""
    seen: set[tuple[str, int]] = set()
    for found in BypassingRoutes(project).all():
        site = found.route.registered
        assert site is not None
        if (site.module.path, site.at) not in seen and not project.roles.is_outside(site.module):
            seen.add((site.module.path, site.at))
            yield _finding(project, found)


def _finding(project: Project, found: BypassingRoute) -> Finding:
    site, refusing = found.route.registered, found.refusing
    assert site is not None
    place = project.span(refusing.module, refusing.at)
    return Finding(
        span=project.span(site.module, site.at),
        message=f"{_what(found)} runs without `{_name(refusing)}`, which other routes have",
        help=_help(found),
        related=(Related(place, "Routes of FastAPI have this dependency"),),
        symbol=found.route.endpoint.qualname if found.route.endpoint is not None else "",
    )


def _what(found: BypassingRoute) -> str:
    if found.mounted is not None:
        return f"`{found.mounted.name}`, mounted at `{found.route.path}`,"
    return f"The raw route {route_words(found.route)}"


def _help(found: BypassingRoute) -> str:
    if found.mounted is not None:
        return f"Give `{found.mounted.name}` the dependency as well"
    return "Register it with a method of FastAPI, such as `get`, or check in the handler who calls"


def _name(dependency: Dependency) -> str:
    expr = dependency.expression
    written = dotted_name(getattr(expr, "func", expr))
    return written or name_of(getattr(dependency.target, "function", None)) or "Depends"
