"""DBS005: a session stays open for as long as a client reads a stream or keeps its websocket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.database.stream_sessions import StreamSessions
from fastapi_lint.project.names.wording import dependency_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.stream_sessions import StreamSession
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint, on the first dependency that leads to a session.

    From FastAPI 0.118 on code after the yield runs when the response has been sent (its release notes).
    """
    for held in StreamSessions(project).held():
        path = held.endpoint.function.module.path
        if project.versions.for_file(path).all_at_least("fastapi", "0.118"):
            yield _finding(project, held)


def _finding(project: Project, held: StreamSession) -> Finding:
    function, first = held.endpoint.function, held.path.steps[0]
    provider = project.dependencies.function_of(held.path.last)
    what = "websocket" if held.endpoint.is_websocket else "stream"
    return Finding(
        span=project.span(first.module, first.at),
        message=(
            f"The session of `{name_of(provider)}` and its connection are kept until the {what} of "
            f"`{name_of(function)}` ends"
        ),
        help='Open a session where it is needed, or give `Depends(..., scope="function")`',
        related=(Related(project.span(function.module, held.at), f"The {what} lasts"),),
        chain=dependency_hops(project, held.path.steps) if len(held.path.steps) > 1 else (),
        symbol=function.qualname,
    )
