"""Sessions that functions create, and whether anything closes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import method_call, walk_statements
from fastapi_lint.project.calls.effects import SESSIONS
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import Instance, class_name, yielded_values
from fastapi_lint.project.types.local_objects import LocalObject, local_objects

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_SCOPED = frozenset({"sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"})
_CLASSES = SESSIONS - _SCOPED
_FACTORIES = frozenset({"sqlalchemy.orm.sessionmaker", "sqlalchemy.ext.asyncio.async_sessionmaker"})
_CLOSES = frozenset("close aclose close_all remove invalidate begin __exit__ __aexit__".split())
_WORKS = frozenset("query execute scalar scalars exec get add add_all merge delete commit".split())
_DEPTH = 4


class OpenSession(msgspec.Struct, frozen=True, eq=False):
    """A session that nothing closes: the call that makes it, and how the function lets go of it.

    `name` is the local name that holds it, if any; `statement` the `return` or `yield` of a dependency.
    """

    function: FunctionSymbol
    call: s.Call
    how: Literal["returned", "yielded", "dropped"]
    name: str | None = None
    statement: s.Statement | None = None


class OpenSessions:
    """Answers which sessions stay open."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self._closing: set[int] | None = None

    def creates(self, call: s.Call, scope: Scope, depth: int = 0) -> bool:
        """Whether a call makes a new session that its caller has to close."""
        value = self.types.infer(call.func, scope)
        if isinstance(value, External | ClassSymbol):
            return self.types.resolver.inherits(value, _CLASSES)
        if isinstance(value, Instance):
            made = class_name(value) in _FACTORIES
            return made and self.project.effects.is_session(self.types.infer(call, scope))
        if not isinstance(value, FunctionSymbol) or value.node.is_generator or depth > _DEPTH:
            return False
        if value.node.decorators:
            return False
        inner = self.types.resolver.scope(value)
        given = return_values(value)
        return bool(given) and all(
            isinstance(one, s.Call) and self.creates(one, inner, depth + 1) for one in given
        )

    # --- dependencies ----------------------------------------------------------------------------

    def given_by(self, function: FunctionSymbol) -> Iterator[OpenSession]:
        """The sessions that a dependency creates and hands over, and that nothing closes."""
        if id(function) in self._closed_by_users():
            return
        scope = self.types.resolver.scope(function)
        objects = {one.name: one for one in self._local(function, scope)}
        how: Literal["returned", "yielded"] = "yielded" if function.node.is_generator else "returned"
        given = yielded_values(function) if function.node.is_generator else return_values(function)
        for value in given:
            if isinstance(value, s.Call) and self.creates(value, scope):
                yield OpenSession(function, value, how, None, _holder(function, value))
            elif isinstance(value, s.Name) and value.id in objects:
                found = objects[value.id]
                if self._is_only_given(found, given):
                    yield OpenSession(function, found.call, how, found.name, _holder(function, value))

    def _is_only_given(self, made: LocalObject, given: list[s.Expr]) -> bool:
        """Whether nothing closes an object or gets it beside the `return` or `yield`."""
        handed = {value.at for value in given}
        bare = [use for use in made.uses if not use.attributes and use.at not in handed]
        return not bare and not made.uses_attribute(_CLOSES)

    def _closed_by_users(self) -> set[int]:
        """The dependencies whose value some endpoint or other dependency closes."""
        if self._closing is None:
            users = [endpoint.function for endpoint in self.project.endpoints.all]
            self._closing = set()
            for user in (*users, *self.project.endpoints.dependency_functions):
                scope = self.types.resolver.scope(user)
                for given in self.project.dependencies.of_function(user):
                    maker = self.project.dependencies.function_of(given)
                    if maker is None or given.parameter is None:
                        continue
                    uses = self.project.name_uses.of(scope, given.parameter.name)
                    entered = _entered(user)
                    if any((u.attributes and u.attributes[0] in _CLOSES) or u.at in entered for u in uses):
                        self._closing.add(id(maker))
        return self._closing

    # --- other functions -------------------------------------------------------------------------

    def dropped_by(self, function: FunctionSymbol) -> Iterator[OpenSession]:
        """The sessions that a function creates for itself and never closes."""
        scope = self.types.resolver.scope(function)
        for made in self._local(function, scope):
            if made.uses and not made.escapes and not made.uses_attribute(_CLOSES):
                yield OpenSession(function, made.call, "dropped", made.name)
        for site in self.project.calls.of(function):
            method = method_call(site.call)
            maker = method[0] if method is not None and method[1] in _WORKS else None
            if isinstance(maker, s.Call) and self.creates(maker, scope):
                yield OpenSession(function, maker, "dropped")

    def _local(self, function: FunctionSymbol, scope: Scope) -> list[LocalObject]:
        return list(local_objects(self.project.name_uses, function, scope, self.creates))


def _holder(function: FunctionSymbol, value: s.Expr) -> s.Statement | None:
    """The statement that returns or yields a value."""
    for statement in walk_statements(function.node.body):
        holds = s.start_of(statement.at) <= s.start_of(value.at) < s.end_of(statement.at)
        if holds and isinstance(statement, s.Return | s.Expression | s.Assign):
            return statement
    return None


def _entered(function: FunctionSymbol) -> set[int]:
    """The places of what `with` statements enter."""
    return {
        item.context.at
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.With)
        for item in statement.items
    }
