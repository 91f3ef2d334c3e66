"""RTE002: a mount takes the requests of routes that are registered after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import route_words
from fastapi_lint.project.routing.covering import covered
from fastapi_lint.project.routing.moving_mounts import move_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.covering import Covered
    from fastapi_lint.project.routing.table import Route, Site

SHOWN = 5
"""How many of the routes a finding names."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each mount."""
    seen: set[tuple[str, int]] = set()
    for app in project.routing.apps:
        for found in covered(app.routes):
            site = found.mount.registered
            assert site is not None
            if _is_dropped(project, found.mount, site):
                continue
            if (site.module.path, site.at) not in seen and not project.roles.is_outside(site.module):
                seen.add((site.module.path, site.at))
                yield _finding(project, found)


def _is_dropped(project: Project, mount: Route, site: Site) -> bool:
    """Whether the mount stands on an included router, where FastAPI left it out before 0.137."""
    included = len(mount.via) > mount.mounted
    return included and not project.versions.for_file(site.module.path).all_at_least("fastapi", "0.137")


def _finding(project: Project, found: Covered) -> Finding:
    site = found.mount.registered
    assert site is not None
    path, count = found.mount.path or "/", len(found.later)
    rest = f" and {count - 1} more" if count > 1 else ""
    return Finding(
        span=project.span(site.module, site.at),
        message=f"The mount at `{path}` answers for {route_words(found.later[0])}{rest}, registered after it",
        help="Mount it last",
        related=tuple(
            Related(project.span(place.module, place.at), f"{route_words(route)} is never reached")
            for route in found.later[:SHOWN]
            if (place := route.registered) is not None
        ),
        fix=move_below(project, found),
    )
