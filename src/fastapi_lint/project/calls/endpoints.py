"""The functions that FastAPI itself calls: endpoints, dependencies, middleware, handlers, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.calls.hooks import Hooks
from fastapi_lint.project.dependencies.graph import Dependency, DependencyPath
from fastapi_lint.project.health import names as health
from fastapi_lint.project.layers.role_names import outside_role
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Route


class Endpoint(msgspec.Struct, frozen=True, eq=False):
    """A function of the project that is registered as a route, with all its registrations.

    `apps` are the applications that serve it, empty if its router is never included.
    """

    function: FunctionSymbol
    routes: tuple[Route, ...]
    apps: tuple[App, ...]

    @property
    def is_websocket(self) -> bool:
        """Whether it is registered for websockets."""
        return any(route.kind == "websocket" for route in self.routes)


Kind = Literal["endpoint", "dependency", "middleware", "exception handler", "background task", "lifespan"]


class Called(msgspec.Struct, frozen=True, eq=False):
    """A function that runs while a request is served, and as what."""

    function: FunctionSymbol
    kind: Kind


class Endpoints:
    """Answers which functions FastAPI calls, and what they are given."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.dependencies = project.dependencies

    @cached_property
    def all(self) -> tuple[Endpoint, ...]:
        """All endpoints of the project, in the order of path and place; tests left out."""
        routes: dict[int, list[Route]] = {}
        apps: dict[int, list[App]] = {}
        functions: dict[int, FunctionSymbol] = {}
        for app, route in self._registrations():
            function = route.endpoint
            if function is None or outside_role(function.module.path) == "test":
                continue
            functions[id(function)] = function
            routes.setdefault(id(function), []).append(route)
            if app is not None and app not in apps.setdefault(id(function), []):
                apps[id(function)].append(app)
        found = [Endpoint(f, tuple(routes[key]), tuple(apps.get(key, ()))) for key, f in functions.items()]
        return tuple(sorted(found, key=lambda e: (e.function.module.path, e.function.node.at)))

    def _registrations(self) -> Iterator[tuple[App | None, Route]]:
        served: set[tuple[str, int, str]] = set()
        for app in self.project.routing.apps:
            for route in app.routes:
                served.add(_registration(route))
                yield app, route
        for router in self.project.routing.routers:
            for route in router.own:
                if _registration(route) not in served:
                    yield None, route

    @cached_property
    def _by_function(self) -> dict[int, Endpoint]:
        return {id(endpoint.function): endpoint for endpoint in self.all}

    def of(self, function: FunctionSymbol | None) -> Endpoint | None:
        """The endpoint that a function is."""
        return self._by_function.get(id(function))

    def is_health_check(self, function: FunctionSymbol | None) -> bool:
        """Whether a function is an endpoint of health or readiness routes only."""
        endpoint = self.of(function)
        return endpoint is not None and all(health.is_health(route) for route in endpoint.routes)

    def given_to(self, endpoint: Endpoint) -> tuple[Dependency, ...]:
        """The direct dependencies of an endpoint: of its parameters, its class, and all levels around it."""
        found = list(self.dependencies.of_function(endpoint.function))
        owner = endpoint.function.owner
        if owner is not None:
            found += (*self.dependencies.of_fields(owner), *self.dependencies.of_class(owner))
        for route in endpoint.routes:
            found += self.around(route)
        # A parameter's alias is one call that several parameters share: the place tells them apart.
        return tuple({(id(d.call), d.module.path, d.at): d for d in found}.values())

    def around(self, route: Route) -> tuple[Dependency, ...]:
        """The dependencies that a route gets from its decorator, router, includes and app."""
        return tuple(
            dependency
            for level in route.levels
            for site in level.dependencies
            for dependency in self.dependencies.of_list(site.expr, site.scope, level.kind)
        )

    def paths(self, endpoint: Endpoint) -> Iterator[DependencyPath]:
        """All dependencies of an endpoint, nested ones included, with the way to each."""
        return self.dependencies.walk(self.given_to(endpoint))

    @cached_property
    def dependency_functions(self) -> tuple[FunctionSymbol, ...]:
        """All functions whose body runs as a dependency of some endpoint, in the order of path and place."""
        found: dict[int, FunctionSymbol] = {}
        for endpoint in self.all:
            for path in self.paths(endpoint):
                function = self.dependencies.function_of(path.last)
                if function is not None:
                    found[id(function)] = function
        for function in self._named_in_depends():
            found[id(function)] = function
        return tuple(sorted(found.values(), key=lambda f: (f.module.path, f.node.at)))

    def _named_in_depends(self) -> Iterator[FunctionSymbol]:
        """Functions that any `Depends(...)` of the project names, also where no endpoint was found."""
        for module in self.project.code_modules:
            for site in self.project.calls.named(module, "Depends", "Security"):
                if self.project.types.is_depends(site.call, site.scope):
                    target = self.project.types.infer(argument(site.call, 0, "dependency"), site.scope)
                    function = self.dependencies.run_by(target)
                    if function is not None:
                        yield function

    @cached_property
    def dependency_classes(self) -> tuple[ClassSymbol, ...]:
        """Classes of the project that FastAPI constructs or calls as dependencies."""
        found: dict[int, ClassSymbol] = {}
        for endpoint in self.all:
            for path in self.paths(endpoint):
                target = path.last.target
                if isinstance(target, ClassSymbol):
                    found[id(target)] = target
        return tuple(sorted(found.values(), key=lambda c: (c.module.path, c.node.at)))

    # --- middleware, handlers, lifespan, background tasks ----------------------------------------

    @cached_property
    def hooks(self) -> Hooks:
        """What apps are given beside their routes."""
        return Hooks(self.project)

    @property
    def middleware(self) -> tuple[FunctionSymbol, ...]:
        """The functions that run as middleware."""
        return self.hooks.middleware

    @cached_property
    def exception_handlers(self) -> tuple[FunctionSymbol, ...]:
        """The functions that run as exception handlers, each once."""
        found = {id(handler.function): handler.function for handler in self.hooks.exception_handlers}
        return tuple(found.values())

    @property
    def lifespans(self) -> tuple[FunctionSymbol, ...]:
        """Functions given to `lifespan=` of an app or router, and those under `on_event`."""
        return self.hooks.lifespans

    @property
    def task_sites(self) -> tuple[CallSite, ...]:
        """Calls that hand a function to FastAPI's or Starlette's background tasks."""
        return self.hooks.task_sites

    @property
    def background_tasks(self) -> tuple[tuple[CallSite, FunctionSymbol], ...]:
        """The calls of `task_sites` with the project's function that they are given."""
        return self.hooks.background_tasks

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """Every function that runs while requests are served, each once, and as what."""
        found: dict[int, Called] = {}

        def add(functions: Iterator[FunctionSymbol] | tuple[FunctionSymbol, ...], kind: Kind) -> None:
            for function in functions:
                found.setdefault(id(function), Called(function, kind))

        add(tuple(endpoint.function for endpoint in self.all), "endpoint")
        add(self.dependency_functions, "dependency")
        add(self.middleware, "middleware")
        add(self.exception_handlers, "exception handler")
        add(tuple(function for _, function in self.background_tasks), "background task")
        return tuple(sorted(found.values(), key=lambda c: (c.function.module.path, c.function.node.at)))


def _registration(route: Route) -> tuple[str, int, str]:
    """What tells one registration from another: its call, and the endpoint that it registers."""
    site = route.registered
    place = (site.module.path, site.at) if site is not None else ("", 0)
    return (*place, f"{route.file}:{route.name}")
