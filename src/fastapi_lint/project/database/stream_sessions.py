"""Sessions that FastAPI keeps open for as long as a stream or a websocket of an endpoint lasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, calls_of, keyword, method_call, walk_expressions
from fastapi_lint.project.calls.effects import resource_of_name
from fastapi_lint.project.dependencies.yielding import yield_points
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.local_objects import mentions
from fastapi_lint.project.websockets.sockets import SocketEvent, Websockets

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import DependencyPath
    from fastapi_lint.project.project import Project

_STREAMING = frozenset(
    {
        "fastapi.responses.StreamingResponse",
        "sse_starlette.EventSourceResponse",
        "sse_starlette.sse.EventSourceResponse",
        "fastapi.sse.EventSourceResponse",
    }
)
_RELEASES = frozenset({"close", "aclose", "remove", "commit", "rollback"})
"""Methods after which a session holds no connection until it is used again."""

_DATABASE = frozenset({"database"})
_DEPTH = 4


class StreamSession(msgspec.Struct, frozen=True, eq=False):
    """An endpoint that streams, the session that it keeps meanwhile, and the place of what lasts long.

    `path` leads from the endpoint to the dependency that yields the session.
    """

    endpoint: Endpoint
    path: DependencyPath
    at: int


class StreamSessions:
    """Answers which endpoints keep a session for as long as their client stays."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.websockets = Websockets(project)

    def held(self) -> Iterator[StreamSession]:
        """The endpoints that stream while a dependency keeps a session, each once."""
        for endpoint in self.project.endpoints.all:
            if self.project.roles.is_outside(endpoint.function.module):
                continue
            at = self._lasts(endpoint)
            path = self._session(endpoint) if at is not None else None
            if at is not None and path is not None:
                yield StreamSession(endpoint, path, at)

    # --- sessions --------------------------------------------------------------------------------

    def _session(self, endpoint: Endpoint) -> DependencyPath | None:
        """The first dependency that yields a session and ends with the request."""
        for path in self.project.endpoints.paths(endpoint):
            function = self.project.dependencies.function_of(path.last)
            if function is None or not function.node.is_generator:
                continue
            handed = (path.last.provided, self.types.provided(path.last.target))
            is_session = any(self.project.effects.is_session(value) for value in handed)
            if is_session and _is_of_request(path.last.call) and not _releases(endpoint, path):
                return path
        return None

    # --- streams ---------------------------------------------------------------------------------

    def _lasts(self, endpoint: Endpoint) -> int | None:
        """The place of the response that streams, or of the websocket's loop."""
        if endpoint.is_websocket:
            socket = self.websockets.socket_of(endpoint.function)
            events = self.websockets.events(socket) if socket is not None else ()
            loop = next((event for event in events if _is_lasting(event)), None)
            return loop.steps[0].placed.call.at if loop is not None else None
        scope = self.project.resolver.scope(endpoint.function)
        values = (self._value(value, scope) for value in return_values(endpoint.function))
        return next((value.at for value in values if self._streams(value, scope)), None)

    def _value(self, expr: Expr, scope: Scope) -> Expr:
        """What a local name holds that is bound once."""
        bindings = scope.bindings.get(expr.id, ()) if isinstance(expr, s.Name) else ()
        value = bindings[0].value if len(bindings) == 1 and not bindings[0].path else None
        return value if value is not None else expr

    def _streams(self, expr: Expr, scope: Scope) -> bool:
        """Whether an expression makes a streaming response of a generator that yields again and again."""
        if not isinstance(expr, s.Call):
            return False
        callee = self.types.callee(expr, scope)
        if not isinstance(callee, External | ClassSymbol):
            return False
        if not self.project.resolver.inherits(callee, _STREAMING):
            return False
        content = argument(expr, 0, "content")
        made = self._value(content, scope) if content is not None else None
        generator = self.types.callee(made, scope) if isinstance(made, s.Call) else None
        if not isinstance(generator, FunctionSymbol) or not _yields_repeatedly(generator):
            return False
        return not self._streams_rows(generator)

    def _streams_rows(self, generator: FunctionSymbol, depth: int = 0) -> bool:
        """Whether a generator works with the database all the time, so that it needs its session.

        Not if it goes on for as long as the client stays (`while True`).
        """
        scope = self.project.resolver.scope(generator)
        found = False
        for point in yield_points(generator):
            for one in point.around:
                if isinstance(one.statement, s.While) and one.is_loop:
                    return False
                if isinstance(one.statement, s.For) and one.is_loop:
                    found = found or self._asks_database(one.statement, scope, depth)
        return found

    def _asks_database(self, loop: s.For, scope: Scope, depth: int) -> bool:
        """Whether what a loop goes through, or its body, asks the database, through no session of its own."""
        source = self._value(loop.iterable, scope)
        within = walk_expressions((source,)) if loop.is_async else ()
        for call in (*(expr for expr in within if isinstance(expr, s.Call)), *calls_of(loop.body)):
            callee = self.types.callee(call, scope)
            if _mentions_any(call, _opened(scope)):
                continue
            if isinstance(callee, FunctionSymbol) and callee.node.is_generator:
                if depth < _DEPTH and self._streams_rows(callee, depth + 1):
                    return True
            elif not isinstance(callee, External) and _is_stream(call):
                return True  # of a repository, or of a session whose type isn't known
            elif isinstance(callee, FunctionSymbol):
                if self.project.effects.reach(callee, _DATABASE) is not None:
                    return True
            elif isinstance(callee, External) and resource_of_name(callee.name) == "database":
                return True
        return False


def _is_stream(call: s.Call) -> bool:
    """Whether a method's name says that it gives rows one after the other."""
    method = method_call(call)
    return method is not None and (method[1].startswith("stream") or method[1] in ("yield_per", "partitions"))


def _opened(scope: Scope) -> list[str]:
    """The names of what `with` statements of a function open."""
    return [name for name, bindings in scope.bindings.items() if any(b.context is not None for b in bindings)]


def _mentions_any(expr: Expr, names: list[str]) -> bool:
    return any(mentions(expr, name) for name in names)


def _is_of_request(call: s.Call) -> bool:
    """Whether a dependency certainly has the scope of the request, which is the default."""
    scope = keyword(call, "scope")
    return scope is None or (isinstance(scope, s.Constant) and scope.value in (None, "request"))


def _yields_repeatedly(function: FunctionSymbol) -> bool:
    return any(
        point.expr.delegates or any(one.is_loop for one in point.around) for point in yield_points(function)
    )


def _is_lasting(event: SocketEvent) -> bool:
    """Whether an event recurs until the client leaves: not if a plain `for` goes through what there is."""
    if event.kind == "iterate":
        return True
    if event.kind not in ("receive", "message", "send"):
        return False
    loops = [one.statement for step in event.steps for one in step.placed.enclosures if one.is_loop]
    return any(isinstance(loop, s.While) or (isinstance(loop, s.For) and loop.is_async) for loop in loops)


def _releases(endpoint: Endpoint, path: DependencyPath) -> bool:
    """Whether an endpoint gives the connection back itself: `await db.commit()`."""
    parameter = path.steps[0].parameter
    if parameter is None:
        return False
    for call in calls_of(endpoint.function.node.body):
        method = method_call(call)
        if method is None or method[1] not in _RELEASES:
            continue
        if isinstance(method[0], s.Name) and method[0].id == parameter.name:
            return True
    return False
