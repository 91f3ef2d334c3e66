"""What middleware functions have to give back, and which of them answer for errors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of, walk_statements
from fastapi_lint.project.errors.raising import always_reraises

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_BASE = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_HTTP_NAMES = frozenset(
    {
        "fastapi.HTTPException",
        "starlette.exceptions.HTTPException",
        "builtins.Exception",
        "builtins.BaseException",
    }
)


class Middlewares:
    """Answers about the middleware of apps."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def responding(self) -> tuple[FunctionSymbol, ...]:
        """The functions that get a request and have to return a response.

        `dispatch` of `BaseHTTPMiddleware` classes, and functions under `@app.middleware("http")`; not the
        `__call__` of an ASGI middleware, which returns nothing.
        """
        return tuple(f for f in self.project.endpoints.middleware if self.must_respond(f))

    def must_respond(self, function: FunctionSymbol) -> bool:
        """Whether a middleware function has to return a response."""
        if function.owner is None:
            return function.name != "__call__"
        return function.name == "dispatch" and self.project.resolver.inherits(function.owner, _BASE)

    def converts_errors(self, function: FunctionSymbol) -> bool:
        """Whether a middleware catches the HTTP errors of what runs inside it, and answers for them."""
        scope = self.project.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            if not isinstance(statement, s.Try) or not any(
                _goes_on(c, function) for c in calls_of(statement.body)
            ):
                continue
            for handler in statement.handlers:
                if self.project.catching.handles(handler, scope, _HTTP_NAMES):
                    return not always_reraises(handler)
        return False

    def converters_beside(self, function: FunctionSymbol) -> Iterator[FunctionSymbol]:
        """The other middleware functions that answer for HTTP errors."""
        for other in self.project.endpoints.middleware:
            if other is not function and self.converts_errors(other):
                yield other


def _goes_on(call: s.Call, function: FunctionSymbol) -> bool:
    """Whether a call runs what is inside the middleware: `call_next(...)`, `self.app(...)`."""
    if isinstance(call.func, s.Name):
        return call.func.id in {parameter.name for parameter in function.node.parameters}
    return isinstance(call.func, s.Attribute) and call.func.attr.strip("_") in ("app", "call_next", "inner")
