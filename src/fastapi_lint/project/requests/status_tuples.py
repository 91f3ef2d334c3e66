"""Tuples that endpoints return as other frameworks want them: a body and its status, and maybe headers.

FastAPI serialises whatever isn't a `Response` (`fastapi/routing.py`, `serialize_response`): such a tuple
becomes a JSON array, with the route's own status.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword, walk_statements
from fastapi_lint.project.errors.statuses import status_number
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.requests.parameter_types import ParameterTypes
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.infer import Instance, class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool"})
_CLASSES = ("route_class", "default_response_class", "response_class")


class StatusTuple(msgspec.Struct, frozen=True, eq=False):
    """A returned tuple whose second item is a status."""

    function: FunctionSymbol
    value: s.Collection
    status: int


class StatusTuples:
    """Answers which tuples of endpoints are meant as a body with a status, and aren't taken as such."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.kinds = ParameterTypes(project.types)
        self.responses = Responses(project.types)

    def of(self, endpoint: Endpoint) -> Iterator[StatusTuple]:
        """Those that an endpoint returns, in source order; none where something may want them."""
        function = endpoint.function
        found = list(self._returned(function)) if not function.node.is_generator else []
        if found and not self._may_be_meant(endpoint):
            yield from found

    def _returned(self, function: FunctionSymbol) -> Iterator[StatusTuple]:
        scope = self.project.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            if isinstance(statement, s.Return) and statement.value is not None:
                for value in _options(statement.value):
                    status = self._status(value, scope)
                    if status is not None and isinstance(value, s.Collection):
                        yield StatusTuple(function, value, status)

    def _status(self, value: s.Expr, scope: Scope) -> int | None:
        """The status in a tuple; None for pairs of numbers and for what only happens to be in the range."""
        if not isinstance(value, s.Collection) or value.kind != "tuple" or len(value.items) not in (2, 3):
            return None
        body, second, *rest = value.items
        if any(isinstance(item, s.Starred) for item in value.items) or self._is_number(body, scope):
            return None
        if any(self._is_number(item, scope) for item in rest):
            return None
        named = second.value if isinstance(second, s.Attribute) and second.attr == "value" else second
        is_library = isinstance(self.project.resolver.resolve(named, scope), External)
        if not isinstance(second, s.Constant) and not is_library:
            return None
        return status_number(second, scope, self.project.resolver)

    def _is_number(self, expr: s.Expr, scope: Scope) -> bool:
        if isinstance(expr, s.Constant):
            return isinstance(expr.value, int | float)
        return class_name(self.types.infer(expr, scope)) in _NUMBERS

    # --- what may want a tuple -------------------------------------------------------------------

    def _may_be_meant(self, endpoint: Endpoint) -> bool:
        function = endpoint.function
        scope = self.project.resolver.scope(function)
        if self._may_say_tuple(function.node.returns, scope.parent or scope):
            return True
        if any(one.effect != "keeps" for one in self.project.decorators.of(function)):
            return True
        return any(self._route_may_want_it(route) for route in endpoint.routes)

    def _may_say_tuple(self, annotation: s.Expr | None, scope: Scope) -> bool:
        """Whether a type is a tuple or a list, or isn't known."""
        if annotation is None:
            return False
        plain, where = self.kinds.plain(annotation, scope)
        if plain is None:
            return True
        symbol = self.project.resolver.resolve(plain, where)
        if isinstance(plain, s.Constant) or (isinstance(symbol, External) and symbol.name == "typing.Any"):
            return False
        value = self.types.annotated(plain, where)
        if isinstance(value, Instance) and self.responses.is_response(value):
            return False
        return self.kinds.shape(plain, where).shape in ("unknown", "list")

    def _route_may_want_it(self, route: Route) -> bool:
        """Whether a route has a response model with tuples, or classes of its own."""
        if route.kind != "http" or route.raw:
            return True
        model = route.options.get("response_model")
        if model is not None and self._may_say_tuple(model.expr, model.scope):
            return True
        for level in route.levels:
            call = level.site.expr if level.site is not None else None
            for name in _CLASSES:
                given = keyword(call, name) if isinstance(call, s.Call) else None
                if (
                    given is not None
                    and level.site is not None
                    and not self._is_ready(given, level.site.scope)
                ):
                    return True
        return False

    def _is_ready(self, expr: s.Expr, scope: Scope) -> bool:
        """Whether a response class is the framework's own."""
        symbol = self.project.resolver.resolve(expr, scope)
        return isinstance(symbol, External) and symbol.name.startswith("fastapi.responses.")


def _options(expr: s.Expr) -> Iterator[s.Expr]:
    """The values that an expression may have: the branches of conditions."""
    if isinstance(expr, s.Conditional):
        yield from _options(expr.body)
        yield from _options(expr.orelse)
    else:
        yield expr
