"""DEP010: a websocket endpoint depends on something that needs a `Request`, and sockets have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.connections import take_any_connection
from fastapi_lint.project.names.wording import dependency_hops, name_of
from fastapi_lint.project.websockets.http_dependencies import HttpDependencies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.http_dependencies import HttpDependency


def check(project: Project) -> Iterator[Finding]:
    """One finding for each parameter or scheme."""
    seen: set[tuple[str, int]] = set()
    for found in HttpDependencies(project).all():
        module, at = found.place
        if (module.path, at) in seen or project.roles.is_outside(module):
            continue
        if not project.roles.is_outside(found.endpoint.function.module):
            seen.add((module.path, at))
            yield _finding(project, found)


def _finding(project: Project, found: HttpDependency) -> Finding:
    module, at = found.place
    function, parameter = found.function, found.parameter
    endpoint = f"the websocket endpoint `{name_of(found.endpoint.function)}`"
    if function is not None and parameter is not None:
        what = f"`{name_of(function)}` needs a `Request`"
        help_ = f"Annotate `{parameter.name}` with `HTTPConnection`, which requests and websockets both are"
        fix = take_any_connection(project, function, parameter.name)
    else:
        what, fix = f"`{found.scheme}` needs a `Request`", None
        help_ = "Read the credentials from the websocket itself, or use FastAPI 0.144 or later"
    return Finding(
        span=project.span(module, at),
        message=f"{what}, so each connection to {endpoint} fails",
        help=help_,
        chain=dependency_hops(project, found.path.steps),
        fix=fix,
        symbol=function.qualname if function is not None else "",
    )
