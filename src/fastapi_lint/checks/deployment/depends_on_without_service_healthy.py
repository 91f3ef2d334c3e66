"""DPL013 depends-on-without-service-healthy: the app doesn't wait for a database that says when it is
ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.deployment import backing
from fastapi_lint.project.deployment.dependency_edits import to_healthy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.backing import Need
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each dependency that only waits until the other container runs."""
    deployment = project.deployment
    seen: set[Span] = set()
    for need in backing.needs(deployment):
        place = need.dependency.condition_place or need.dependency.place
        span = place.span(need.layer.path)
        if need.dependency.condition != "service_started" or span in seen:
            continue
        if (
            not backing.kind_of(deployment, need.service)
            or backing.has_check(deployment, need.service) is not True
        ):
            continue
        if not backing.waits(deployment, need.user):
            seen.add(span)
            yield _finding(project, need, span)


def _finding(project: Project, need: Need, span: Span) -> Finding:
    name = need.dependency.service
    check_of = need.service.healthcheck
    related: tuple[Related, ...] = ()
    if check_of is not None:
        layer, health = check_of
        related = (
            Related(health.key.span(layer.path), f"`{name}` says here when it is ready", "healthcheck"),
        )
    edits = to_healthy(project.artifacts, need)
    return Finding(
        span=span,
        message=f"`{need.user.name}` starts as soon as the container of `{name}` runs, "
        f"not when `{name}` is ready",
        help="Wait with `condition: service_healthy`",
        related=related,
        fix=Fix("safe", "Wait with `condition: service_healthy`", edits) if edits else None,
    )
