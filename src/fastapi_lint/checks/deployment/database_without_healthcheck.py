"""DPL015 database-without-healthcheck: nobody can tell when a database that the app needs is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.deployment import backing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.backing import Need
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each database, cache or broker service."""
    deployment = project.deployment
    seen: set[Span] = set()
    for need in backing.needs(deployment):
        kind = backing.kind_of(deployment, need.service)
        span = need.service.own.place.span(need.service.path)
        if kind not in backing.CHECKS and kind != "mongo":
            continue
        if span in seen or need.dependency.condition == "service_healthy":
            continue
        if backing.has_check(deployment, need.service) is False and not backing.waits(deployment, need.user):
            seen.add(span)
            yield _finding(need, kind, span)


def _finding(need: Need, kind: str, span: Span) -> Finding:
    name = need.service.name
    place = need.dependency.place.span(need.layer.path)
    return Finding(
        span=span,
        message=f"`{name}` has no health check, so `{need.user.name}` can't wait until it is ready",
        help="Add a `healthcheck`, and wait with `condition: service_healthy`",
        related=(Related(place, f"`{need.user.name}` depends on it here", "depends_on"),),
        fix=_fix(need.service, kind),
    )


def _fix(service: ComposeService, kind: str) -> Fix | None:
    """Adds the image's usual check below its `image` key."""
    key, image = service.own.key("image"), service.own.image
    test = backing.CHECKS.get(kind)
    if key is None or image is None or test is None or key.line == service.own.place.line:
        return None
    indent = " " * (key.column - 1)
    text = f"\n{indent}healthcheck: {{test: {test}, interval: 5s, retries: 5}}"
    end = Span(
        service.path,
        image.place.end_line,
        image.place.end_column,
        image.place.end_line,
        image.place.end_column,
    )
    return Fix("unsafe", "Add the usual health check", (Edit(end, text),))
