"""The final records: one for each app and router, made from what the run has left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.routing.collect import Collector, Place
from fastapi_lint.project.routing.lifecycles import lifecycles_of
from fastapi_lint.project.routing.naming import Names, Target
from fastapi_lint.project.routing.routers import IncludeValue, MountValue, RouterValue
from fastapi_lint.project.routing.table import App, Router, RouteTables, Site
from fastapi_lint.project.routing.values import Choice, Maybe, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_TOO_MUCH = "there is too much code to follow"


class Records:
    """Makes the records of one run."""

    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.names = Names(run)
        self.collected: dict[int, Collector] = {}
        self.mounts: dict[int, list[tuple[RouterValue, Site | None]]] = {}
        self.routers: dict[int, Router] = {}

    def tables(self) -> RouteTables:
        """All apps that a server can start, and all routers."""
        apps = [router for router in self.run.routers if router.is_app and router.site is not None]
        for router in apps:
            self._collect(router)
        for router in self.run.routers:
            self._note_mounts(router)
        served = [router for router in apps if id(router) not in self.mounts and self._serves(router)]
        self._make_routers(served)
        made = [self._app(router, self.names.targets_of(router)) for router in served]
        kept = sorted(_distinct(made), key=lambda app: (not app.routes, app.path, app.at, app.target))
        with_routes = [app for app in kept if app.routes or not app.complete]
        lifecycles = lifecycles_of(self.run)
        return RouteTables(tuple(with_routes or kept), tuple(self.routers.values()), lifecycles)

    def _collect(self, router: RouterValue) -> Collector:
        found = self.collected.get(id(router))
        if found is None:
            found = self.collected[id(router)] = Collector(self.run)
            found.read(router, Place())
        return found

    def _note_mounts(self, router: RouterValue) -> None:
        """Note what a router mounts, also at a path that is not known."""
        if router.mounted_by:
            self.mounts.setdefault(id(router), []).extend(router.mounted_by)
        for item in router.routes:
            entry = item.value if isinstance(item, Maybe) else item
            if isinstance(entry, MountValue):
                for app in _options(entry.app):
                    self.mounts.setdefault(id(app), []).append((router, entry.registered))

    def _serves(self, router: RouterValue) -> bool:
        """Whether it is a FastAPI app, or a Starlette app that holds one."""
        return router.kind == "app" or any(one.kind == "app" for one in self._collect(router).routers)

    def _make_routers(self, served: list[RouterValue]) -> None:
        reached = {id(one) for app in served for one in self._collect(app).routers}
        for router in self.run.routers:
            if router.kind == "router" and router.site is not None and router.library is None:
                self.routers[id(router)] = self._router(router, self._is_reached(router, reached, 0))

    def _is_reached(self, router: RouterValue, reached: set[int], depth: int) -> bool:
        if id(router) in reached:
            return True
        parents = [*router.parents, *(parent for parent, _ in self.mounts.get(id(router), ()))]
        return depth < 30 and any(self._is_reached(parent, reached, depth + 1) for parent in parents)

    def _router(self, router: RouterValue, reached: bool) -> Router:
        assert router.site is not None
        own = Collector(self.run)
        bare = RouterValue(router.kind, router.cls, router.site, router.conditions)
        for item in router.routes:
            entry = item.value if isinstance(item, Maybe) else item
            if not isinstance(entry, IncludeValue | MountValue) and not getattr(entry, "via", ()):
                bare.routes.append(item)
        own.read(bare, Place())
        mounted = [site for _, site in self.mounts.get(id(router), ()) if site is not None]
        prefix = router.prefix if isinstance(router.prefix, str) else None
        return Router(
            name=router.names[0][1] if router.names else None,
            module=router.site.module,
            at=router.site.at,
            prefix=None if prefix is None else str(prefix),
            site=router.site,
            own=tuple(own.routes),
            included=(*router.included, *mounted),
            reached=reached,
            escapes=tuple(dict.fromkeys(router.escapes)),
        )

    def _app(self, router: RouterValue, targets: list[Target], mounted_under: Site | None = None) -> App:
        assert router.site is not None
        collected = self._collect(router)
        best = targets[0] if targets else Target(router.site.module, "app", False)
        problems = [*collected.problems, *([_TOO_MUCH] if self.run.overrun else [])]
        dependencies = router.level.dependencies
        return App(
            target=str(best),
            name=best.name,
            module=router.site.module,
            path=router.site.module.path,
            line=router.site.line,
            at=router.site.at,
            site=router.site,
            factory=best.factory,
            aliases=tuple(dict.fromkeys(str(one) for one in targets[1:] if str(one) != str(best))),
            complete=not problems,
            incomplete_because=tuple(problems),
            routes=(*collected.routes, *collected.late),
            routers=tuple(self.routers[id(one)] for one in self._own_routers(collected)),
            dependencies=dependencies,
            options=router.options,
            lifespan=self.run.function_of(router.lifespan),
            lifespan_at=router.lifespan_at,
            events=tuple(router.events),
            docs_url=_address(router, "docs_url", "/docs"),
            redoc_url=_address(router, "redoc_url", "/redoc"),
            openapi_url=_address(router, "openapi_url", "/openapi.json"),
            root_path=_address(router, "root_path", "") or "",
            mounted_under=mounted_under,
            mounted=tuple(self._mounted(router, collected)),
            middleware=tuple(router.middleware),
        )

    def _own_routers(self, collected: Collector) -> Iterator[RouterValue]:
        reached = {id(one) for one in collected.routers}
        for router in self.run.routers:
            if id(router) in self.routers and self._is_reached(router, reached, 0):
                yield router

    def _mounted(self, router: RouterValue, collected: Collector) -> Iterator[App]:
        for one in collected.routers:
            if one is not router and one.is_app and one.site is not None and one in self.run.routers:
                places = self.mounts.get(id(one), [])
                yield self._app(one, self.names.targets_of(one), places[0][1] if places else None)


def _options(value: Value) -> list[RouterValue]:
    options = value.options if isinstance(value, Choice) else (value,)
    return [option for option in options if isinstance(option, RouterValue)]


def _address(router: RouterValue, name: str, default: str) -> str | None:
    value = router.values.get(name, default)
    if isinstance(value, Choice):
        value = next((option for option in value.options if isinstance(option, str)), None)
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return default


def _distinct(apps: list[App]) -> Iterator[App]:
    """Each app once: those that one place makes with the same routes, and those of one name."""
    kept: dict[object, App] = {}
    for app in apps:
        routes = tuple((route.kind, route.methods, route.path, route.registered) for route in app.routes)
        same = next((key for key, other in kept.items() if _is_same(app, routes, other)), None)
        if same is None:
            kept[id(app)] = app
        elif len(app.routes) > len(kept[same].routes):
            kept[same] = app
    yield from kept.values()


def _is_same(app: App, routes: tuple[object, ...], other: App) -> bool:
    if (app.target, app.module.root) == (other.target, other.module.root) and not app.factory:
        return True
    known = tuple((route.kind, route.methods, route.path, route.registered) for route in other.routes)
    return (app.path, app.at) == (other.path, other.at) and _paths(routes) == _paths(known)


def _paths(routes: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(route[:3] for route in routes if isinstance(route, tuple))
