"""`include_router`, in both ways in which FastAPI has done it.

Up to 0.136 the routes are copied when the call is made: what is added to the router afterwards is lost,
and its mounts are left out. From 0.137 the router stays as it is and is read when a request comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.routing import operators
from fastapi_lint.project.routing.arguments import Arguments, known
from fastapi_lint.project.routing.router_attributes import level_of
from fastapi_lint.project.routing.routers import (
    HostValue,
    IncludeValue,
    MountValue,
    Problem,
    RouterValue,
    RouteValue,
)
from fastapi_lint.project.routing.table import Level, Site
from fastapi_lint.project.routing.values import (
    Choice,
    ExternalValue,
    ListValue,
    Maybe,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


def include_router(run: Interpreter, parent: RouterValue, arguments: Arguments, site: Site | None) -> None:
    """`parent.include_router(router, prefix=..., ...)`."""
    router = arguments.value(run, 0, "router", Unknown("the router is not given"))
    prefix = arguments.value(run, None, "prefix", "")
    given = arguments.keywords.get("dependencies")
    level = Level("include", site, given.item_sites(run) if given is not None else ())
    for child in _options(run, router):
        _include(run, parent, child, operators.text_of(prefix), level, site)


def _options(run: Interpreter, router: Value) -> list[Value]:
    if isinstance(router, Choice):
        return [option for option in router.options if option is not None]
    if isinstance(router, Maybe):
        return [router.value]
    if isinstance(router, ExternalValue):
        ready = run.ready_router(router)
        return [router if ready is None else ready]
    return [router]


def _include(
    run: Interpreter, parent: RouterValue, child: Value, prefix: Value, level: Level, site: Site | None
) -> None:
    if not isinstance(child, RouterValue):
        reason = operators.unknown_from(child).reason
        parent.problems.append(Problem(f"the router given to `include_router` is not known: {reason}", site))
        return
    if child is parent:
        return
    if site is not None:
        child.included.append(site)
    child.parents.append(parent)
    parent.startup.extend(child.startup)
    parent.events.extend(child.events)
    if run.lazy_include:
        whole = operators.binary(run, "+", parent.prefix, prefix) if parent.prefix != "" else prefix
        levels = (level_of(run, parent), level)
        entry = IncludeValue(child, whole, levels, site, run.conditions, (site,) if site else ())
        parent.routes.append(entry)
    else:
        copy_routes(run, parent, child, prefix, level, site)


def copy_routes(
    run: Interpreter, parent: RouterValue, child: RouterValue, prefix: Value, level: Level, site: Site | None
) -> None:
    """Register the child's routes on the parent as they are now. Mounts are dropped, as FastAPI does."""
    parent.problems.extend(problem for problem in child.problems if problem not in parent.problems)
    parent.frontends.extend(_moved(run, one, prefix, level, site, parent) for one in child.frontends)
    before = run.conditions
    for item in list(child.routes):
        entry, extra = (item.value, item.conditions) if isinstance(item, Maybe) else (item, ())
        run.conditions = (*before, *extra)
        if isinstance(entry, RouteValue):
            run.conditions = (*before, *extra, *run.beyond(entry.conditions, child.conditions))
            _copy(run, parent, _moved(run, entry, prefix, level, site, None))
        elif not isinstance(entry, MountValue | HostValue | IncludeValue):
            parent.problems.append(Problem("an included router holds a route that is not known", site))
    run.conditions = before


def _moved(
    run: Interpreter,
    route: RouteValue,
    prefix: Value,
    level: Level,
    site: Site | None,
    parent: RouterValue | None,
) -> RouteValue:
    path = operators.binary(run, "+", prefix, route.path) if prefix != "" else route.path
    if parent is not None and parent.prefix != "":
        path = operators.binary(run, "+", parent.prefix, path)
    return replace(
        route,
        path=path,
        levels=(level, *route.levels),
        conditions=run.conditions,
        via=(*((site,) if site else ()), *route.via),
        attrs=dict(route.attrs),
    )


def _copy(run: Interpreter, parent: RouterValue, moved: RouteValue) -> None:
    """Append a copied route, through the parent's own `add_api_route` if the project overrides it."""
    adder = "add_api_websocket_route" if moved.kind == "websocket" else "add_api_route"
    override = None if moved.raw else run.override(parent, adder)
    if override is not None:
        keywords = {"methods": known(ListValue(moved.methods))} if moved.kind == "http" else {}
        start = len(parent.routes)
        run.call(
            override, Arguments([known(moved.path), known(moved.endpoint)], keywords), moved.registered, None
        )
        _restore(run, parent, moved, start)
        return
    if not moved.raw:
        if parent.prefix != "":
            moved.path = operators.binary(run, "+", parent.prefix, moved.path)
        moved.levels = (level_of(run, parent), *moved.levels)
    run.register(parent, moved)


def _restore(run: Interpreter, parent: RouterValue, moved: RouteValue, start: int) -> None:
    """Give the routes that an override registered the levels of the one that they stand for."""
    for made in parent.routes[start:]:
        if isinstance(made, RouteValue) and made.endpoint is moved.endpoint:
            made.levels = (level_of(run, parent), *moved.levels)
            made.options, made.registered, made.via = moved.options, moved.registered, moved.via
            made.path_at, made.library = moved.path_at, moved.library
