"""Whether sockets are taken out of the collections that keep them once their client has left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.background.lifetimes import Collection, Frame, is_global
from fastapi_lint.project.body.enclosures import Enclosures, placed_calls, placed_statements
from fastapi_lint.project.body.statements import method_call, walk_statements
from fastapi_lint.project.errors.catching import Catching
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.websockets.disconnects import CAUGHT_AS
from fastapi_lint.project.websockets.registries import WebsocketRegistries, arguments
from fastapi_lint.project.websockets.sockets import Socket

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint

_REMOVING = frozenset("remove discard pop popleft popitem clear difference_update".split())
_WAITING = ("receive", "iter_", "send_")
_DEPTH = 6
_LEFT_AS = CAUGHT_AS | {"builtins.RuntimeError", "builtins.ConnectionError", "builtins.OSError"}
"""What a send or receive may raise for a client that has left."""


class _Search(msgspec.Struct, frozen=True, eq=False):
    """What is looked for, in which function, and whether only where a disconnect leads to."""

    collection: Collection
    socket: Socket | None
    frame: Frame
    depth: int = 0
    everywhere: bool = False


class WebsocketRemovals:
    """Answers whether something drops sockets whose client has left. What isn't known may do it."""

    def __init__(self, registries: WebsocketRegistries, catching: Catching) -> None:
        self.registries = registries
        self.websockets = registries.websockets
        self.lifetimes = registries.lifetimes
        self.types = registries.types
        self.resolver = registries.resolver
        self.catching = catching

    def may_drop(self, endpoint: Endpoint, socket: Socket, collection: Collection) -> bool:
        """Whether something may take a socket out of a collection once its client has left.

        That is anything after the receive loop, in an `except` that a disconnect leads to, or in a `finally`;
        and code that drops dead sockets when a send to them fails; and what dependencies do after `yield`.
        """
        if self._drops(_Search(collection, socket, Frame(endpoint.function))):
            return True
        project = self.websockets.project
        given = (project.dependencies.function_of(p.last) for p in project.endpoints.paths(endpoint))
        return any(
            self._drops(_Search(collection, None, Frame(function), everywhere=True))
            for function in given
            if function is not None and function.node.is_generator
        )

    def _drops(self, search: _Search) -> bool:
        """Whether a function's body drops sockets where a disconnect leads to."""
        scope = self.resolver.scope(search.frame.function)
        body = search.frame.function.node.body
        loops = frozenset[int]() if search.everywhere else self._waiting_loops(body, scope)
        for statement, around in placed_statements(body):
            if self._leads_here(around, scope, loops) and self._takes_out(statement, scope, search):
                return True
        return any(
            self._call_drops(placed.call, scope, search, self._leads_here(placed.enclosures, scope, loops))
            for placed in placed_calls(body)
        )

    # --- where a disconnect leads to -------------------------------------------------------------

    def _waiting_loops(self, body: Iterable[Statement], scope: Scope) -> frozenset[int]:
        """The identities of the loops that wait for the client, or send to it, until it leaves."""
        found: set[int] = set()
        for placed in placed_calls(body):
            method = method_call(placed.call)
            if method is None or not method[1].startswith(_WAITING):
                continue
            if self.websockets.is_websocket(method[0], scope):
                found.update(id(one.statement) for one in placed.enclosures if one.is_loop)
                found.add(id(placed.statement))  # `async for text in ws.iter_text()`
        return frozenset(found)

    def _leads_here(self, around: Enclosures, scope: Scope, loops: frozenset[int]) -> bool:
        """Whether a place is reached when the client has left: not in the course of a waiting loop."""
        handlers = [one.handler for one in around if one.handler is not None]
        if not all(self._takes_leaving(handler, scope) for handler in handlers):
            return False
        waiting = [i for i, one in enumerate(around) if one.is_loop and id(one.statement) in loops]
        inner = around[waiting[-1] + 1 :] if waiting else ()
        return not waiting or any(one.part in ("handler", "finally") for one in inner)

    def _takes_leaving(self, handler: s.Handler, scope: Scope) -> bool:
        """Whether an `except` takes what a client that has left leads to; a library's may."""
        if handler.type is None:
            return True
        names = self.catching.exception_names(handler.type, scope)
        return any(name is None or name in _LEFT_AS or _is_library(name) for name in names)

    # --- what takes out --------------------------------------------------------------------------

    def _takes_out(self, statement: Statement, scope: Scope, search: _Search) -> bool:
        """`del x[k]`, `x = [...]`, `x[k] = None`, `x -= {...}`."""
        return any(self._is_it(target, scope, search) for target in _emptied(statement, scope))

    def _is_it(self, expr: Expr, scope: Scope, search: _Search) -> bool:
        """Whether an expression is the collection, or something in it."""
        return self.lifetimes.collection(expr, scope, search.frame) == search.collection

    def _call_drops(self, call: s.Call, scope: Scope, search: _Search, here: bool) -> bool:
        method = method_call(call)
        if method is not None and method[1] in _REMOVING and self._is_it(method[0], scope, search):
            return here
        callee = self.types.callee(call, scope)
        if not isinstance(callee, FunctionSymbol):
            return here and self._is_concerned(call, scope, search, is_library=isinstance(callee, External))
        inner = self.lifetimes.enter(call, scope, search.frame)
        if inner is None or search.frame.of(callee) is not None or search.depth > _DEPTH:
            return False
        if not here and not _has_try(callee):
            return False
        handed = search.socket
        if handed is not None:
            handed = self.websockets.handed(call, scope, callee, handed)
        everywhere = search.everywhere or not here
        return self._drops(_Search(search.collection, handed, inner, search.depth + 1, everywhere))

    def _is_concerned(self, call: s.Call, scope: Scope, search: _Search, *, is_library: bool) -> bool:
        """Whether a call that can't be followed gets the socket, or is made on an object that lasts.

        A library's function drops no socket that it is given, but an inherited method may.
        """
        base = call.func.value if isinstance(call.func, s.Attribute) else None
        if base is not None and self.lifetimes.lasting(base, scope, search.frame) is not None:
            return True
        socket = search.socket
        if (
            is_library
            or socket is None
            or not any(self.registries.holds(a, scope, socket) for a in arguments(call))
        ):
            return False
        return base is None or self.lifetimes.collection(base, scope, search.frame) is None


def _emptied(statement: Statement, scope: Scope) -> tuple[Expr, ...]:
    """The collections, or their items, that a statement empties or sets anew."""
    if isinstance(statement, s.Delete):
        return statement.targets
    if isinstance(statement, s.AugmentedAssign):
        return (statement.target,) if statement.operator in ("-", "&") else ()
    if not isinstance(statement, s.Assign):
        return ()
    shrinks = isinstance(statement.value, s.Comprehension) or (
        isinstance(statement.value, s.Constant) and statement.value.value is None
    )
    return tuple(
        target
        for target in statement.targets
        if isinstance(target, s.Attribute)
        or (isinstance(target, s.Subscript) and shrinks)
        or (isinstance(target, s.Name) and is_global(target, scope))
    )


def _is_library(name: str) -> bool:
    return not name.startswith("builtins.") and ":" not in name


def _has_try(function: FunctionSymbol) -> bool:
    return any(isinstance(statement, s.Try | s.With) for statement in walk_statements(function.node.body))
