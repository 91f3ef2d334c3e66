"""HLT006 health-endpoint-behind-auth: a health check asks without credentials for a route that needs some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Hop, Related
from fastapi_lint.project.deployment.answers import routes_for
from fastapi_lint.project.deployment.inner_proxies import has_proxy
from fastapi_lint.project.deployment.wording import of_launch
from fastapi_lint.project.security.anonymous import AnonymousRequests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.dependencies.graph import DependencyPath
    from fastapi_lint.project.deployment.model import Probe
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_NAMES = {
    "healthcheck": "health check",
    "liveness": "liveness probe",
    "readiness": "readiness probe",
    "startup": "startup probe",
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each health check that gets 401 or 403."""
    anonymous = AnonymousRequests(project)
    seen: set[Span] = set()
    for probe in project.deployment.probes:
        if probe.path is None or probe.span in seen or not _is_anonymous(project, probe):
            continue
        app = project.deployment.served_by(probe.owner)
        route = next(routes_for(app, probe.path, frozenset((probe.method,))), None) if app else None
        if route is None or route.conditional:
            continue
        refused = anonymous.refused_by(route)
        if refused is not None:
            seen.add(probe.span)
            yield _finding(project, probe, route, refused)


def _is_anonymous(project: Project, probe: Probe) -> bool:
    """Whether a check asks the app itself, sends no credentials, and fails if it is refused."""
    if probe.sends_credentials or not probe.needs_success or "?" in probe.written:
        return False
    if has_proxy(project.deployment, probe.owner) or probe.owner.environment == "test":
        return False
    starts = project.deployment.starts_of(probe.owner)
    return all(start.port.value is None or probe.port in (None, start.port.value) for start in starts)


def _finding(project: Project, probe: Probe, route: Route, refused: DependencyPath) -> Finding:
    last = refused.last
    levels = {"app": "the app", "include": "`include_router`", "router": "its router"}
    where = levels.get(refused.steps[0].level, "the route itself")
    spans = [project.span(step.module, step.at) for step in refused.steps]
    hops = tuple(Hop(span, "depends on", "", "depends on this") for span in spans)
    return Finding(
        span=probe.span,
        message=f"The {_NAMES[probe.kind]} of {of_launch(probe.owner)} asks for `{route.path}` without "
        f"credentials, and {where} refuses requests without any",
        help="Put the health route outside of what needs a login, or ask with the credential",
        related=(Related(project.span(last.module, last.at), "This dependency refuses them", "dependency"),),
        chain=hops if len(hops) > 1 else (),
    )
