"""RTE014: an endpoint returns an object with a secret, and declares no model that leaves it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.security.unfiltered_responses import UnfilteredResponses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.unfiltered_responses import Unfiltered


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint."""
    unfiltered = UnfilteredResponses(project)
    for endpoint in project.endpoints.all:
        if not project.roles.is_outside(endpoint.function.module):
            found = unfiltered.of(endpoint)
            if found is not None:
                yield _finding(project, found)


def _finding(project: Project, found: Unfiltered) -> Finding:
    function, secret = found.endpoint.function, found.secret
    returned = project.span(function.module, found.returned_at.at)
    return Finding(
        span=project.span(function.module, function.node.name_at),
        message=(
            f"`{name_of(function)}` sends `{secret.name}` of `{found.returned.cls.name}` to the client, "
            f"because {_reason(found)}"
        ),
        help=f"Annotate what it returns with a model that has no `{secret.name}`",
        related=(
            Related(returned, "This is sent as it is"),
            Related(project.span(secret.owner.module, secret.at), f"`{secret.name}` is declared here"),
        ),
        symbol=function.qualname,
    )


def _reason(found: Unfiltered) -> str:
    if found.declared != "nothing":
        return "the type that it declares allows anything"
    given = {"response_model_exclude", "response_model_include"} & set(found.route.options)
    nothing = f"; `{min(given)}` does nothing without one" if given else ""
    return f"it declares no response model{nothing}"
