"""How a server is told which app to start: `pkg.main:app`, or a factory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi_lint.project.routing.entries import is_test
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.values import FunctionValue, InstanceValue, ModuleValue
from fastapi_lint.project.routing.wrappers import is_app

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter
    from fastapi_lint.project.symbols import Module


@dataclass(frozen=True, slots=True)
class Target:
    """One way to name an app. `module` is where the name is bound."""

    module: Module
    name: str
    factory: bool

    def __str__(self) -> str:
        return f"{self.module.name}:{self.name}"


def targets_of(run: Interpreter, app: RouterValue) -> list[Target]:
    """All targets of an app, the best one first; empty if nothing of the project names it."""
    assigned = [
        Target(module.module, name, False) for module, name in app.names if not is_test(module.module.path)
    ]
    users = _using_modules(app)
    bound = [
        Target(value.module, name, False)
        for path, value in sorted(run.modules.items())
        if not is_test(path)
        for name in _names_in(run, value, app)
    ]
    starts = [one for one in bound if one.module.path in users and one not in assigned]
    factories = [one for function in app.factories if (one := _factory(function)) is not None]
    first = starts[-1:] if starts else []
    return list(dict.fromkeys([*first, *assigned, *bound, *factories]))


def _using_modules(app: RouterValue) -> set[str]:
    """Modules other than the one that makes the app, whose own body registers something on it."""
    home = app.site.module.path if app.site else ""
    sites = [
        next(iter(getattr(entry, "via", ())), None) or getattr(entry, "registered", None)
        for entry in app.routes
    ]
    own = {site.module.path for site in sites if site is not None and site.scope.owner is None}
    return set() if home in own else own


def _names_in(run: Interpreter, module: ModuleValue, app: RouterValue) -> list[str]:
    found = []
    for name, value in module.env.items():
        if is_app(run, value, app):
            found.append(name)
        elif isinstance(value, InstanceValue):
            found.extend(f"{name}.{inner}" for inner, held in value.attrs.items() if is_app(run, held, app))
    return found


def _factory(function: FunctionValue) -> Target | None:
    symbol = function.symbol
    if symbol is None or symbol.parent is not None:
        return None
    name = symbol.owner.qualname if symbol.owner is not None else symbol.name
    return Target(symbol.module, name, True)
