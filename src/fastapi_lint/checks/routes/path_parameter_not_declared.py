"""RTE009: a parameter in the path is declared by nothing that the request reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.signatures import add_parameter, place_of_path_parameter
from fastapi_lint.project.names.wording import name_of, route_words
from fastapi_lint.project.requests.path_parameters import PathParameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.path_parameters import Undeclared


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration and parameter."""
    paths = PathParameters(project)
    seen: set[tuple[object, ...]] = set()
    for endpoint in project.endpoints.all:
        if project.roles.is_outside(endpoint.function.module):
            continue
        for undeclared in paths.undeclared(endpoint):
            place = place_of_path_parameter(project, undeclared)
            if place is not None and (place, undeclared.name) not in seen:
                seen.add((place, undeclared.name))
                yield Finding(
                    span=place,
                    message=_message(undeclared),
                    help=f"Add `{undeclared.name}` to the parameters of `{name_of(endpoint.function)}`",
                    fix=add_parameter(project, endpoint.function, undeclared.name),
                    symbol=endpoint.function.qualname,
                )


def _message(undeclared: Undeclared) -> str:
    function, name = name_of(undeclared.endpoint.function), undeclared.name
    text = f"`{function}` ignores the path parameter `{name}` of {route_words(undeclared.route)}"
    if undeclared.similar is not None:
        text += f", and wants `{undeclared.similar.alias}` in the query string"
    return text
