"""Apps, routers and what is registered on them, while the project's code is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.routing.table import EventHandler, Level, Middleware, Site
from fastapi_lint.project.routing.values import (
    ClassValue,
    Conditions,
    FunctionValue,
    ListValue,
    ModuleValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(msgspec.Struct, frozen=True):
    """Why a router's routes are not all known."""

    text: str
    site: Site | None

    def __str__(self) -> str:
        return f"{self.site}: {self.text}" if self.site else self.text


class RouteValue(msgspec.Struct, eq=False):
    """A route as it was registered. `library` names the library whose own handler answers."""

    kind: str
    raw: bool
    path: Value
    methods: tuple[str, ...]
    endpoint: Value
    registered: Site | None
    path_at: Site | None
    levels: tuple[Level, ...]
    options: Mapping[str, Site]
    conditions: Conditions
    via: tuple[Site, ...] = ()
    name: Value = None
    library: str | None = None
    attrs: dict[str, Value] = msgspec.field(default_factory=dict)


class MountValue(msgspec.Struct, eq=False):
    """A mounted app or router. `app` is a router of the project, or whatever else answers."""

    path: Value
    app: Value
    registered: Site | None
    path_at: Site | None
    conditions: Conditions
    via: tuple[Site, ...] = ()
    levels: tuple[Level, ...] = ()
    name: Value = None
    library: str | None = None
    attrs: dict[str, Value] = msgspec.field(default_factory=dict)


class IncludeValue(msgspec.Struct, eq=False):
    """A router that was included and is read when the app is served.

    `prefix` is the outer router's and the call's, `levels` theirs as well, as they were at the call.
    """

    router: RouterValue
    prefix: Value
    levels: tuple[Level, ...]
    registered: Site | None
    conditions: Conditions
    via: tuple[Site, ...] = ()


class HostValue(msgspec.Struct, eq=False):
    """An app that answers for one host."""

    host: Value
    app: Value
    registered: Site | None
    conditions: Conditions


class RouterValue(msgspec.Struct, eq=False):
    """A FastAPI app (`kind` "app"), an APIRouter ("router") or Starlette's own ("starlette").

    `loose` tells that more arguments may have come by an unknown `**`.
    """

    kind: str
    cls: ClassValue | None
    site: Site | None
    conditions: Conditions
    prefix: Value = ""
    level: Level = msgspec.field(default_factory=lambda: Level("router", None))
    options: Mapping[str, Site] = msgspec.field(default_factory=dict)
    routes: ListValue = msgspec.field(default_factory=ListValue)
    frontends: list[RouteValue] = msgspec.field(default_factory=list)
    attrs: dict[str, Value] = msgspec.field(default_factory=dict)
    problems: list[Problem] = msgspec.field(default_factory=list)
    included: list[Site] = msgspec.field(default_factory=list)
    parents: list[RouterValue] = msgspec.field(default_factory=list)
    mounted_by: list[tuple[RouterValue, Site | None]] = msgspec.field(default_factory=list)
    escapes: list[str] = msgspec.field(default_factory=list)
    names: list[tuple[ModuleValue, str]] = msgspec.field(default_factory=list)
    factories: list[FunctionValue] = msgspec.field(default_factory=list)
    startup: ListValue = msgspec.field(default_factory=ListValue)
    events: list[EventHandler] = msgspec.field(default_factory=list)
    middleware: list[Middleware] = msgspec.field(default_factory=list)
    lifespan: Value = None
    lifespan_at: Site | None = None
    values: dict[str, Value] = msgspec.field(default_factory=dict)
    library: str | None = None
    rewritten: bool = False
    loose: bool = False

    def __repr__(self) -> str:
        return f"<{self.kind} at {self.site}>"

    @property
    def is_app(self) -> bool:
        """Whether a server can start it."""
        return self.kind != "router"


class RouterMethod(msgspec.Struct, frozen=True, eq=False):
    """A method of FastAPI's own classes, bound to a router. `plain` skips the project's overrides."""

    router: RouterValue
    name: str


class RouteDecorator(msgspec.Struct, frozen=True, eq=False):
    """What `router.get(path, ...)` returns: called with a function, it registers it."""

    router: RouterValue
    method: str
    arguments: object
    site: Site | None
