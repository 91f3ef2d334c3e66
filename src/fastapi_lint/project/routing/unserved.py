"""Routers that no app serves, as far as that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import Variable

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Binding, FunctionSymbol, Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App, Router

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
    made = {s.start_of(binding.at) for binding in scope.bindings[router.name]}
    included = _included(project, router.module)
    for use in project.name_uses.of(scope, router.name):
        if s.start_of(use.at) not in made and use.at not in included and _leaves(use.attributes):
            return True
    others = (module for module in project.code_modules if module is not router.module)
    return any(_is_used_by(project, module, router) for module in others)


def _leaves(attributes: tuple[str, ...]) -> bool:
    return not attributes or attributes[0] not in _REGISTERING


def _included(project: Project, module: Module) -> set[int]:
    """Places of the routers that `include_router` and `mount` are given, where these calls are known.

    Calls in the module's own body are followed; those in a function that nothing uses never happen.
    """
    found: set[int] = set()
    for site in project.calls.named(module, "include_router", "mount"):
        if site.caller is None or _is_unused(project, site.caller):
            found |= {argument.at for argument in site.call.args}
            found |= {keyword.value.at for keyword in site.call.keywords}
    return found


def _is_unused(project: Project, function: FunctionSymbol) -> bool:
    """Whether a module's function is imported at most, but neither called nor handed to anything."""
    scope = project.resolver.scope(function.module)
    if function.owner or function.parent or project.name_uses.of(scope, function.name):
        return False
    return not any(
        project.name_uses.of(project.resolver.scope(module), name)
        for module in project.code_modules
        for name, binding in _imports(project, module, function.name)
        if project.resolver.imported(binding, module) is function
    )


def _is_used_by(project: Project, module: Module, router: Router) -> bool:
    """Whether another module uses the router for anything but registering."""
    if router.name is None:
        return False
    scope, home = project.resolver.scope(module), project.resolver.scope(router.module)
    included: set[int] | None = None
    for name, binding in _imports(project, module, router.name, router.module.name.rpartition(".")[2]):
        symbol = project.resolver.imported(binding, module)
        skipped = (router.name,) if symbol is router.module else ()
        is_router = isinstance(symbol, Variable) and symbol.scope is home and symbol.name == router.name
        if not is_router and not skipped:
            continue
        for use in project.name_uses.of(scope, name):
            if included is None:
                included = _included(project, module)
            if use.attributes[: len(skipped)] != skipped or use.at in included:
                continue
            if _leaves(use.attributes[len(skipped) :]):
                return True
    return False


def _imports(project: Project, module: Module, *names: str) -> Iterator[tuple[str, Binding]]:
    """The names that `from ... import` of one of `names` binds in a module, with their bindings."""
    for local, bindings in project.resolver.scope(module).bindings.items():
        for binding in bindings:
            if isinstance(binding.statement, s.ImportFrom) and binding.alias and binding.alias.name in names:
                yield local, binding
