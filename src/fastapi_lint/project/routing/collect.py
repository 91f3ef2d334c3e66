"""From registered values to the records of the route table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.files import ROOT
from fastapi_lint.project.routing.registering import why
from fastapi_lint.project.routing.routers import (
    HostValue,
    IncludeValue,
    MountValue,
    Problem,
    RouterValue,
    RouteValue,
)
from fastapi_lint.project.routing.table import Level, Route, Site, definition_line, line_of
from fastapi_lint.project.routing.values import (
    Assumed,
    Choice,
    ClassValue,
    Conditions,
    FunctionValue,
    Maybe,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_MAX_NESTED = 30
_MAX_ROUTES = 20_000


class Place(msgspec.Struct, frozen=True):
    """Where a router's routes stand: what its includes and mounts put before them."""

    prefix: str = ""
    levels: tuple[Level, ...] = ()
    via: tuple[Site, ...] = ()
    conditional: bool = False
    depth: int = 0
    mounted: int = 0


class Collector:
    """Reads one app's routes, with everything that is included or mounted, in the order of matching."""

    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.routes: list[Route] = []
        self.late: list[Route] = []
        self.problems: list[str] = []
        self.routers: list[RouterValue] = []

    def read(self, router: RouterValue, place: Place) -> None:
        """Add the routes of a router."""
        if place.depth > _MAX_NESTED or len(self.routes) > _MAX_ROUTES:
            self._problem(Problem("routers are nested too deeply", router.site))
            return
        if router not in self.routers:
            self.routers.append(router)
        for problem in router.problems:
            self._problem(problem)
        if router.rewritten:
            return
        for entry, conditions in _entries(router):
            inner = self._under(place, conditions, router)
            if isinstance(entry, RouteValue):
                self._route(entry, inner)
            elif isinstance(entry, IncludeValue):
                self._include(entry, inner)
            elif isinstance(entry, MountValue):
                self._mount(entry, inner)
            elif not isinstance(entry, HostValue):
                self._problem(Problem(f"an entry of its routes is not known: {why(entry)}", router.site))
        for frontend in router.frontends:
            self._frontend(frontend, self._under(place, frontend.conditions, router))

    def _under(self, place: Place, conditions: Conditions, router: RouterValue) -> Place:
        if not place.conditional and conditions and self.run.beyond(conditions, router.conditions):
            return replace(place, conditional=True)
        return place

    def _problem(self, problem: Problem) -> None:
        text = str(problem)
        if text not in self.problems:
            self.problems.append(text)

    def _path(self, place: Place, path: Value, site: Site | None) -> str | None:
        whole = operators.retext(place.prefix + path, place.prefix, path) if isinstance(path, str) else None
        if whole is None or ROOT in whole:
            self._problem(Problem(f"the path of a route is not known: {why(path)}", site))
            return None
        return whole

    def _route(self, entry: RouteValue, place: Place) -> None:
        for path, sure in _options(entry.path):
            whole = self._path(place, path, entry.registered)
            if whole is not None:
                self.routes.append(
                    self._record(entry, replace(place, conditional=place.conditional or not sure), whole)
                )

    def _frontend(self, entry: RouteValue, place: Place) -> None:
        prefix = place.prefix
        for path, sure in _options(entry.path):
            joined = prefix if prefix and path == "/" else path
            whole = self._path(
                replace(place, prefix="" if joined is prefix else prefix), joined, entry.registered
            )
            if whole is not None:
                self.late.append(
                    self._record(entry, replace(place, conditional=place.conditional or not sure), whole)
                )

    def _record(self, entry: RouteValue, place: Place, path: str) -> Route:
        endpoint = self.run.function_of(entry.endpoint)
        name, file, line = _definition(entry.endpoint, endpoint)
        target = entry.endpoint.symbol if isinstance(entry.endpoint, ClassValue) else None
        return Route(
            kind=entry.kind,  # type: ignore[arg-type]
            methods=entry.methods,
            path=str(path),
            endpoint=endpoint,
            name=name,
            file=file,
            line=line,
            registered=entry.registered,
            path_at=entry.path_at,
            levels=(*place.levels, *entry.levels),
            options=entry.options,
            conditional=place.conditional,
            assumes=path.reasons if isinstance(path, Assumed) else (),
            via=(*place.via, *entry.via),
            target=target,
            library=entry.library or _library(entry.endpoint),
            mounted=place.mounted,
            raw=entry.raw and entry.kind != "frontend",
        )

    def _include(self, entry: IncludeValue, place: Place) -> None:
        for prefix, sure in _options(operators.text_of(entry.prefix)):
            if not isinstance(prefix, str):
                text = f"the prefix of `include_router` is not known: {why(prefix)}"
                self._problem(Problem(text, entry.registered))
                continue
            inner = Place(
                prefix=operators.retext(place.prefix + prefix, place.prefix, prefix),
                levels=(*place.levels, *entry.levels),
                via=(*place.via, *entry.via),
                conditional=place.conditional or not sure,
                depth=place.depth + 1,
                mounted=place.mounted,
            )
            self.read(entry.router, inner)

    def _mount(self, entry: MountValue, place: Place) -> None:
        whole = self._path(place, entry.path, entry.registered)
        if whole is None:
            return
        whole = operators.retext(whole.rstrip("/"), whole)
        shown = Route(
            kind="mount",
            methods=(),
            path=str(whole),
            endpoint=None,
            name=None,
            file=None,
            line=None,
            registered=entry.registered,
            path_at=entry.path_at,
            levels=(*place.levels, *entry.levels),
            conditional=place.conditional,
            assumes=whole.reasons if isinstance(whole, Assumed) else (),
            via=(*place.via, *entry.via),
            library=entry.library or _library(entry.app),
            mounted=place.mounted,
        )
        self.routes.append(shown)
        for app, sure in _options(entry.app):
            if isinstance(app, RouterValue):
                via = (*place.via, *((entry.registered,) if entry.registered else ()))
                conditional = place.conditional or not sure
                inner = Place(whole, (), via, conditional, place.depth + 1, place.mounted + 1)
                self.read(app, inner)


def _entries(router: RouterValue) -> Iterator[tuple[Value, Conditions]]:
    for item in router.routes:
        if isinstance(item, Maybe):
            yield item.value, (*getattr(item.value, "conditions", ()), *item.conditions)
        else:
            yield item, getattr(item, "conditions", ())


def _options(value: Value) -> list[tuple[Value, bool]]:
    """The possible values, and whether it is the only one."""
    if isinstance(value, Choice):
        return [(option, False) for option in value.options]
    return [(value, True)]


def _definition(endpoint: Value, symbol: object) -> tuple[str | None, str | None, int | None]:
    """Qualified name, file and line of what answers; nothing for code outside of the project."""
    node = getattr(symbol, "node", None)
    module = getattr(symbol, "module", None)
    if node is not None and module is not None:
        return getattr(symbol, "qualname", None), module.path, definition_line(module, node)
    while isinstance(endpoint, FunctionValue) and isinstance(endpoint.wrapped, FunctionValue):
        endpoint = endpoint.wrapped
    if isinstance(endpoint, FunctionValue) and isinstance(endpoint.node, s.Lambda):
        module = endpoint.closure.module.module
        around = endpoint.closure.function
        outer = (
            f"{around.symbol.qualname}.<locals>." if around is not None and around.symbol is not None else ""
        )
        return f"{outer}<lambda>", module.path, line_of(module, endpoint.node.at)
    if isinstance(endpoint, ClassValue) and endpoint.symbol is not None:
        return (
            endpoint.symbol.qualname,
            endpoint.symbol.module.path,
            definition_line(endpoint.symbol.module, endpoint.node),
        )
    return None, None, None


def _library(value: Value) -> str | None:
    name = getattr(value, "callee", None) or getattr(value, "name", None)
    return name if isinstance(name, str) and not isinstance(value, RouterValue | ClassValue) else None
