"""The route table as the rest of the linter sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal

import msgspec

from fastapi_lint.facts.python.syntax import Class, Expr, Function, start_of
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.routing.values import Conditions

RouteKind = Literal["http", "websocket", "mount", "frontend"]
LevelKind = Literal["app", "include", "router", "route"]


class Site(msgspec.Struct, frozen=True, eq=False):
    """An expression and the scope whose names it uses."""

    expr: Expr
    scope: Scope

    @property
    def module(self) -> Module:
        """The module that the expression stands in."""
        return self.scope.module

    @property
    def at(self) -> int:
        """The packed place of the expression in its module's text."""
        return self.expr.at

    @property
    def line(self) -> int:
        """The 1-based line where the expression begins."""
        return line_of(self.module, self.expr.at)

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line}"


def line_of(module: Module, at: int) -> int:
    """The 1-based line of a packed place."""
    return bisect_right(module.facts.line_starts, start_of(at))


class Level(msgspec.Struct, frozen=True):
    """One step from the app to a route, where dependencies and other options can be given.

    `site` is the call that gives them (`FastAPI(...)`, `APIRouter(...)`, `include_router(...)`, the route
    decorator); None if it is a library's. `dependencies` are the single items of `dependencies=[...]`, or
    the whole value where the items are not known.
    """

    kind: LevelKind
    site: Site | None
    dependencies: tuple[Site, ...] = ()


class Route(msgspec.Struct, frozen=True):
    """One route of an app, with its full path as FastAPI has it, convertors included.

    `methods` are sorted and hold no automatic HEAD. `endpoint` is the first-party function that answers,
    `name` its `__qualname__`, `path_at` the expression of the path, `registered` the decorator or call.
    `levels` run from the app inwards; `options` are the keyword arguments of the registration. A route is
    `conditional` if it is registered under a condition that is not known here; `assumes` says which
    settings' default values its path was built from. `mounted` counts the mounts above it. `raw`: it
    is Starlette's own route, which FastAPI gives no parameters and no dependencies.
    """

    kind: RouteKind
    methods: tuple[str, ...]
    path: str
    endpoint: FunctionSymbol | None
    name: str | None
    file: str | None
    line: int | None
    registered: Site | None
    path_at: Site | None = None
    levels: tuple[Level, ...] = ()
    options: Mapping[str, Site] = msgspec.field(default_factory=dict)
    conditional: bool = False
    assumes: tuple[str, ...] = ()
    via: tuple[Site, ...] = ()
    target: ClassSymbol | None = None
    library: str | None = None
    mounted: int = 0
    raw: bool = False


class EventHandler(msgspec.Struct, frozen=True):
    """A start-up or shutdown function: `on_event`, `add_event_handler` or `on_startup=`.

    `receiver` is the call that made the app or router that it was given to.
    """

    event: str
    site: Site
    function: FunctionSymbol | None
    receiver: Site | None = None


class Middleware(msgspec.Struct, frozen=True, eq=False):
    """One middleware of an app: the call or decorator that adds it, and the class or function that runs.

    `runs` is None where it isn't known. `conditions` are those under which it is added.
    """

    site: Site
    runs: ClassSymbol | FunctionSymbol | External | None
    conditions: Conditions = ()

    @property
    def name(self) -> str:
        """The bare name of the class or function; empty where it isn't known."""
        if isinstance(self.runs, External):
            return self.runs.name.rpartition(".")[2]
        return self.runs.name if self.runs is not None else ""


class Router(msgspec.Struct, frozen=True, eq=False):
    """One `APIRouter(...)` of the project, as often as it is built.

    `name` is the variable that first holds it; `own` its own routes with the paths they have inside it.
    `included` lists the calls that include or mount it anywhere; `reached` tells whether some app serves it.
    `escapes` says where it goes to code that was not followed, so that "never included" is not certain.
    """

    name: str | None
    module: Module
    at: int
    prefix: str | None
    site: Site
    own: tuple[Route, ...]
    included: tuple[Site, ...]
    reached: bool
    escapes: tuple[str, ...]


class App(msgspec.Struct, frozen=True, eq=False):
    """One FastAPI application.

    `target` is what a server is told (`pkg.main:app`, or `pkg.main:create_app` with `factory`), from the
    import root; `aliases` are other targets that give the same app. `complete` is false, with reasons, if
    there may be routes that are not in `routes`. `mounted_under` holds the call that mounts it in another
    app; such an app's routes stand in that app's table. `middleware` runs from the outermost inwards.
    """

    target: str
    name: str
    module: Module
    path: str
    line: int
    at: int
    site: Site
    factory: bool
    aliases: tuple[str, ...]
    complete: bool
    incomplete_because: tuple[str, ...]
    routes: tuple[Route, ...]
    routers: tuple[Router, ...]
    dependencies: tuple[Site, ...] = ()
    options: Mapping[str, Site] = msgspec.field(default_factory=dict)
    lifespan: FunctionSymbol | None = None
    lifespan_at: Site | None = None
    events: tuple[EventHandler, ...] = ()
    docs_url: str | None = "/docs"
    redoc_url: str | None = "/redoc"
    openapi_url: str | None = "/openapi.json"
    root_path: str = ""
    mounted_under: Site | None = None
    mounted: tuple[App, ...] = ()
    middleware: tuple[Middleware, ...] = ()


class Lifecycle(msgspec.Struct, frozen=True, eq=False):
    """The lifespan and the event handlers of one app (`kind` "app" or "starlette") or router ("router").

    `has_lifespan` is None where it isn't known whether there is one; `lifespan` is its function, None where
    that isn't known. `own` are the handlers that it was given itself, `handlers` those of the routers that it
    includes as well.
    """

    kind: str
    name: str
    site: Site
    has_lifespan: bool | None
    lifespan: FunctionSymbol | None
    own: tuple[EventHandler, ...]
    handlers: tuple[EventHandler, ...]

    @property
    def is_app(self) -> bool:
        """Whether a server can start it."""
        return self.kind != "router"


class MountedApp(msgspec.Struct, frozen=True, eq=False):
    """One app that another one mounts, and the call that does it."""

    outer: Lifecycle
    inner: Lifecycle
    site: Site


class Lifecycles(msgspec.Struct, frozen=True, eq=False):
    """The lifecycles of all apps and routers, as often as they are built, and the mounts among them."""

    all: tuple[Lifecycle, ...] = ()
    mounts: tuple[MountedApp, ...] = ()


class RouteTables(msgspec.Struct, frozen=True, eq=False):
    """All apps and routers of the project. `apps` are those that a server starts; mounted ones hang below."""

    apps: tuple[App, ...]
    routers: tuple[Router, ...]
    lifecycles: Lifecycles = msgspec.field(default_factory=Lifecycles)

    @property
    def every_app(self) -> tuple[App, ...]:
        """All apps, the mounted ones behind those that mount them."""
        found = list(self.apps)
        for app in found:
            found += [inner for inner in app.mounted if inner not in found]
        return tuple(found)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes of all apps, app by app."""
        return tuple(route for app in self.apps for route in app.routes)


def definition_line(module: Module, node: Function | Class) -> int:
    """The line of the `def` or `class` keyword."""
    return line_of(module, node.at)
