"""Handlers and middleware that end without the response that they have to return."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.traces import exits
from fastapi_lint.project.calls.completion import never_completes
from fastapi_lint.project.errors.made_errors import HTTP_EXCEPTIONS
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Instance, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_PLAIN = {
    f"builtins.{name}": f"a `{name}`" for name in ("str", "dict", "list", "tuple", "set", "bytes", "bool")
}
_WEBSOCKET_ERRORS = frozenset(
    {
        "fastapi.WebSocketException",
        "fastapi.WebSocketDisconnect",
        "fastapi.exceptions.WebSocketRequestValidationError",
    }
)


class MissingResponse(msgspec.Struct, frozen=True, eq=False):
    """A way out of a handler or middleware function without a response.

    `statement` is the `return`, None for the end of the body; `what` says in words what is returned.
    """

    function: FunctionSymbol
    kind: str
    statement: s.Return | None
    what: str


class MissingResponses:
    """Answers which handlers and middleware functions return no response."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    def all(self) -> Iterator[MissingResponse]:
        """The ways out without a response, function by function, the end of the body last."""
        for function, kind in self._judged():
            if _is_stub(function) or function.node.is_generator:
                continue
            scope = self.project.resolver.scope(function)
            for way in exits(function.node.body, stops=partial(never_completes, self.types, scope)):
                what = self._plain(way.statement.value if way.statement is not None else None, scope)
                if what is not None:
                    yield MissingResponse(function, kind, way.statement, what)

    def _judged(self) -> Iterator[tuple[FunctionSymbol, str]]:
        found = {id(f): (f, "middleware") for f in self.project.middlewares.responding}
        for handler in self.project.endpoints.hooks.exception_handlers:
            if not self._is_for_websockets(handler.handles, handler.scope, handler.function):
                found.setdefault(id(handler.function), (handler.function, "exception handler"))
        for function, kind in found.values():
            if not self.project.roles.is_outside(function.module):
                yield function, kind

    def _is_for_websockets(self, handles: Expr | None, scope: Scope, function: FunctionSymbol) -> bool:
        """Whether a handler is for errors of websockets, or gets a websocket: it returns nothing."""
        if handles is not None and not isinstance(handles, s.Constant):
            names = set(self.project.catching.exception_names(handles, scope))
            if names & _WEBSOCKET_ERRORS or (not names & HTTP_EXCEPTIONS and _names_websocket(handles)):
                return True
        inner = self.project.resolver.scope(function)
        return any(
            class_name(self.types.parameter(parameter, inner)) == "fastapi.WebSocket"
            for parameter in function.node.parameters
        )

    def _plain(self, value: Expr | None, scope: Scope) -> str | None:
        """What is returned that is certainly no response, in words."""
        if value is None or (isinstance(value, s.Constant) and value.value is None):
            return "nothing"
        found = self.types.infer(value, scope)
        if not isinstance(found, Instance):
            return None
        if isinstance(found.cls, ClassSymbol):
            is_model = self.project.kinds.is_schema(found.cls)
            return f"a `{found.cls.name}`" if is_model else None
        return _PLAIN.get(found.cls.name)


def _names_websocket(handles: Expr) -> bool:
    name = (
        handles.attr
        if isinstance(handles, s.Attribute)
        else handles.id
        if isinstance(handles, s.Name)
        else ""
    )
    return "websocket" in name.lower()


def _is_stub(function: FunctionSymbol) -> bool:
    """Whether a body is only a docstring or `...`: another class fills it."""
    return all(
        isinstance(statement, s.Expression) and isinstance(statement.value, s.Constant | s.Opaque)
        for statement in function.node.body
    )
