"""WSK006: a websocket endpoint that anybody may open, although the HTTP routes beside it ask for a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.unauthenticated import UnauthenticatedSockets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.unauthenticated import OpenSocket


def check(project: Project) -> Iterator[Finding]:
    """One finding for each websocket endpoint that was forgotten."""
    for found in UnauthenticatedSockets(project).all():
        function, other = found.endpoint.function, found.middleware
        at = other.site if other is not None else None
        related = (
            (Related(project.span(at.module, at.at), f"`{other.name}` is added here"),)
            if at and other
            else ()
        )
        yield Finding(
            span=project.span(function.module, function.node.name_at),
            message=f"`{name_of(function)}` is open to everybody: {_reason(found)}",
            help="Add a dependency that raises `WebSocketException(code=1008)` without valid credentials",
            related=related,
            symbol=function.qualname,
        )


def _reason(found: OpenSocket) -> str:
    if found.middleware is not None:
        return f"the middleware `{found.middleware.name}` doesn't run for websockets"
    whole = "app" if found.of_app else "router"
    return f"all {found.routes} HTTP routes of its {whole} ask for a login, and it doesn't"
