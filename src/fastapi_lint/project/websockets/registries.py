"""Collections in which endpoints keep their WebSockets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.background.lifetimes import Collection, Frame, Lifetimes
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import method_call, walk_statements
from fastapi_lint.project.names.symbols import Module, Scope
from fastapi_lint.project.websockets.sockets import Socket, Step, Websockets

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_ADDING = frozenset("append add insert appendleft setdefault update extend".split())
_DEPTH = 6


class Registration(msgspec.Struct, frozen=True, eq=False):
    """Where a socket is put into a collection, and the calls that lead there from the endpoint."""

    collection: Collection
    scope: Scope
    at: int
    steps: tuple[Step, ...]

    @property
    def begins(self) -> tuple[Module, int]:
        """The place in the endpoint."""
        if self.steps:
            return self.steps[0].module, self.steps[0].placed.call.at
        return self.scope.module, self.at


class WebsocketRegistries:
    """Answers in which collections sockets are kept."""

    def __init__(self, project: Project) -> None:
        self.types = project.types
        self.resolver = project.resolver
        self.lifetimes = Lifetimes(project)
        self.websockets = Websockets(project)

    def registrations(self, socket: Socket) -> Iterator[Registration]:
        """The collections that outlive the connection and get the socket, each once."""
        seen: set[Collection] = set()
        for found in self._put_in(socket, Frame(socket.function), ()):
            if found.collection not in seen:
                seen.add(found.collection)
                yield found

    def _put_in(self, socket: Socket, frame: Frame, steps: tuple[Step, ...]) -> Iterator[Registration]:
        scope = self.resolver.scope(frame.function)
        for statement in walk_statements(frame.function.node.body):
            stored = _stored(statement)
            if stored is not None and self.holds(stored[1], scope, socket):
                yield from self._registered(stored[0], scope, frame, steps, statement.at)
        for placed in placed_calls(frame.function.node.body):
            added = list(self._added(placed.call, scope, socket, frame, steps))
            yield from added or self._handed_on(placed, scope, socket, frame, steps)

    def _added(
        self, call: s.Call, scope: Scope, socket: Socket, frame: Frame, steps: tuple[Step, ...]
    ) -> Iterator[Registration]:
        """`collection.append(ws)` and its like."""
        method = method_call(call)
        if method is None or method[1] not in _ADDING:
            return
        if any(self.holds(arg, scope, socket) for arg in call.args):
            yield from self._registered(method[0], scope, frame, steps, call.at)

    def holds(self, expr: Expr, scope: Scope, socket: Socket) -> bool:
        """Whether a value is the socket, or is made with it: a tuple, a dict, an instance."""
        if isinstance(expr, s.Call):
            return any(self.holds(arg, scope, socket) for arg in arguments(expr))
        if isinstance(expr, s.Collection):
            return any(self.holds(item, scope, socket) for item in expr.items)
        if isinstance(expr, s.Mapping):
            return any(self.holds(item, scope, socket) for item in (*expr.values, *expr.keys) if item)
        return self.websockets.is_socket(expr, scope, socket)

    def _registered(
        self, base: Expr, scope: Scope, frame: Frame, steps: tuple[Step, ...], at: int
    ) -> Iterator[Registration]:
        collection = self.lifetimes.collection(base, scope, frame)
        if collection is not None:
            yield Registration(collection, scope, at, steps)

    def _handed_on(
        self, placed: PlacedCall, scope: Scope, socket: Socket, frame: Frame, steps: tuple[Step, ...]
    ) -> Iterator[Registration]:
        inner = self.lifetimes.enter(placed.call, scope, frame)
        if inner is None or len(steps) >= _DEPTH or frame.of(inner.function) is not None:
            return
        handed = self.websockets.handed(placed.call, scope, inner.function, socket)
        if handed is not None:
            yield from self._put_in(handed, inner, (*steps, Step(scope, placed)))


def _stored(statement: Statement) -> tuple[Expr, Expr] | None:
    """The collection and the value of `x[k] = value` and `x += value`."""
    if isinstance(statement, s.Assign):
        target = statement.targets[0]
        return (target.value, statement.value) if isinstance(target, s.Subscript) else None
    if isinstance(statement, s.AugmentedAssign):
        return statement.target, statement.value
    return None


def arguments(call: s.Call) -> tuple[Expr, ...]:
    """The values of all arguments of a call."""
    return (*call.args, *(keyword.value for keyword in call.keywords))
