"""Which routes ask who is calling: for certain, and perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.requests.request_objects import REQUESTS
from fastapi_lint.project.security.credentials import (
    CredentialSigns,
    may_name_who_asks,
    speaks_of_credentials,
)
from fastapi_lint.project.security.refusing import Refusals
from fastapi_lint.project.security.schemes import is_scheme
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Middleware, Route

REFUSED = range(401, 404, 2)
"""401 and 403."""

_HARMLESS = (
    "starlette.middleware.cors.",
    "starlette.middleware.gzip.",
    "starlette.middleware.httpsredirect.",
    "starlette.middleware.sessions.",
    "starlette.middleware.trustedhost.",
    "fastapi.middleware.",
    "uvicorn.middleware.",
    "slowapi.",
    "asgi_correlation_id.",
    "brotli_asgi.",
    "debug_toolbar.",
    "elasticapm.",
    "opentelemetry.",
    "prometheus_fastapi_instrumentator.",
    "sentry_sdk.",
    "starlette_context.",
    "starlette_exporter.",
    "starlette_prometheus.",
)
"""Middleware of libraries that asks nobody who they are."""

_DEPTH = 3


class Authentication:
    """Answers whether routes and middleware authenticate. What can't be followed may do so."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.signs = CredentialSigns(project)
        self.refusals = Refusals(project)
        self._functions: dict[int, bool] = {}

    def dependencies(self, endpoint: Endpoint, route: Route) -> Iterator[Dependency]:
        """All dependencies that one registration of an endpoint runs, nested ones included."""
        graph, function = self.project.dependencies, endpoint.function
        given = [*graph.of_function(function), *self.project.endpoints.around(route)]
        if function.owner is not None:
            given += (*graph.of_fields(function.owner), *graph.of_class(function.owner))
        for path in graph.walk(given):
            yield path.last

    # --- for certain -----------------------------------------------------------------------------

    def is_certain(self, endpoint: Endpoint, route: Route) -> bool:
        """Whether a route refuses who can't say who they are, by a dependency at any level."""
        return any(self._refuses(one) for one in self.dependencies(endpoint, route))

    def _refuses(self, dependency: Dependency) -> bool:
        if is_scheme(self.resolver, dependency.target):
            return not self._is_lenient(dependency)
        function = self.project.dependencies.function_of(dependency)
        if function is None:
            return False
        if id(function) not in self._functions:
            self._functions[id(function)] = self._raises_refusal(function) and self._reads(
                dependency, function
            )
        return self._functions[id(function)]

    def _is_lenient(self, dependency: Dependency) -> bool:
        """Whether a scheme is made with `auto_error=False`, or where that can't be seen."""
        expr, scope = dependency.expression, dependency.scope
        symbol = self.resolver.resolve(expr, scope) if isinstance(expr, s.Name | s.Attribute) else None
        made = symbol.binding.value if symbol is not None and hasattr(symbol, "binding") else expr
        given = keyword(made, "auto_error") if isinstance(made, s.Call) else None
        return not isinstance(made, s.Call) or (
            given is not None and not (isinstance(given, s.Constant) and given.value is True)
        )

    def _raises_refusal(self, function: FunctionSymbol) -> bool:
        return self.project.calls.path_to(function, self._is_refusal, depth=_DEPTH) is not None

    def _is_refusal(self, site: CallSite) -> bool:
        """Whether a call makes an HTTP error with 401 or 403."""
        if not self.project.errors.is_http_error(site.callee):
            return False
        return self.project.made_errors.status(site.call, site.scope) in REFUSED

    def _reads(self, dependency: Dependency, function: FunctionSymbol) -> bool:
        """Whether a dependency gets credentials: from a scheme, a header or cookie, or the request itself."""
        below = self.project.dependencies.walk((dependency,))
        if any(is_scheme(self.resolver, path.last.target) for path in below):
            return True
        parameters = self.project.request_parameters.of_function(function)
        return any(one.marker in ("Header", "Cookie") for one in parameters) or self.signs.in_body(function)

    # --- perhaps ---------------------------------------------------------------------------------

    def is_possible(self, endpoint: Endpoint, route: Route) -> bool:
        """Whether a route may ask who is calling: by a dependency, a decorator, or in its body."""
        if self.has_unknown_levels(route):
            return True
        if self.has_other_decorators(endpoint) or self._takes_credentials(endpoint.function):
            return True
        if self.signs.in_body(endpoint.function):
            return True
        return any(self.may_authenticate(one) for one in self.dependencies(endpoint, route))

    def has_unknown_levels(self, route: Route) -> bool:
        """Whether a router or include around a route has dependencies that aren't known."""
        written = sum(len(level.dependencies) for level in route.levels)
        return written != len(self.project.endpoints.around(route))

    def has_other_decorators(self, endpoint: Endpoint) -> bool:
        """Whether something else than its registration decorates an endpoint."""
        registering = {route.registered.at for route in endpoint.routes if route.registered is not None}
        return any(decorator.at not in registering for decorator in endpoint.function.node.decorators)

    def _takes_credentials(self, function: FunctionSymbol) -> bool:
        """Whether a function takes a header, a cookie, the request, or something that is called a token."""
        return any(
            one.marker in ("Header", "Cookie", None)
            or speaks_of_credentials(one.name)
            or speaks_of_credentials(one.alias)
            or self._is_request(one.annotation, one.scope)
            for one in self.project.request_parameters.of_function(function)
        )

    def _is_request(self, annotation: s.Expr | None, scope: object) -> bool:
        value = self.project.types.annotated(annotation, scope)  # type: ignore[arg-type]
        return isinstance(value, Instance) and self.resolver.inherits(value.cls, REQUESTS)

    def may_authenticate(self, dependency: Dependency) -> bool:
        """Whether a dependency may know who is asking; it does if it can't be followed."""
        function = self.project.dependencies.function_of(dependency)
        target = dependency.target
        if isinstance(target, FunctionSymbol | ClassSymbol) and may_name_who_asks(target.name):
            return True
        if isinstance(target, ClassSymbol):
            return self.resolver.has_unknown_base(target)
        if function is None:
            return True
        return self._takes_credentials(function) or self.signs.in_body(function)

    # --- middleware ------------------------------------------------------------------------------

    def may_be_done_by(self, middleware: Middleware) -> bool:
        """Whether a middleware may authenticate; one that can't be followed may."""
        if isinstance(middleware.runs, External):
            return not middleware.runs.name.startswith(_HARMLESS)
        function = self.refusals.function_of(middleware)
        if function is None or speaks_of_credentials(middleware.name):
            return True
        return self.refusals.makes_error(function, REFUSED) or any(
            self.signs.in_texts(one) or self._raises_refusal(one) for one in self.signs.reached(function)
        )
