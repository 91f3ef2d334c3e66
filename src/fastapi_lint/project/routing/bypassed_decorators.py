"""Decorators above the one that registers a route: FastAPI gets the function before they wrap it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.calls.decorator_traces import DecoratorTraces
from fastapi_lint.project.names.symbols import External
from fastapi_lint.project.routing.decorated import DecoratedFunctions

if TYPE_CHECKING:
    from fastapi_lint.project.calls.decorators import Decoration
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.decorated import Decorated
    from fastapi_lint.project.routing.table import Route

_NAMED_WRAPPERS = frozenset(
    "login_required auth_required authentication_required jwt_required fresh_jwt_required "
    "jwt_refresh_token_required token_required permission_required permissions_required role_required "
    "roles_required admin_required superuser_required requires requires_auth require_auth require_login "
    "limit shared_limit rate_limit ratelimit rate_limited throttle cache cached memoize".split()
)
"""Names that libraries give to nothing but wrappers, for authentication, rate limits and caches."""


class Bypassed(msgspec.Struct, frozen=True, eq=False):
    """A decorator whose wrapper a route doesn't run.

    `registering` is the nearest route decorator below it, by which `route` is registered, and `lowest` the
    lowest one; `first` tells that no other decorator of the kind stands between it and that one.
    """

    function: FunctionSymbol
    decorator: Expr
    decoration: Decoration
    route: Route
    registering: Expr
    lowest: Expr
    first: bool


class BypassedDecorators:
    """Answers which decorators of endpoints have no effect on requests."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.traces = DecoratorTraces(project.types)
        self.decorated = DecoratedFunctions(project)

    def of(self, endpoint: Endpoint) -> Iterator[Bypassed]:
        """The decorators that certainly wrap an endpoint, above one that registers it, from below."""
        for decorated in self.decorated.of(endpoint):
            if len(decorated.function.node.decorators) > len(decorated.routes):
                yield from self._above(decorated)

    def _above(self, decorated: Decorated) -> Iterator[Bypassed]:
        function = decorated.function
        decorations = self.project.decorators.of(function)
        passed: list[int] = []
        first = True
        for position in range(len(decorations) - 1, -1, -1):
            decorator, found = function.node.decorators[position], decorations[position]
            if position in decorated.routes:
                passed.append(position)
            elif passed and self._wraps(decorator, found, function):
                nearest, lowest = (function.node.decorators[at] for at in (passed[-1], passed[0]))
                route = decorated.routes[passed[-1]]
                yield Bypassed(function, decorator, found, route, nearest, lowest, first)
                first = False

    def _wraps(self, decorator: Expr, found: Decoration, function: FunctionSymbol) -> bool:
        if found.effect != "unknown":
            return found.effect == "wraps" and not (
                found.maker is not None and self.traces.leaves_one(found.maker)
            )
        target = decorator.func if isinstance(decorator, s.Call) else decorator
        scope = self.project.resolver.scope(function)
        value = self.project.types.infer(target, scope.parent or scope)
        name = dotted_name(target) or ""
        return (value is None or isinstance(value, External)) and name.rpartition(".")[2] in _NAMED_WRAPPERS
