"""How a server is told which app to start: `pkg.main:app`, or a factory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.routing.entries import is_test
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.values import (
    Choice,
    ExternalInstance,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    Value,
)
from fastapi_lint.project.routing.wrappers import unwrapped

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.routing.interpreter import Interpreter


class Target(msgspec.Struct, frozen=True):
    """One way to name an app. `module` is where the name is bound."""

    module: Module
    name: str
    factory: bool

    def __str__(self) -> str:
        return f"{self.module.name}:{self.name}"


class Names:
    """The names that the modules of a finished run give to apps."""

    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.bound: dict[int, list[Target]] = defaultdict(list)
        for path in sorted(run.modules):
            if not is_test(path):
                self._read(run.modules[path])

    def _read(self, module: ModuleValue) -> None:
        for name, value in module.env.items():
            for inner, held in _held(value):
                for app in _apps(self.run, held):
                    full = f"{name}.{inner}" if inner else name
                    self.bound[id(app)].append(Target(module.module, full, False))

    def targets_of(self, app: RouterValue) -> list[Target]:
        """All targets of an app, the best one first; empty if nothing of the project names it."""
        assigned = [
            Target(module.module, name, False)
            for module, name in app.names
            if not is_test(module.module.path)
        ]
        users = _using_modules(app) & self.run.roots
        bound = self.bound.get(id(app), [])
        starts = [one for one in bound if one.module.path in users and one not in assigned]
        factories = [one for function in app.factories if (one := _factory(function)) is not None]
        return list(dict.fromkeys([*starts[-1:], *assigned, *bound, *factories]))


def _held(value: Value) -> Iterator[tuple[str, Value]]:
    """A module's value, or the attributes of an object that it holds."""
    if isinstance(value, InstanceValue):
        yield from value.attrs.items()
    else:
        yield "", value


def _apps(run: Interpreter, value: Value) -> Iterator[RouterValue]:
    if isinstance(value, Choice):
        for option in value.options:
            yield from _apps(run, option)
    elif isinstance(value, RouterValue | ExternalInstance):
        app = unwrapped(run, value)
        if isinstance(app, RouterValue) and app.is_app:
            yield app


def _using_modules(app: RouterValue) -> set[str]:
    """Modules other than the one that makes the app, whose own body registers something on it."""
    home = app.site.module.path if app.site else ""
    sites = [
        next(iter(getattr(entry, "via", ())), None) or getattr(entry, "registered", None)
        for entry in app.routes
    ]
    own = {site.module.path for site in sites if site is not None and site.scope.owner is None}
    return set() if home in own else own


def _factory(function: FunctionValue) -> Target | None:
    symbol = function.symbol
    if symbol is None or symbol.parent is not None:
        return None
    name = symbol.owner.qualname if symbol.owner is not None else symbol.name
    return Target(symbol.module, name, True)
