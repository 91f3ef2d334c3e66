"""Loops that send to one socket after the other, while others join and leave the collection."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.background.lifetimes import Collection, Frame
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import calls_of, method_call, walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Instance, Value
from fastapi_lint.project.websockets.registries import WebsocketRegistries
from fastapi_lint.project.websockets.sockets import WEBSOCKET

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_SENDS = frozenset("send_text send_bytes send_json".split())
_COPIES = frozenset("list tuple set frozenset sorted dict".split())
_CHANGES = frozenset(
    "append add insert appendleft extend update setdefault remove discard pop popleft popitem clear".split()
)


class BroadcastLoop(msgspec.Struct, frozen=True, eq=False):
    """A loop over a collection that lasts, and the first unguarded send in it."""

    function: FunctionSymbol
    loop: s.For
    send: PlacedCall
    collection: Collection


class BroadcastLoops:
    """Answers which loops a client that leaves can break."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.registries = WebsocketRegistries(project)
        self.lifetimes = self.registries.lifetimes

    def fragile(self) -> Iterator[BroadcastLoop]:
        """The loops over a collection itself, with a send that nothing guards, where others change it."""
        for module in self.project.application_modules():
            if module.facts.names.isdisjoint(_SENDS):
                continue
            for function in self.resolver.index(module).functions:
                for found in self._in(function):
                    if self._changes_elsewhere(found):
                        yield found

    def _in(self, function: FunctionSymbol) -> Iterator[BroadcastLoop]:
        scope = self.resolver.scope(function)
        seen: set[int] = set()
        for placed in placed_calls(function.node.body):
            loop = self._unguarded_loop(placed)
            if loop is None or id(loop) in seen:
                continue
            source = _source(loop.iterable, scope)
            frame = Frame(function, lasting_self=function.owner is not None)
            collection = self.lifetimes.collection(source, scope, frame)
            if (
                collection is None
                or _is_copy(source)
                or not self._sends_to_socket(placed, scope, collection, source)
            ):
                continue
            seen.add(id(loop))
            yield BroadcastLoop(function, loop, placed, collection)

    def _unguarded_loop(self, placed: PlacedCall) -> s.For | None:
        """The loop around a send to its own item, if no `try` or context manager stands between them."""
        method = method_call(placed.call)
        if method is None or method[1] not in _SENDS or not placed.awaited:
            return None
        for one in reversed(placed.enclosures):
            if isinstance(one.statement, s.For) and one.part == "body":
                return one.statement if _names(one.statement.target) & _names(method[0]) else None
            if isinstance(one.statement, s.Try | s.With | s.While):
                return None
        return None

    def _sends_to_socket(
        self, placed: PlacedCall, scope: Scope, collection: Collection, source: Expr
    ) -> bool:
        """Whether the receiver is a WebSocket: by types, or because endpoints put theirs in there."""
        method = method_call(placed.call)
        assert method is not None
        if self.registries.websockets.is_websocket(method[0], scope):
            return True
        if self.project.types.infer(method[0], scope) is not None:
            return False
        return self._holds_sockets(source, scope) or collection in self._registered

    def _holds_sockets(self, source: Expr, scope: Scope) -> bool:
        """Whether what is iterated over comes out of something that is declared to hold WebSockets."""
        for inner in walk_expressions((source,)):
            if isinstance(inner, s.Name | s.Attribute) and self._mentions(
                self.project.types.infer(inner, scope)
            ):
                return True
        return False

    def _mentions(self, value: Value | None) -> bool:
        if not isinstance(value, Instance):
            return False
        return self.resolver.inherits(value.cls, WEBSOCKET) or any(map(self._mentions, value.arguments))

    @cached_property
    def _registered(self) -> frozenset[Collection]:
        """The collections that endpoints put their sockets into."""
        return frozenset(
            found.collection
            for _, socket in self.registries.websockets.endpoints()
            for found in self.registries.registrations(socket)
        )

    # --- others ----------------------------------------------------------------------------------

    def _changes_elsewhere(self, found: BroadcastLoop) -> bool:
        """Whether another function adds to the collection or removes from it."""
        name = found.collection.key[2]
        for module in self.project.application_modules():
            if name in module.facts.names:
                for function in self.resolver.index(module).functions:
                    if function is not found.function and self._changes(function, found.collection):
                        return True
        return False

    def _changes(self, function: FunctionSymbol, collection: Collection) -> bool:
        scope = self.resolver.scope(function)
        frame = Frame(function, lasting_self=function.owner is not None)
        return any(
            self.lifetimes.collection(expr, scope, frame) == collection
            for expr in _changed(function.node.body)
        )


def _changed(body: tuple[s.Statement, ...]) -> Iterator[Expr]:
    """What a block adds to or removes from."""
    for call in calls_of(body):
        method = method_call(call)
        if method is not None and method[1] in _CHANGES:
            yield method[0]
    for statement in walk_statements(body):
        if isinstance(statement, s.Delete | s.Assign):
            yield from (target.value for target in statement.targets if isinstance(target, s.Subscript))


def _source(iterable: Expr, scope: Scope) -> Expr:
    """What is iterated over: a local name stands for what it was assigned once."""
    if isinstance(iterable, s.Name) and isinstance(scope.owner, FunctionSymbol):
        bindings = scope.bindings.get(iterable.id, ())
        if len(bindings) == 1 and bindings[0].value is not None and not bindings[0].path:
            return bindings[0].value
    return iterable


def _is_copy(expr: Expr) -> bool:
    """Whether an expression makes a collection of its own: `list(x)`, `x.copy()`, `x[:]`."""
    for inner in walk_expressions((expr,)):
        if isinstance(inner, s.Call):
            method = method_call(inner)
            if method is not None and method[1] in ("copy", "deepcopy"):
                return True
            if isinstance(inner.func, s.Name) and inner.func.id in _COPIES and inner.args:
                return True
        if isinstance(inner, s.Subscript) and any(isinstance(item, s.Slice) for item in inner.items):
            return True
    return isinstance(expr, s.Collection | s.Comprehension | s.Operation)


def _names(expr: Expr) -> set[str]:
    return {inner.id for inner in walk_expressions((expr,)) if isinstance(inner, s.Name)}
