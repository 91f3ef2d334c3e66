"""Routes that a library answers itself, put on the project's routers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.router_attributes import level_of
from fastapi_lint.project.routing.routers import MountValue, RouterValue, RouteValue
from fastapi_lint.project.routing.table import Level, Site

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.routing.third_party import LibraryRoute
    from fastapi_lint.project.routing.values import Value


def add_library(
    run: Interpreter,
    router: RouterValue,
    routes: tuple[LibraryRoute, ...],
    place: Value,
    library: str,
    site: Site | None,
    prefix: Value,
) -> None:
    """Register routes that a library answers itself, below `prefix` and `place`."""
    base = operators.binary(run, "+", prefix, place)
    for one in routes:
        path = operators.binary(run, "+", base, one.path)
        if one.kind == "mount":
            path = operators.retext(path.rstrip("/"), path) if isinstance(path, str) else path
            run.register(router, MountValue(path, None, site, None, run.conditions, library=library))
            continue
        levels = (level_of(run, router), Level("route", site))
        entry = RouteValue(
            one.kind, False, path, one.methods, None, site, None, levels, {}, run.conditions, library=library
        )
        run.register(router, entry)
