"""WSK001: a websocket endpoint receives in a loop, and nothing catches that the client leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.wrapping import wrap_in_try
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.disconnects import Disconnects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.sockets import SocketEvent, Step, Websockets


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint: its first receive in a loop that lets the disconnect through."""
    disconnects = Disconnects(project)
    for endpoint, socket in disconnects.websockets.endpoints():
        event = disconnects.unhandled(endpoint, socket)
        if event is not None:
            yield _finding(disconnects.websockets, event, endpoint.function)


def _finding(websockets: Websockets, event: SocketEvent, function: FunctionSymbol) -> Finding:
    project, name, place = websockets.project, name_of(function), event.steps[0]
    return Finding(
        span=project.span(place.module, place.placed.call.at),
        message=f"`{name}` receives in a loop, and nothing catches `WebSocketDisconnect`",
        help="Put the loop into `try` with `except WebSocketDisconnect`, or iterate over `iter_text()`",
        chain=websockets.way_to(event),
        fix=_fix(project, event),
        symbol=function.qualname,
    )


def _fix(project: Project, event: SocketEvent) -> Fix | None:
    """`try` around the outermost loop that stands in the endpoint itself."""
    place: Step = event.steps[0]
    loop = next((e.statement for e in place.placed.enclosures if e.is_loop), None)
    imported = import_from(project, place.module, "fastapi", "WebSocketDisconnect")
    if loop is None or imported is None:
        return None
    caught, edits = imported
    wrapped = wrap_in_try(project, place.module, loop, caught)
    if wrapped is None:
        return None
    return Fix("unsafe", "Catch `WebSocketDisconnect` around the loop", (*edits, wrapped))
