"""Asynchronous sessions that several coroutines use at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import method_call
from fastapi_lint.project.calls.passing import passed, receives_itself
from fastapi_lint.project.database.session_identity import Identity, Running, SessionIdentities
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope
from fastapi_lint.project.types.bodies import receiver_of
from fastapi_lint.project.types.infer import Instance, class_name
from fastapi_lint.project.types.libraries import ASYNC_SESSION

if TYPE_CHECKING:
    from fastapi_lint.project.calls.concurrent import Concurrent, Started
    from fastapi_lint.project.project import Project

_SESSIONS = frozenset({ASYNC_SESSION, "sqlmodel.ext.asyncio.session.AsyncSession"})
_QUERIES = frozenset(
    "execute exec scalar scalars stream stream_scalars get get_one refresh flush commit rollback merge "
    "delete run_sync connection".split()
)
_LOCKS = frozenset({"asyncio.Lock", "asyncio.Semaphore", "asyncio.BoundedSemaphore", "anyio.Lock"})
_DEPTH = 6


class SessionUse(msgspec.Struct, frozen=True, eq=False):
    """A call that works with a session, and the coroutine that reaches it."""

    started: Started
    module: Module
    at: int


class SharedSession(msgspec.Struct, frozen=True, eq=False):
    """Two uses of one session by coroutines that run at the same time; one, if a loop makes many of it."""

    group: Concurrent
    uses: tuple[SessionUse, ...]


class SharedSessions:
    """Answers whether coroutines that run at the same time share a session."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.identities = SessionIdentities(project)

    def of(self, group: Concurrent) -> SharedSession | None:
        """The first session that two coroutines of a group use, or one that is started many times."""
        found: dict[Identity, SessionUse] = {}
        for started in group.started:
            running = Running(group.function, {}, None, started.varying)
            uses = dict(self._uses(started, started.call, group.scope, running, 0))
            for identity, use in uses.items():
                if started.repeated:
                    return SharedSession(group, (use,))
                if identity in found:
                    return SharedSession(group, (found[identity], use))
            found |= uses
        return None

    def _uses(
        self, started: Started, call: s.Call, scope: Scope, running: Running, depth: int
    ) -> Iterator[tuple[Identity, SessionUse]]:
        """The sessions that a call works with, its own and those of the functions that it runs."""
        method = method_call(call)
        if method is not None and method[1] in _QUERIES and self._is_session(method[0], scope):
            identity = self.identities.of(method[0], scope, running)
            if identity is not None:
                yield identity, SessionUse(started, scope.module, call.at)
            return
        function = self.types.callee(call, scope)
        if depth > _DEPTH or not isinstance(function, FunctionSymbol) or not self._is_entered(function):
            return
        inside = Running(function, self._given(call, scope, function, running), running)
        if not inside.given and function.parent is None:
            return  # no session can have come with the call
        inner = self.project.resolver.scope(function)
        for placed in placed_calls(function.node.body):
            if not self._is_locked(placed, inner):
                yield from self._uses(started, placed.call, inner, inside, depth + 1)

    def _is_session(self, expr: s.Expr, scope: Scope) -> bool:
        value = self.types.infer(expr, scope)
        return isinstance(value, Instance) and self.project.resolver.inherits(value.cls, _SESSIONS)

    def _is_entered(self, function: FunctionSymbol) -> bool:
        """Whether a call runs the function's own body with its arguments, now or when it is awaited."""
        if function.node.is_generator:
            return False
        return all(found.effect == "keeps" for found in self.project.decorators.of(function))

    def _given(
        self, call: s.Call, scope: Scope, function: FunctionSymbol, running: Running
    ) -> dict[str, Identity]:
        given = {p.name: arg for p, arg in passed(self.types, call, scope, function)}
        receiver = receiver_of(function)
        is_method = isinstance(call.func, s.Attribute) and receives_itself(self.types, call, scope, function)
        if receiver is not None and isinstance(call.func, s.Attribute) and is_method:
            given[receiver.name] = call.func.value
        found = {name: self.identities.of(arg, scope, running) for name, arg in given.items()}
        return {name: identity for name, identity in found.items() if identity is not None}

    def _is_locked(self, placed: PlacedCall, scope: Scope) -> bool:
        """Whether a lock around a call lets one coroutine in at a time."""
        contexts = (
            item.context
            for one in placed.enclosures
            if isinstance(one.statement, s.With)
            for item in one.statement.items
        )
        return any(class_name(self.types.infer(context, scope)) in _LOCKS for context in contexts)
