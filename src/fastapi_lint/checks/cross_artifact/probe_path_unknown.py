"""XAR002 probe-path-unknown: a health check asks for a path that the app doesn't have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.deployment import answers, edits
from fastapi_lint.project.deployment.inner_proxies import has_proxy
from fastapi_lint.project.deployment.wording import of_launch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import Probe
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_NAMES = {
    "healthcheck": "health check",
    "liveness": "liveness probe",
    "readiness": "readiness probe",
    "startup": "startup probe",
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each path that a check asks for and no route answers."""
    seen: set[Span] = set()
    for probe in project.deployment.probes:
        app = project.deployment.served_by(probe.owner)
        if app is not None and probe.span not in seen and _is_unanswered(project, probe, app):
            seen.add(probe.span)
            yield _finding(project, probe, app)


def _is_unanswered(project: Project, probe: Probe, app: App) -> bool:
    starts = project.deployment.starts_of(probe.owner)
    if probe.path is None or probe.method not in ("GET", "HEAD") or not app.complete:
        return False
    if any(start.target is None or start.target.kind == "wrapped" for start in starts):
        return False
    if all(start.port.value is not None and probe.port not in (None, start.port.value) for start in starts):
        return False  # it asks another server
    if answers.is_answered(app, probe.path, starts) or has_proxy(project.deployment, probe.owner):
        return False
    return not answers.is_mentioned(project, app, probe.path)


def _finding(project: Project, probe: Probe, app: App) -> Finding:
    other = next(
        answers.routes_for(app, probe.path or "", frozenset(("POST", "PUT", "PATCH", "DELETE"))), None
    )
    route = answers.nearest(app, probe.path or "")
    name = project.deployment.name_of(app, probe.owner)
    what = f"The {_NAMES[probe.kind]} of {of_launch(probe.owner)}"
    problem = f"asks for `{probe.path}`, which `{name}` has no route for"
    if other is not None:
        problem = f"asks for `{probe.path}`, which `{name}` answers only to `{' '.join(other.methods)}`"
    return Finding(
        span=probe.span,
        message=f"{what} {problem}",
        help=f"Ask for `{route.path}`"
        if route
        else f"Ask for a path that the app has, or add `{probe.path}` to it",
        related=(Related(project.span(app.module, app.at), f"`{name}` is made here", "app"),),
        fix=_fix(project, probe, route.path) if route else None,
    )


def _fix(project: Project, probe: Probe, path: str) -> Fix | None:
    edit = edits.replaced(project.artifacts, probe.span, probe.path or "", path)
    return Fix("unsafe", f"Ask for `{path}`", (edit,)) if edit else None
