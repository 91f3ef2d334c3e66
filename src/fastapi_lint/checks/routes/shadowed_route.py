"""RTE001: a route is never reached, because an earlier one answers all its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import route_words
from fastapi_lint.project.routing.moving import move_above
from fastapi_lint.project.routing.shadowing import Shadowed, Shadowing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route, Site


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration that is hidden by earlier ones."""
    shadowing = Shadowing(project.resolver)
    seen: set[tuple[str, int, str]] = set()
    for app in project.routing.every_app:
        for hidden in shadowing.shadowed(app.routes):
            place = _place(hidden.route)
            if place is None or project.roles.is_outside(place.module):
                continue
            key = (place.module.path, place.at, hidden.route.path)
            if key not in seen:
                seen.add(key)
                yield _finding(project, hidden, place)


def _place(route: Route) -> Site | None:
    """The path in the registration, else the registration; None for a library's route."""
    if route.path_at is not None and route.registered is not None:
        return route.path_at if route.path_at.module is route.registered.module else route.registered
    return route.registered


def _finding(project: Project, hidden: Shadowed, place: Site) -> Finding:
    route, first = hidden.route, hidden.by[0]
    name, other = route_words(route), route_words(first)
    if hidden.is_duplicate:
        message = f"{name} is never reached: the same path and method are registered before"
        help_ = "Remove one of the two routes, or give one of them another path or method"
    else:
        message = f"{name} is never reached: {other} is registered before it and answers first"
        help_ = f"Register `{route.path}` before `{first.path}`"
    return Finding(
        span=project.span(place.module, place.at),
        message=message,
        help=help_,
        related=tuple(_related(project, earlier) for earlier in hidden.by if _place(earlier) is not None),
        fix=None if hidden.is_duplicate else move_above(project, route, first),
        symbol=route.name or "",
    )


def _related(project: Project, earlier: Route) -> Related:
    place = _place(earlier)
    assert place is not None
    where = f" by `{earlier.name}`" if earlier.name else ""
    words = f"{route_words(earlier)} is answered{where} here"
    return Related(project.span(place.module, place.at), words, symbol=earlier.name or "")
