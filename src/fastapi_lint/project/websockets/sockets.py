"""What websocket endpoints do with their WebSocket, followed through the functions that get it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import calls_of, expressions_of, walk_expressions, walk_statements
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import (
    Binding,
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Scope,
    Variable,
)
from fastapi_lint.project.names.wording import call_hops
from fastapi_lint.project.types.infer import Bound, Instance, Value

if TYPE_CHECKING:
    from fastapi_lint.findings import Hop
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project

WEBSOCKET = frozenset({"fastapi.WebSocket"})

EventKind = Literal["accept", "send", "receive", "message", "iterate", "close", "unknown"]

_METHODS: dict[str, EventKind] = {
    "accept": "accept",
    "close": "close",
    "send_denial_response": "close",
    "send_text": "send",
    "send_bytes": "send",
    "send_json": "send",
    "receive_text": "receive",
    "receive_bytes": "receive",
    "receive_json": "receive",
    "receive": "message",
    "iter_text": "iterate",
    "iter_bytes": "iterate",
    "iter_json": "iterate",
    "send": "unknown",
}
"""Methods of Starlette's `WebSocket`; `receive` and `send` take raw messages, the handshake's too."""

_DEPTH = 8
_KEEPING = frozenset("append add setdefault discard remove index count insert extend update get pop".split())
"""Methods of collections: they keep a socket or drop it, and do nothing with it."""

_LOOKING = frozenset(
    f"builtins.{name}" for name in "print id str repr isinstance hasattr getattr type bool hash len".split()
)
_LOOKING_PREFIXES = ("logging.", "structlog.", "loguru.", "builtins.str.")
_PROPAGATING = frozenset({"asyncio.wait_for", "asyncio.gather", "asyncio.shield", "anyio.fail_after"})
"""Functions that raise what the awaitables they are given raise."""


class Socket(msgspec.Struct, frozen=True, eq=False):
    """A WebSocket as one function knows it: by the binding of a parameter."""

    function: FunctionSymbol
    binding: Binding
    name: str


class Step(msgspec.Struct, frozen=True, eq=False):
    """One call on the way to an event, with the scope that it stands in."""

    scope: Scope
    placed: PlacedCall

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.scope.module


class SocketEvent(msgspec.Struct, frozen=True, eq=False):
    """Something that is done with the socket. `steps` lead from the endpoint's own call to it.

    `kind` "message" is a bare `receive()`; "unknown" tells that the socket goes where it isn't followed.
    `awaited` tells that an exception that it raises reaches the endpoint.
    """

    kind: EventKind
    steps: tuple[Step, ...]
    awaited: bool = True

    @property
    def in_loop(self) -> bool:
        """Whether some call on the way stands in a loop."""
        return any(step.placed.in_loop for step in self.steps)


class Websockets:
    """Answers about websocket endpoints."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver

    def endpoints(self) -> Iterator[tuple[Endpoint, Socket]]:
        """The websocket endpoints of the application that ask for their WebSocket, with it."""
        for endpoint in self.project.endpoints.all:
            if not endpoint.is_websocket or self.project.roles.is_outside(endpoint.function.module):
                continue
            socket = self.socket_of(endpoint.function)
            if socket is not None:
                yield endpoint, socket

    def socket_of(self, function: FunctionSymbol) -> Socket | None:
        """The WebSocket among a function's parameters, by annotation."""
        scope = self.resolver.scope(function)
        for parameter in function.node.parameters:
            value = self.types.annotated(parameter.annotation, scope.parent or scope)
            if isinstance(value, Instance) and self.resolver.inherits(value.cls, WEBSOCKET):
                return self._socket(function, parameter)
        return None

    def _socket(self, function: FunctionSymbol, parameter: s.Parameter) -> Socket | None:
        bindings = self.resolver.scope(function).bindings.get(parameter.name, ())
        found = next((b for b in bindings if b.parameter is parameter), None)
        return Socket(function, found, parameter.name) if found is not None else None

    def is_websocket(self, expr: Expr, scope: Scope) -> bool:
        """Whether an expression is some WebSocket."""
        value = self.types.infer(expr, scope)
        return isinstance(value, Instance) and self.resolver.inherits(value.cls, WEBSOCKET)

    def is_socket(self, expr: Expr, scope: Scope, socket: Socket) -> bool:
        """Whether an expression is this socket, perhaps under another name."""
        if not isinstance(expr, s.Name):
            return False
        symbol = self.resolver.resolve(expr, scope)
        return isinstance(symbol, Variable) and symbol.binding is socket.binding

    def mentions(self, expr: Expr, scope: Scope, socket: Socket) -> bool:
        """Whether the socket stands somewhere in an expression."""
        return any(self.is_socket(inner, scope, socket) for inner in walk_expressions((expr,)))

    # --- what is done with the socket ------------------------------------------------------------

    def events(self, socket: Socket) -> Iterator[SocketEvent]:
        """What is done with a socket, in the order of the text; calls that get it are followed."""
        yield from self._events(socket, socket.function, (), True, (socket.function,))

    def _events(
        self,
        socket: Socket,
        function: FunctionSymbol,
        steps: tuple[Step, ...],
        awaited: bool,
        entered: tuple[FunctionSymbol, ...],
    ) -> Iterator[SocketEvent]:
        scope = self.resolver.scope(function)
        kept = self._kept_at(socket, function)
        for placed in placed_calls(function.node.body):
            if kept is not None and kept < s.start_of(placed.call.at):
                yield SocketEvent("unknown", steps, awaited)
                kept = None
            here = (*steps, Step(scope, placed))
            kind = self._kind(placed.call, scope, socket)
            arrives = awaited and self._arrives(placed, scope)
            if kind is not None:
                yield SocketEvent(kind, here, arrives)
            else:
                yield from self._inside(socket, placed.call, scope, here, arrives, entered)
        if kept is not None:
            yield SocketEvent("unknown", steps, awaited)

    def _kind(self, call: s.Call, scope: Scope, socket: Socket) -> EventKind | None:
        func = call.func
        if isinstance(func, s.Attribute) and self.is_socket(func.value, scope, socket):
            return _METHODS.get(func.attr)
        return None

    def _arrives(self, placed: PlacedCall, scope: Scope) -> bool:
        """Whether what a call raises is raised at its place: a coroutine is awaited there."""
        function = self._body_of(self.types.callee(placed.call, scope))
        if placed.awaited or (function is not None and not function.node.is_async):
            return True
        if placed.outer is None:
            return False
        callee = self.types.callee(placed.outer, scope)
        return placed.outer_awaited and isinstance(callee, External) and callee.name in _PROPAGATING

    def _inside(
        self,
        socket: Socket,
        call: s.Call,
        scope: Scope,
        steps: tuple[Step, ...],
        awaited: bool,
        entered: tuple[FunctionSymbol, ...],
    ) -> Iterator[SocketEvent]:
        """What a call does with the socket that it is given, or that a nested function sees."""
        callee = self.types.callee(call, scope)
        function = self._body_of(callee)
        if function is None:
            if not self._is_harmless(call, callee, scope, socket):
                yield SocketEvent("unknown", steps, awaited)
            return
        inner = self.handed(call, scope, function, socket)
        if inner is None and self._sees(function, socket):
            inner = replace(socket, function=function)
        if inner is None and self._hands_channel(call, scope, socket):
            yield SocketEvent("unknown", steps, awaited)
        if inner is None or function in entered or len(entered) > _DEPTH:
            return
        yield from self._events(inner, function, steps, awaited, (*entered, function))

    def _hands_channel(self, call: s.Call, scope: Scope, socket: Socket) -> bool:
        """Whether a call gets the socket's own `receive` or `send`, and so all that the socket can do."""
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        return any(
            isinstance(arg, s.Attribute)
            and arg.attr in ("receive", "send", "_receive", "_send")
            and self.is_socket(arg.value, scope, socket)
            for arg in given
        )

    def _body_of(self, callee: object) -> FunctionSymbol | None:
        if isinstance(callee, ClassSymbol):
            member = self.resolver.class_member(callee, "__init__")
            return member if isinstance(member, FunctionSymbol) else None
        return callee if isinstance(callee, FunctionSymbol) else None

    def handed(self, call: s.Call, scope: Scope, function: FunctionSymbol, socket: Socket) -> Socket | None:
        """The socket as a called function gets it; None if it isn't an argument."""
        for parameter, arg in passed(self.types, call, scope, function):
            if self.is_socket(arg, scope, socket):
                return self._socket(function, parameter)
        return None

    def _sees(self, function: FunctionSymbol, socket: Socket) -> bool:
        """Whether a function defined inside the socket's own uses the socket."""
        scope = self.resolver.scope(function)
        return function.parent is not None and any(
            self.is_socket(expr, scope, socket) for expr in expressions_of(function.node.body)
        )

    def _is_harmless(self, call: s.Call, callee: object, scope: Scope, socket: Socket) -> bool:
        """Whether a call that isn't followed gets no socket, or only looks at it or keeps it."""
        arguments = (*call.args, *(keyword.value for keyword in call.keywords))
        if not any(self._is_given(arg, scope, socket) for arg in arguments):
            return True
        if isinstance(call.func, s.Attribute) and call.func.attr in _KEEPING:
            return True
        name = callee.name if isinstance(callee, External) else ""
        return name in _LOOKING or name.startswith(_LOOKING_PREFIXES)

    def _is_given(self, arg: Expr, scope: Scope, socket: Socket) -> bool:
        """Whether an argument holds the socket, or one of its methods."""
        if isinstance(arg, s.Attribute):
            return arg.attr in _METHODS and self.is_socket(arg.value, scope, socket)
        if isinstance(arg, s.Call | s.Await | s.Compare | s.Template):
            return False
        if isinstance(arg, s.Starred):
            return self._is_given(arg.value, scope, socket)
        if isinstance(arg, s.Subscript):
            return self._is_given(arg.value, scope, socket)
        return self.mentions(arg, scope, socket)

    def _kept_at(self, socket: Socket, function: FunctionSymbol) -> int | None:
        """Where a function keeps the socket in an attribute or hands it out, so that others may use it."""
        scope = self.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            value = _handed_out(statement)
            if value is not None and self._is_given(value, scope, socket):
                return s.end_of(statement.at)
        return None

    def way_to(self, event: SocketEvent) -> tuple[Hop, ...]:
        """The calls from the endpoint to an event; none if it stands in the endpoint itself."""
        return self.hops(event.steps) if len(event.steps) > 1 else ()

    def hops(self, steps: tuple[Step, ...]) -> tuple[Hop, ...]:
        """Calls as the hops of a finding's chain."""
        sites = (
            CallSite(step.placed.call, step.scope, self.types.callee(step.placed.call, step.scope))
            for step in steps
        )
        return call_hops(self.project, sites)

    # --- what an endpoint is given ---------------------------------------------------------------

    def may_be_accepted_before(self, endpoint: Endpoint) -> bool:
        """Whether a dependency or a decorator may accept the socket, or do something that isn't known."""
        if self.unknown_decorators(endpoint):
            return True
        return any(self._may_accept(path.last.target) for path in self.project.endpoints.paths(endpoint))

    def _may_accept(self, target: Value | None) -> bool:
        if isinstance(target, External):
            return not target.name.startswith("fastapi.")
        if isinstance(target, Instance) and isinstance(target.cls, External):
            return not target.cls.name.startswith("fastapi.")
        function = self.project.dependencies.run_by(target)
        if function is None:
            return not isinstance(target, ClassSymbol)
        socket = self.socket_of(function)
        if socket is None:
            return False
        return any(event.kind in ("accept", "unknown") for event in self.events(socket))

    def unknown_decorators(self, endpoint: Endpoint) -> tuple[Expr, ...]:
        """Decorators of an endpoint that don't register it and may catch what it raises."""
        function = endpoint.function
        scope = self.resolver.scope(function)
        registering = {route.registered.at for route in endpoint.routes if route.registered is not None}
        return tuple(
            decorator
            for decorator in function.node.decorators
            if decorator.at not in registering and not self._lets_through(decorator, scope.parent or scope)
        )

    def _lets_through(self, decorator: Expr, scope: Scope) -> bool:
        """Whether a decorator of the project holds no `try`, or a library's is known to catch nothing."""
        expr = decorator.func if isinstance(decorator, s.Call) else decorator
        value = self.types.infer(expr, scope)
        if isinstance(value, Bound):
            value = value.function
        if isinstance(value, External):
            return value.name == "dependency_injector.wiring.inject"
        if not isinstance(value, FunctionSymbol):
            return False
        return not _accepts_or_catches(value)


def _handed_out(statement: s.Statement) -> Expr | None:
    """What a statement gives away: to an attribute, a new name, or the caller."""
    if isinstance(statement, s.Assign):
        plain = all(isinstance(target, s.Subscript) for target in statement.targets)
        renames = isinstance(statement.value, s.Name) and isinstance(statement.targets[0], s.Name)
        return None if plain or renames else statement.value
    if isinstance(statement, s.Declaration | s.Return):
        return statement.value
    if isinstance(statement, s.Expression) and isinstance(statement.value, s.Yield):
        return statement.value.value
    return None


def _accepts_or_catches(function: FunctionSymbol) -> bool:
    """Whether a decorator's text holds a `try`, a context manager or a call of `accept`."""
    nodes = tuple(walk_statements(function.node.body, into_definitions=True))
    if any(isinstance(node, s.Try | s.With) for node in nodes):
        return True
    calls = (call for node in nodes if isinstance(node, s.Function) for call in calls_of(node.body))
    return any(isinstance(call.func, s.Attribute) and call.func.attr == "accept" for call in calls)
