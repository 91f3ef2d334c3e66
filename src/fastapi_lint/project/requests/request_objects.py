"""Which expressions are the request that is being served."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import Variable
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

REQUESTS = frozenset({"fastapi.Request", "starlette.requests.HTTPConnection", "fastapi.WebSocket"})


class RequestObjects:
    """Answers whether an expression is a request or a WebSocket."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver

    def is_request(self, expr: Expr, scope: Scope) -> bool:
        """Whether an expression is known to be a request or a WebSocket."""
        value = self.types.infer(expr, scope)
        if value is None and isinstance(expr, s.Name):
            symbol = self.resolver.lookup(expr.id, scope)
            return isinstance(symbol, Variable) and id(symbol.binding.parameter) in self._parameters
        return isinstance(value, Instance) and self.resolver.inherits(value.cls, REQUESTS)

    @cached_property
    def _parameters(self) -> frozenset[int]:
        """The parameters of middleware and exception handlers that get the request, annotated or not."""
        found: set[int] = set()
        endpoints = self.project.endpoints
        for function in (*endpoints.middleware, *endpoints.exception_handlers):
            parameters = function.node.parameters[1 if function.owner is not None else 0 :]
            if parameters and function.name != "__call__":
                found.add(id(parameters[0]))
        return frozenset(found)
