"""Handlers that Starlette calls itself, on apps and routers whose dependencies refuse requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.health import names as health
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import Variable
from fastapi_lint.project.security.own_checks import OwnChecks
from fastapi_lint.project.security.schemes import is_scheme

if TYPE_CHECKING:
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

_OPEN = frozenset(
    "health healthz healthcheck live livez liveness ready readyz readiness ping status heartbeat metrics "
    "metric prometheus static assets media files favicon favicon.ico robots robots.txt docs redoc openapi "
    "openapi.json swagger login logout signin signup register auth oauth oauth2 token tokens sso callback "
    "callbacks webhook webhooks public well known acme".split()
)
"""Words in paths of what is open to everybody, or checks in its own way who calls."""


class BypassingRoute(msgspec.Struct, frozen=True, eq=False):
    """A route that skips a dependency which can refuse requests; `refusing` is the nearest such one.

    `mounted` is the app if the route is the mount of one.
    """

    app: App
    route: Route
    refusing: Dependency
    mounted: App | None = None


class BypassingRoutes:
    """Answers which handlers run without the dependencies around them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.checks = OwnChecks(project)

    def all(self) -> Iterator[BypassingRoute]:
        """App by app, in the order of the route table."""
        for app in self.project.routing.every_app:
            for route in app.routes:
                if route.mounted or route.registered is None or _is_open(route):
                    continue
                mounted = self._mounted(app, route)
                if not self._is_unchecked(route, mounted):
                    continue
                refusing = next(self._refusing(self._around(app, route)), None)
                if refusing is not None:
                    yield BypassingRoute(app, route, refusing, mounted)

    def _is_unchecked(self, route: Route, mounted: App | None) -> bool:
        if route.kind == "mount":
            return mounted is not None and self._lets_all_in(mounted)
        return route.kind == "http" and route.raw and self.checks.has_none(route)

    def _mounted(self, app: App, route: Route) -> App | None:
        """The app of the project that a mount is for."""
        site = route.registered
        if route.kind != "mount" or site is None:
            return None
        for inner in app.mounted:
            under = inner.mounted_under
            if under is not None and under.module is site.module and under.at == site.at:
                return inner
        return None

    def _lets_all_in(self, app: App) -> bool:
        """Whether an app has routes, and neither middleware nor a dependency that could refuse a request."""
        if app.middleware or not app.complete or not app.routes or self.refuses(self._of_app(app)):
            return False
        return not any(self._checks_request(route) for route in app.routes)

    def _checks_request(self, route: Route) -> bool:
        if route.kind not in ("http", "websocket"):
            return True
        endpoint = self.project.endpoints.of(route.endpoint)
        given = self.project.endpoints.given_to(endpoint) if endpoint is not None else ()
        return route.endpoint is None or self.refuses(given) or not self.checks.has_none(route)

    # --- dependencies ----------------------------------------------------------------------------

    def _around(self, app: App, route: Route) -> Iterator[Dependency]:
        """The dependencies that a route of FastAPI would have in the same place, the nearest first."""
        for router in app.routers:
            if any(_is_same(own, route) for own in router.own) and isinstance(router.site.expr, s.Call):
                given = keyword(router.site.expr, "dependencies")
                yield from self.project.dependencies.of_list(given, router.site.scope, "router")
        yield from reversed(self.project.endpoints.around(route))
        yield from self._of_app(app)

    def _of_app(self, app: App) -> Iterator[Dependency]:
        for site in app.dependencies:
            yield from self.project.dependencies.of_list(site.expr, site.scope, "app")

    def refuses(self, dependencies: Iterable[Dependency]) -> bool:
        """Whether one of some dependencies can refuse a request."""
        return next(self._refusing(dependencies), None) is not None

    def _refusing(self, dependencies: Iterable[Dependency]) -> Iterator[Dependency]:
        for dependency in dependencies:
            if any(self._can_refuse(path.last) for path in self.project.dependencies.walk((dependency,))):
                yield dependency

    def _can_refuse(self, dependency: Dependency) -> bool:
        """Whether a dependency is a security scheme that answers by itself, or raises an HTTP error."""
        if is_scheme(self.project.resolver, dependency.target):
            return self._answers_itself(dependency)
        function = self.project.dependencies.function_of(dependency)
        return function is not None and any(raised.is_http for raised in self.project.raising.by(function))

    def _answers_itself(self, dependency: Dependency) -> bool:
        """Whether a scheme isn't made with `auto_error=False`, or a value that isn't known."""
        made = dependency.expression
        symbol = self.project.resolver.resolve(made, dependency.scope)
        if isinstance(symbol, Variable):
            made = symbol.binding.value
        if not isinstance(made, s.Call) or any(k.name is None for k in made.keywords):
            return False
        given = keyword(made, "auto_error")
        return given is None or (isinstance(given, s.Constant) and given.value is True)


def _is_same(own: Route, route: Route) -> bool:
    one, other = own.registered, route.registered
    return one is not None and other is not None and one.module is other.module and one.at == other.at


def _is_open(route: Route) -> bool:
    parts = health.segments(route.path)
    return bool(set(parts) & _OPEN) or any(set(words(part)) & _OPEN for part in parts)
