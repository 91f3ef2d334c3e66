"""HLT004: a liveness endpoint depends on something outside of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import call_hops, dependency_hops, route_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.effects import Reach
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

WORDS = {
    "database": "a database",
    "redis": "Redis",
    "broker": "a message broker",
    "HTTP": "another service over HTTP",
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each liveness endpoint that reaches a resource."""
    seen: set[int] = set()
    for app in project.apps:
        for route in project.health.liveness(app):
            endpoint = project.endpoints.of(route.endpoint)
            if endpoint is None or id(endpoint) in seen or project.roles.is_outside(endpoint.function.module):
                continue
            seen.add(id(endpoint))
            found = project.health.reach(endpoint)
            if found is not None:
                yield _finding(project, route, endpoint, found)


def _finding(project: Project, route: Route, endpoint: Endpoint, found: Reach) -> Finding:
    if found.dependencies:
        first = found.dependencies[0]
        span = project.span(first.module, first.at)
    else:
        span = project.span(found.calls[0].module, found.calls[0].call.at)
    hops = (*dependency_hops(project, found.dependencies), *call_hops(project, found.calls))
    return Finding(
        span=span,
        message=f"{route_words(route)} tells whether the process lives, and depends on {WORDS[found.kind]}",
        help="Answer without touching anything else, and ask it in a readiness endpoint instead",
        chain=hops if len(hops) > 1 else (),
        symbol=endpoint.function.qualname,
    )
