"""ARC003: an endpoint talks to the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import call_hops, callee_name, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

    Path = tuple[CallSite, ...]


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint, on its first query."""
    for endpoint in project.endpoints.all:
        if not _is_judged(project, endpoint):
            continue
        made = project.queries.made_by(endpoint.function)
        queries = [path for path in made if not _is_probe(project, endpoint, path)]
        if queries:
            yield _finding(project, endpoint, queries)


def _is_judged(project: Project, endpoint: Endpoint) -> bool:
    """Whether there is a layer that queries belong to, and that the application's endpoints mostly use."""
    module = endpoint.function.module
    if project.roles.is_outside(module):
        return False
    if project.options.asks_for_layers or project.layers.exists("service", module):
        return project.layers.exists("service", module) or project.layers.exists("repository", module)
    return project.layers.exists("repository", module) and not project.conventions.endpoints_query_directly(
        module
    )


def _is_probe(project: Project, endpoint: Endpoint, path: Path) -> bool:
    """`SELECT 1` of a health check."""
    return project.endpoints.is_health_check(endpoint.function) and project.queries.is_constant_probe(
        path[-1]
    )


def _finding(project: Project, endpoint: Endpoint, queries: list[Path]) -> Finding:
    first, *others = queries
    name, call = name_of(endpoint.function), callee_name(first[-1])
    only_ends = all(project.queries.ends_transaction(path[-1]) for path in queries)
    does = "ends the transaction" if only_ends else "queries the database"
    return Finding(
        span=project.span(first[0].module, first[0].call.at),
        message=f"The endpoint `{name}` {does} itself with `{call}`",
        help=f"Leave that to the service that `{name}` calls, or to the dependency that gives the session"
        if only_ends
        else f"Move the query into a repository, and let `{name}` call a service",
        related=tuple(
            Related(project.span(path[0].module, path[0].call.at), f"`{callee_name(path[-1])}` is here too")
            for path in others
        ),
        chain=call_hops(project, first) if len(first) > 1 else (),
        symbol=endpoint.function.qualname,
    )
