"""WSK002: an endpoint keeps its WebSocket in a collection, and nothing removes it when the client leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.errors.catching import Catching
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.registries import WebsocketRegistries
from fastapi_lint.project.websockets.removals import WebsocketRemovals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.registries import Registration
    from fastapi_lint.project.websockets.sockets import Websockets


def check(project: Project) -> Iterator[Finding]:
    """One finding for each collection that an endpoint puts its socket into and nothing takes it out of."""
    registries = WebsocketRegistries(project)
    removals = WebsocketRemovals(registries, Catching(project.types))
    for endpoint, socket in registries.websockets.endpoints():
        for registration in registries.registrations(socket):
            if not removals.may_drop(endpoint, socket, registration.collection):
                yield _finding(registries.websockets, registration, endpoint.function)


def _finding(websockets: Websockets, registration: Registration, function: FunctionSymbol) -> Finding:
    project, name, kept = websockets.project, name_of(function), registration.collection.name
    module, at = registration.begins
    added = Related(project.span(registration.scope.module, registration.at), f"it is put into `{kept}` here")
    return Finding(
        span=project.span(module, at),
        message=f"`{name}` keeps its WebSocket in `{kept}`, and nothing removes it when the client leaves",
        help=f"Remove it from `{kept}` in a `finally`, or where `WebSocketDisconnect` is caught",
        related=(added,) if registration.steps else (),
        chain=websockets.hops(registration.steps),
        symbol=function.qualname,
    )
