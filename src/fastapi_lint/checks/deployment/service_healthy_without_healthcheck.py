"""DPL014 service-healthy-without-healthcheck: a service waits for a health that nobody checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment import backing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each condition that can't come true."""
    deployment = project.deployment
    seen: set[Span] = set()
    for user in deployment.composition.services:
        if backing.is_left_alone(deployment, user):
            continue
        known = deployment.composition.merged(user.path)
        for layer, dependency in user.depends_on:
            service = known.get(dependency.service)
            place = dependency.condition_place or dependency.place
            span = place.span(layer.path)
            if service is None or dependency.condition != "service_healthy" or span in seen:
                continue
            if dependency.required and backing.has_check(deployment, service) is False:
                seen.add(span)
                where = service.own.place.span(service.path)
                yield Finding(
                    span=span,
                    message=f"`{user.name}` waits until `{service.name}` is healthy, "
                    f"and `{service.name}` has no health check: nothing starts",
                    help=f"Give `{service.name}` a `healthcheck`",
                    related=(Related(where, f"`{service.name}` is defined here", "service"),),
                )
