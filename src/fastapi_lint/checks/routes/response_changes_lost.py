"""RTE004: an endpoint returns another response than the one that was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.requests.lost_changes import LostChanges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.lost_changes import LostChange


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint whose own changes are lost, and for each dependency whose are."""
    lost = LostChanges(project)
    for endpoint in project.endpoints.all:
        if not project.roles.is_outside(endpoint.function.module):
            for found in lost.of(endpoint):
                yield _own(project, found) if found.function is found.endpoint else _inherited(project, found)


def _own(project: Project, found: LostChange) -> Finding:
    module, name = found.endpoint.module, name_of(found.endpoint)
    returned = project.span(module, found.returned.at)
    return Finding(
        span=project.span(module, found.change.at),
        message=(
            f"The {found.change.kind} set on `{found.parameter}` is lost, because `{name}` returns "
            f"its own `{found.returned_class}`"
        ),
        help=f"Set the {found.change.kind} on the response that is returned",
        related=(Related(returned, "This response is sent"),),
        symbol=found.endpoint.qualname,
    )


def _inherited(project: Project, found: LostChange) -> Finding:
    """Placed at what the endpoint returns: the dependency does well for others."""
    name = name_of(found.endpoint)
    change = project.span(found.function.module, found.change.at)
    return Finding(
        span=project.span(found.endpoint.module, found.returned.at),
        message=(
            f"`{name}` returns its own `{found.returned_class}`, so the {found.change.kind} that "
            f"`{name_of(found.function)}` sets on `{found.parameter}` is lost"
        ),
        help=f"Copy the {found.change.kind} to the response that is returned",
        related=(Related(change, f"The {found.change.kind} is set here"),),
        symbol=found.endpoint.qualname,
    )
