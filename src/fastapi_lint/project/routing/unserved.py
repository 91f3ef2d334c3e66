"""Routers that no app serves, as far as that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.symbols import Variable

if TYPE_CHECKING:
    from fastapi_lint.project.name_uses import Use
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Router
    from fastapi_lint.project.symbols import Binding, Module, Scope

_REGISTERING = frozenset(
    {
        *("get", "post", "put", "patch", "delete", "head", "options", "trace", "route", "api_route"),
        *("websocket", "websocket_route", "add_api_route", "add_api_websocket_route", "add_route"),
        *("include_router", "mount", "on_event", "add_event_handler", "prefix", "tags", "dependencies"),
    }
)
"""Attributes of a router that keep it where it is."""

_PATHS_ONLY = ("the path of ", "the methods of ")
"""Reasons for an incomplete table that leave no doubt which routers are included."""


def unserved_routers(project: Project) -> Iterator[Router]:
    """The routers with routes of their own that certainly no app of the project includes or mounts."""
    served = {(router.module.path, router.at) for router in project.routing.routers if router.reached}
    seen = set(served)
    for router in project.routing.routers:
        place = (router.module.path, router.at)
        if place in seen or not router.own or router.escapes:
            continue
        seen.add(place)
        apps = _apps_around(project, router)
        if apps and all(_is_certain(app) for app in apps) and not _goes_elsewhere(project, router):
            yield router


def _apps_around(project: Project, router: Router) -> list[App]:
    """The apps that could serve a router: those of its import root, else all; none of tests and examples."""
    apps = [app for app in project.apps if not project.roles.is_outside(app.module)]
    near = [app for app in apps if app.module.root == router.module.root]
    return near or apps


def _is_certain(app: App) -> bool:
    return all(any(known in reason for known in _PATHS_ONLY) for reason in app.incomplete_because)


def _goes_elsewhere(project: Project, router: Router) -> bool:
    """Whether the router is used for anything but registering, so that it may be served in another way."""
    scope = project.resolver.scope(router.module)
    if router.name is None or router.name not in scope.bindings:
        return True
    if any(_leaves(use.attributes) for use in project.name_uses.of(scope, router.name)):
        return True
    return any(_leaves(attributes) for attributes in _uses_elsewhere(project, router))


def _leaves(attributes: tuple[str, ...]) -> bool:
    return not attributes or attributes[0] not in _REGISTERING


def _uses_elsewhere(project: Project, router: Router) -> Iterator[tuple[str, ...]]:
    """The attributes that other modules take of the router, with nothing for the router itself."""
    for module in project.modules:
        if module is router.module:
            continue
        scope = project.resolver.scope(module)
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding.statement is not None:
                    skipped = _attributes_before(project, binding, module, router)
                    if skipped is not None:
                        yield from _behind(project.name_uses.of(scope, name), skipped)


def _attributes_before(
    project: Project, binding: Binding, module: Module, router: Router
) -> tuple[str, ...] | None:
    """What stands between an imported name and the router: nothing, or the router's name in its module."""
    alias = binding.alias
    if alias is None or isinstance(binding.statement, s.Import):
        return None
    if alias.name not in (router.name, router.module.name.rpartition(".")[2]):
        return None
    symbol = project.resolver.imported(binding, module)
    if symbol is router.module and router.name is not None:
        return (router.name,)
    scope = project.resolver.scope(router.module)
    return () if isinstance(symbol, Variable) and _is_the_router(symbol, scope, router) else None


def _is_the_router(variable: Variable, scope: Scope, router: Router) -> bool:
    return variable.scope is scope and variable.name == router.name


def _behind(uses: tuple[Use, ...], skipped: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for use in uses:
        if use.attributes[: len(skipped)] == skipped:
            yield use.attributes[len(skipped) :]
