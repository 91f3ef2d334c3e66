"""Where a client that leaves is noticed: the loops that receive, and what catches `WebSocketDisconnect`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, expressions_of, keyword, walk_statements
from fastapi_lint.project.errors.catching import BROAD, Catching
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope, Variable
from fastapi_lint.project.websockets.sockets import Socket, SocketEvent, Websockets

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project

_DISCONNECT = "fastapi.WebSocketDisconnect"
CAUGHT_AS = BROAD | {_DISCONNECT}
"""Classes under which an `except` takes a `WebSocketDisconnect`; it is no `RuntimeError`."""

_RAW_CAUGHT_AS = CAUGHT_AS | {"builtins.RuntimeError"}
"""A bare `receive()` after the disconnect raises `RuntimeError` (starlette/websockets.py)."""


class Disconnects:
    """Answers whether endpoints notice that their client has left."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.websockets = Websockets(project)
        self.catching = Catching(project.types)

    def unhandled(self, endpoint: Endpoint, socket: Socket) -> SocketEvent | None:
        """The first receive in a loop whose `WebSocketDisconnect` nothing catches."""
        for event in self.websockets.events(socket):
            looped = event.kind in ("receive", "message") and event.awaited and event.in_loop
            if looped and not self._is_caught(event):
                return None if self._is_handled_around(endpoint) else event
        return None

    def _is_caught(self, event: SocketEvent) -> bool:
        raw = event.kind == "message"
        if raw and any(_tests_message(step.scope) for step in event.steps):
            return True
        names = _RAW_CAUGHT_AS if raw else CAUGHT_AS
        return any(self.catching.may_catch(step.placed.enclosures, step.scope, names) for step in event.steps)

    def _is_handled_around(self, endpoint: Endpoint) -> bool:
        """Whether a decorator, a middleware or an exception handler may take what the endpoint raises."""
        return bool(self.websockets.unknown_decorators(endpoint)) or self._handler or self._middleware

    @cached_property
    def _handler(self) -> bool:
        """Whether some app may have a handler for `WebSocketDisconnect`.

        One for `Exception` is not asked: Starlette's `ServerErrorMiddleware` lets websockets pass.
        """
        return any(self._may_be_disconnect(expr, scope) for expr, scope in self._handled_classes())

    def _handled_classes(self) -> Iterator[tuple[s.Expr | None, Scope]]:
        for module in self.project.code_modules:
            for site in self.project.calls.named(module, "exception_handler", "add_exception_handler"):
                yield argument(site.call, 0, "exc_class_or_status_code"), site.scope
            for site in self.project.calls.named(module, "FastAPI", "Starlette"):
                given = keyword(site.call, "exception_handlers")
                scope = site.scope
                symbol = self.project.resolver.resolve(given, scope)
                if isinstance(symbol, Variable):
                    given, scope = symbol.binding.value, symbol.scope
                if isinstance(given, s.Mapping):
                    yield from ((key, scope) for key in given.keys)
                elif given is not None:
                    yield None, scope

    def _may_be_disconnect(self, expr: s.Expr | None, scope: Scope) -> bool:
        if isinstance(expr, s.Constant):
            return False
        if expr is None:
            return True
        return any(name in (None, _DISCONNECT) for name in self.catching.exception_names(expr, scope))

    @cached_property
    def _middleware(self) -> bool:
        """Whether a pure ASGI middleware catches a disconnect and doesn't raise it anew."""
        return any(
            self._takes_disconnect(function)
            for function in self.project.endpoints.middleware
            if function.name == "__call__"
        )

    def _takes_disconnect(self, function: FunctionSymbol) -> bool:
        scope = self.project.resolver.scope(function)
        return any(
            self.catching.handles(handler, scope, CAUGHT_AS)
            and not any(isinstance(inner, s.Raise) for inner in walk_statements(handler.body))
            for statement in walk_statements(function.node.body)
            if isinstance(statement, s.Try)
            for handler in statement.handlers
        )

    def catches_disconnect(self, handler: s.Handler, scope: Scope) -> bool:
        """Whether an `except` clause takes a `WebSocketDisconnect`."""
        return self.catching.handles(handler, scope, CAUGHT_AS)


def _tests_message(scope: Scope) -> bool:
    """Whether a function names the message `websocket.disconnect`, or asks for the connection's state."""
    if not isinstance(scope.owner, FunctionSymbol):
        return False
    return any(
        (isinstance(expr, s.Constant) and expr.value == "websocket.disconnect")
        or (isinstance(expr, s.Attribute) and expr.attr in ("client_state", "application_state"))
        for expr in expressions_of(scope.owner.node.body)
    )
