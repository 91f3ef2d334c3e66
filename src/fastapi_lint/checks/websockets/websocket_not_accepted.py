"""WSK003: a websocket endpoint sends or receives before it has accepted the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.wrapping import put_before
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.sockets import Websockets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.sockets import Socket, SocketEvent

_USES = ("send", "receive", "iterate")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint: the first send or receive, if no accept comes before it."""
    websockets = Websockets(project)
    for endpoint, socket in websockets.endpoints():
        event = _first_use(websockets, socket)
        if event is not None and not websockets.may_be_accepted_before(endpoint):
            yield _finding(websockets, event, socket)


def _first_use(websockets: Websockets, socket: Socket) -> SocketEvent | None:
    """The first thing done with the socket, if that takes an accepted connection."""
    for event in websockets.events(socket):
        if event.kind != "close":
            return event if event.kind in _USES and event.awaited else None
    return None


def _finding(websockets: Websockets, event: SocketEvent, socket: Socket) -> Finding:
    project, place = websockets.project, event.steps[0]
    verb = "sends" if event.kind == "send" else "receives"
    return Finding(
        span=project.span(place.module, place.placed.call.at),
        message=f"`{name_of(socket.function)}` {verb} on `{socket.name}` before the connection is accepted",
        help=f"Call `await {socket.name}.accept()` first",
        chain=websockets.way_to(event),
        fix=_fix(project, event, socket),
        symbol=socket.function.qualname,
    )


def _fix(project: Project, event: SocketEvent, socket: Socket) -> Fix | None:
    """`await ws.accept()` before the statement of the endpoint's own block that holds the first use."""
    place = event.steps[0].placed
    outermost = place.enclosures[0].statement if place.enclosures else place.statement
    edit = put_before(project, socket.function.module, outermost, f"await {socket.name}.accept()")
    return Fix("unsafe", "Accept the connection first", (edit,)) if edit else None
