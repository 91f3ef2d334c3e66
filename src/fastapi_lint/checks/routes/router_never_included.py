"""RTE006: a router has routes, and no app includes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.routing.unserved import unserved_routers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Router


def check(project: Project) -> Iterator[Finding]:
    """One finding for each router that certainly no app serves."""
    for router in unserved_routers(project):
        if not project.roles.is_outside(router.module):
            yield _finding(project, router)


def _finding(project: Project, router: Router) -> Finding:
    count = len(router.own)
    routes = "its route is" if count == 1 else f"its {count} routes are"
    name, module = router.name or "router", router.module.name.rpartition(".")[2]
    if router.included:
        message = f"`{name}` is included only where no app reaches it, so {routes} never served"
        help_ = "Include the outer router in an app"
    else:
        message = f"`{name}` is never included in an app, so {routes} never served"
        shown = f"{module}.{name}" if name == "router" else name
        help_ = f"Include it with `app.include_router({shown})`, or remove it"
    return Finding(
        span=project.span(router.module, router.at),
        message=message,
        help=help_,
        related=tuple(
            Related(project.span(site.module, site.at), f"`{name}` is included here")
            for site in router.included
        ),
    )
