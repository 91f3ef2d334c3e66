"""The functions that route decorators stand on.

The endpoint of a route may be another function: what the decorators below have put in the place of this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.names.symbols import FunctionSymbol, Module

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route


class Decorated(msgspec.Struct, frozen=True, eq=False):
    """A function with the routes that its decorators register, by the decorators' positions."""

    function: FunctionSymbol
    routes: dict[int, Route]


class DecoratedFunctions:
    """Answers which function a route's decorator stands on."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._places: dict[str, dict[int, tuple[FunctionSymbol, int]]] = {}

    def of(self, endpoint: Endpoint) -> tuple[Decorated, ...]:
        """The functions that decorators register as this endpoint; none if calls do that."""
        found: dict[int, Decorated] = {}
        for route in endpoint.routes:
            place = self.place_of(route)
            if place is not None:
                function, position = place
                decorated = found.setdefault(id(function), Decorated(function, {}))
                decorated.routes.setdefault(position, route)
        return tuple(found.values())

    def place_of(self, route: Route) -> tuple[FunctionSymbol, int] | None:
        """The function and the position of the decorator that registers a route."""
        site = route.registered
        return self._of_module(site.module).get(site.at) if site is not None else None

    def _of_module(self, module: Module) -> dict[int, tuple[FunctionSymbol, int]]:
        if module.path not in self._places:
            self._places[module.path] = {
                decorator.at: (function, position)
                for function in self.project.resolver.index(module).functions
                for position, decorator in enumerate(function.node.decorators)
            }
        return self._places[module.path]
