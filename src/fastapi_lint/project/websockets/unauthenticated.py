"""Websocket endpoints that ask nobody who they are, next to HTTP routes that all do.

Source: `BaseHTTPMiddleware.__call__` in `starlette/middleware/base.py` hands on every scope whose type isn't
"http". Dependencies of routers and apps do run for websockets (`fastapi/routing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of, expressions_of, walk_expressions, walk_statements
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.security.authentication import REFUSED, Authentication
from fastapi_lint.project.security.credentials import speaks_of_credentials
from fastapi_lint.project.security.unprotected import is_public, router_site
from fastapi_lint.project.types.literal_values import LiteralValues
from fastapi_lint.project.websockets.sockets import Websockets

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Middleware, Route

_BASE = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_STATE = frozenset("session state user auth scope".split())
_PROVES = frozenset("ticket key code hash".split())
_LEAST = 2
"""So many HTTP routes have to ask for a login; a middleware that does is enough by itself."""


class OpenSocket(msgspec.Struct, frozen=True, eq=False):
    """A websocket endpoint that anybody may open, and what asks for a login on the HTTP side.

    That is a middleware, or else so many HTTP routes of its router (or app).
    """

    endpoint: Endpoint
    route: Route
    middleware: Middleware | None = None
    routes: int = 0
    of_app: bool = False


class UnauthenticatedSockets:
    """Answers which websocket endpoints were forgotten."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.authentication = Authentication(project)
        self.signs = self.authentication.signs
        self.websockets = Websockets(project)
        self.literals = LiteralValues(project)

    def all(self) -> Iterator[OpenSocket]:
        """The open websocket endpoints of the application, each once."""
        for endpoint in self.project.endpoints.all:
            if not endpoint.is_websocket or self.project.roles.is_outside(endpoint.function.module):
                continue
            if len(endpoint.apps) == 1 and not self._may_authenticate(endpoint):
                found = self._of_app(endpoint, endpoint.apps[0])
                if found is not None:
                    yield found

    def _of_app(self, endpoint: Endpoint, app: App) -> OpenSocket | None:
        if any(self._handles_sockets(one) for one in app.middleware):
            return None
        route = next(route for route in endpoint.routes if route.kind == "websocket")
        http = [one for one in app.routes if one.kind == "http" and one.library is None]
        for one in app.middleware:
            if http and not one.conditions and not route.mounted and self._asks(one, route):
                return OpenSocket(endpoint, route, one)
        beside = [one for one in http if _router_of(one) == _router_of(route)]
        if self._all_ask(beside):
            return OpenSocket(endpoint, route, None, len(beside))
        if app.complete and self._all_ask(http):
            return OpenSocket(endpoint, route, None, len(http), of_app=True)
        return None

    def _all_ask(self, routes: list[Route]) -> bool:
        pairs = [(self.project.endpoints.of(route.endpoint), route) for route in routes]
        return len(pairs) >= _LEAST and all(
            endpoint is not None and self.authentication.is_certain(endpoint, route)
            for endpoint, route in pairs
        )

    # --- the endpoint itself ---------------------------------------------------------------------

    def _may_authenticate(self, endpoint: Endpoint) -> bool:
        function, authentication = endpoint.function, self.authentication
        if authentication.has_other_decorators(endpoint) or any(one.conditional for one in endpoint.routes):
            return True
        for one in self.project.request_parameters.of_function(function):
            names = (*words(one.name), *words(one.alias))
            if one.marker in ("Header", "Cookie", None) or not _PROVES.isdisjoint(names):
                return True
            if speaks_of_credentials(one.name) or speaks_of_credentials(one.alias):
                return True
        if any(self._shows(one) for one in self.signs.reached(function)) or self._leaves_sight(function):
            return True
        return any(
            is_public(route)
            or authentication.has_unknown_levels(route)
            or any(authentication.may_authenticate(d) for d in authentication.dependencies(endpoint, route))
            for route in endpoint.routes
        )

    def _shows(self, function: FunctionSymbol) -> bool:
        """Whether a function that an endpoint reaches looks at credentials, or at what a middleware left."""
        if self.signs.in_body(function) or self.signs.in_texts(function):
            return True
        scope = self.resolver.scope(function)
        return any(
            isinstance(expr, s.Attribute)
            and expr.attr in _STATE
            and self.websockets.is_websocket(expr.value, scope)
            for expr in expressions_of(function.node.body)
        )

    def _leaves_sight(self, function: FunctionSymbol) -> bool:
        """Whether the socket goes where it isn't followed."""
        socket = self.websockets.socket_of(function)
        return socket is None or any(event.kind == "unknown" for event in self.websockets.events(socket))

    # --- middleware ------------------------------------------------------------------------------

    def _handles_sockets(self, middleware: Middleware) -> bool:
        """Whether a middleware may authenticate websockets: it is a pure ASGI one, or isn't known."""
        runs = middleware.runs
        if isinstance(runs, FunctionSymbol):
            return False
        if isinstance(runs, ClassSymbol) and self.resolver.inherits(runs, _BASE):
            return self.resolver.class_member(runs, "__call__") is not None
        return self.authentication.may_be_done_by(middleware)

    def _asks(self, middleware: Middleware, route: Route) -> bool:
        """Whether an HTTP middleware refuses all requests without credentials, as far as paths go."""
        if isinstance(middleware.runs, External):
            return False
        function = self.authentication.refusals.function_of(middleware)
        if function is None or function.name == "__call__":
            return False
        if not self.authentication.refusals.makes_error(function, REFUSED):
            return False
        looks = any(
            self.signs.in_body(one) and self.signs.in_texts(one)
            for one in self.signs.reached(function)
            if one.module is function.module
        )
        return looks and self._takes_all_paths(function, route)

    def _takes_all_paths(self, function: FunctionSymbol, route: Route) -> bool:
        """Whether a middleware looks at the path only to let some others than the route's pass."""
        for statement in walk_statements(function.node.body):
            if not isinstance(statement, s.If):
                if any(map(_mentions_path, _conditional_tests(statement))):
                    return False
                continue
            for branch in statement.branches:
                if _mentions_path(branch.test) and not (
                    _goes_on(branch.body, function) and self._lets_pass_others(branch.test, function, route)
                ):
                    return False
        return True

    def _lets_pass_others(self, test: s.Expr, function: FunctionSymbol, route: Route) -> bool:
        scope = self.resolver.scope(function)
        texts: list[str] = []
        if _negates(test):
            return False
        for expr in walk_expressions((test,)):
            if isinstance(expr, s.Constant) and isinstance(expr.value, str):
                texts.append(expr.value)
            elif (isinstance(expr, s.Name) and expr.id.isupper()) or isinstance(expr, s.Attribute):
                if _is_of_request(expr, function):
                    continue
                literal = self.literals.of(expr, scope)
                items = literal.expr.items if literal and isinstance(literal.expr, s.Collection) else ()
                if not items or not all(isinstance(item, s.Constant) for item in items):
                    return False
                texts += [str(item.value) for item in items if isinstance(item, s.Constant)]
        return bool(texts) and not any(len(text) > 1 and route.path.startswith(text) for text in texts)


def _router_of(route: Route) -> tuple[str, int] | None:
    site = router_site(route)
    return (site.module.path, site.at) if site is not None else None


def _mentions_path(test: s.Expr) -> bool:
    return any(
        (isinstance(expr, s.Attribute) and expr.attr in ("path", "url"))
        or (isinstance(expr, s.Name) and "path" in words(expr.id))
        for expr in walk_expressions((test,))
    )


def _is_of_request(expr: s.Expr, function: FunctionSymbol) -> bool:
    """`request.url.path.startswith` and its parts: what begins with a parameter or local name."""
    while isinstance(expr, s.Attribute | s.Call):
        expr = expr.value if isinstance(expr, s.Attribute) else expr.func
    if not isinstance(expr, s.Name):
        return True
    return expr.id == "path" or expr.id in {parameter.name for parameter in function.node.parameters}


def _negates(test: s.Expr) -> bool:
    """Whether a test may ask for all paths but some."""
    return any(
        (isinstance(expr, s.Unary) and expr.operator == "not")
        or (isinstance(expr, s.Compare) and not {"!=", "not in", "is not"}.isdisjoint(expr.operators))
        for expr in walk_expressions((test,))
    )


def _conditional_tests(statement: s.Statement) -> tuple[s.Expr, ...]:
    """Tests of loops and of `x if test else y`, in which a path decides in another way than `if`."""
    if isinstance(statement, s.While | s.For):
        return (statement.test,) if isinstance(statement, s.While) else ()
    value = getattr(statement, "value", None)
    if value is None or not isinstance(statement, s.Assign | s.Return | s.Expression):
        return ()
    return tuple(expr.test for expr in walk_expressions((value,)) if isinstance(expr, s.Conditional))


def _goes_on(body: tuple[s.Statement, ...], function: FunctionSymbol) -> bool:
    """Whether a block does nothing but hand the request on: `return await call_next(request)`."""
    if len(body) != 1 or not isinstance(body[0], s.Return):
        return False
    parameters = {parameter.name for parameter in function.node.parameters}
    return any(isinstance(call.func, s.Name) and call.func.id in parameters for call in calls_of(body))
