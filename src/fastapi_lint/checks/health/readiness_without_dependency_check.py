"""HLT003: a readiness endpoint answers with a constant, although the app needs something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.health import names as health
from fastapi_lint.project.names.wording import name_of, route_words
from fastapi_lint.project.types.constant_results import ConstantResults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

NAMES = ("ready", "readyz", "readiness")
WORDS = {"database": "its database", "redis": "Redis", "broker": "its message broker"}
CHECKS = {"database": "with `SELECT 1`", "redis": "with `PING`", "broker": "over its connection"}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each readiness endpoint that asks nothing."""
    seen: set[int] = set()
    for app in project.apps:
        for route in project.health.readiness(app):
            endpoint = project.endpoints.of(route.endpoint)
            if endpoint is None or id(endpoint) in seen or not _asks_nothing(project, route, endpoint):
                continue
            used = project.health.stores_used(app)
            if used is not None:
                seen.add(id(endpoint))
                yield _finding(project, app, route, endpoint, used[0], used[1].kind)


def _asks_nothing(project: Project, route: Route, endpoint: Endpoint) -> bool:
    """Whether the endpoint has no dependency and only returns a constant."""
    if health.segments(route.path)[-1] not in NAMES or _is_wrapped(endpoint):
        return False
    if project.roles.is_outside(endpoint.function.module) or project.endpoints.given_to(endpoint):
        return False
    return ConstantResults(project.types).returns_constant(endpoint.function)


def _is_wrapped(endpoint: Endpoint) -> bool:
    """Whether a decorator that registers no route stands above the endpoint: it may do the check."""
    registered = {route.registered.at for route in endpoint.routes if route.registered is not None}
    return any(decorator.at not in registered for decorator in endpoint.function.node.decorators)


def _finding(
    project: Project, app: App, route: Route, endpoint: Endpoint, user: Endpoint, kind: str
) -> Finding:
    function, words = endpoint.function, WORDS[kind]
    return Finding(
        span=project.span(function.module, function.node.name_at),
        message=f"{route_words(route)} says that `{app.name}` is ready without asking {words}",
        help=f"Ask {words} here, for example {CHECKS[kind]}, and answer 503 if that fails",
        related=(
            Related(
                project.span(user.function.module, user.function.node.name_at),
                f"`{name_of(user.function)}` needs {words}",
                symbol=user.function.qualname,
            ),
        ),
        symbol=function.qualname,
    )
