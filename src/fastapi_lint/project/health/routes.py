"""The health checks of an app: which routes they are, by name and by what asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.calls.effects import ALL, STORES, Reach
from fastapi_lint.project.deployment.answers import is_mentioned, routes_for
from fastapi_lint.project.health import names as health

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.deployment.model import Launch, Probe
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route

_PACKAGES = frozenset(
    "fastapi_health fastapi_healthcheck fastapi_healthchecks fastapi_healthz dockerflow healthcheck "
    "starlette_healthcheck asgi_healthcheck healthcheck_python pyctuator starlette_health".split()
)
_STATIC = frozenset({"starlette.staticfiles.StaticFiles", "fastapi.FastAPI"})
_ALIKE = frozenset("is_alive test_connection check_connection connection_test server_status".split())
"""Other names of routes that platforms ask."""

_MIDDLEWARE_PATHS = ("/health", "/healthz", "/ping", "/livez", "/readyz", "/status", "/health/live", "/live")


class HealthRoutes:
    """Answers which routes of an app are health checks, and what they reach."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def judged(self) -> Iterator[App]:
        """The apps that need health checks: those that some artifact starts, or all, if that is asked for."""
        started = self.project.deployment.started_apps
        for app in self.project.apps:
            if self.project.roles.is_outside(app.module):
                continue
            if self.project.options.layered or app in started:
                yield app

    def probes(self, app: App) -> tuple[Probe, ...]:
        """The health checks that artifacts make of an app."""
        return self.project.deployment.probes_of(app)

    def is_closed(self, app: App) -> bool:
        """Whether all routes are known: no table with gaps, and no mounted app of a library."""
        mounts = (route for route in app.routes if route.kind == "mount")
        return app.complete and not any(mount.library and mount.library not in _STATIC for mount in mounts)

    def has_health(self, app: App) -> bool:
        """Whether anything may be the health check of an app, also in another way than by a route."""
        if self.probes(app) or any(_looks_like_health(route) for route in app.routes):
            return True
        if any(_is_checked(start.launch) for start in self.project.deployment.started_apps.get(app, ())):
            return True
        return self._uses_package(app) or any(is_mentioned(self.project, app, p) for p in _MIDDLEWARE_PATHS)

    def _uses_package(self, app: App) -> bool:
        for module in self.project.code_modules:
            if module.root == app.module.root:
                for statement in module.facts.body:
                    if any(name.partition(".")[0] in _PACKAGES for name in _imported(statement)):
                        return True
        return False

    def readiness(self, app: App) -> list[Route]:
        """The routes that tell readiness by their name."""
        return [route for route in app.routes if health.is_readiness(route)]

    def liveness(self, app: App) -> list[Route]:
        """The routes that tell liveness: those that a liveness probe asks for, else by their name.

        A route that other probes ask for and no liveness probe doesn't count.
        """
        probes = self.probes(app)
        alive = _asked(app, (probe for probe in probes if probe.kind == "liveness"))
        others = _asked(app, (probe for probe in probes if probe.kind in ("readiness", "startup")))
        by_name = [route for route in app.routes if self._is_liveness_by_name(app, route)]
        found = [*alive, *(route for route in by_name if route not in alive and route not in others)]
        return [route for route in app.routes if route in found]

    def _is_liveness_by_name(self, app: App, route: Route) -> bool:
        if health.is_liveness_by_name(route):
            return True
        if not health.is_plain_health(route) or not self.is_of_the_app(app, route):
            return False
        return any(other is not route for other in self.readiness(app))

    def is_of_the_app(self, app: App, route: Route) -> bool:
        """Whether a health route tells how the app is, and not how one of the things is that it manages."""
        return not health.is_of_a_resource(route) or not any(
            health.is_health(other) and not health.is_of_a_resource(other) for other in app.routes
        )

    def checks(self, app: App) -> list[Route]:
        """The routes that are health checks by their name, or that some probe asks for."""
        asked = self.asked_for(app)
        return [route for route in app.routes if _looks_like_health(route) or route in asked]

    def asked_for(self, app: App) -> list[Route]:
        """The routes that some probe asks for."""
        return _asked(app, self.probes(app))

    # --- what they reach -------------------------------------------------------------------------

    def stores_used(self, app: App) -> tuple[Endpoint, Reach] | None:
        """The first endpoint of an app, health checks aside, that needs a database, Redis or a broker."""
        for route in app.routes:
            endpoint = self.project.endpoints.of(route.endpoint)
            if endpoint is None or _looks_like_health(route):
                continue
            found = self.reach(endpoint, STORES)
            if found is not None:
                return endpoint, found
        return None

    def reach(self, endpoint: Endpoint, kinds: frozenset[str] = ALL) -> Reach | None:
        """How an endpoint reaches a resource: by its own calls, else through its dependencies."""
        found = self.project.effects.reach(endpoint.function, kinds)
        if found is not None:
            return found
        for dependency in self.project.endpoints.given_to(endpoint):
            found = self.project.effects.reach_of_dependency(dependency, kinds)
            if found is not None:
                return found
        return None


def _is_checked(launch: Launch) -> bool:
    """Whether a container has a health check, also one that asks in a way that isn't known."""
    image = launch.image.healthcheck if launch.image is not None else None
    if image is not None and image.command is not None:
        return True
    service = launch.service.healthcheck if launch.service is not None else None
    if service is not None and service[1].form in ("exec", "shell"):
        return True
    container = launch.container
    probes = (container.liveness, container.readiness, container.startup) if container is not None else ()
    return any(probe is not None and probe.kind not in ("tcp", "grpc") for probe in probes)


def _asked(app: App, probes: Iterable[Probe]) -> list[Route]:
    found: list[Route] = []
    for probe in probes:
        route = next(routes_for(app, probe.path), None) if probe.path else None
        if route is not None and route not in found:
            found.append(route)
    return found


def _looks_like_health(route: Route) -> bool:
    """Whether any segment of a route's path, or its function's name, speaks of health."""
    if not health.is_plain_get(route):
        return False
    parts = [part.strip("_") for part in health.segments(route.path)]
    return bool(parts) and (
        parts[-1].replace("-", "_") in _ALIKE
        or parts[-1] in health.HEALTH
        or any("health" in part or part in health.READY for part in parts)
    )


def _imported(statement: s.Statement) -> list[str]:
    if isinstance(statement, s.Import):
        return [alias.name for alias in statement.names]
    return [statement.module] if isinstance(statement, s.ImportFrom) and not statement.level else []
