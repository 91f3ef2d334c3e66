"""Where settings are built, provided and read while requests are served."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.imports.first_party import User
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Variable
from fastapi_lint.project.settings.model import SettingsProvider
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_USER_ROLES = frozenset({"router", "service", "dependency", "repository"})


class Construction(msgspec.Struct, frozen=True, eq=False):
    """A settings class that is built while a request is served, in a function's body or by `Depends` on the
    class.
    """

    settings: ClassSymbol
    module: Module
    at: int
    function: FunctionSymbol | None
    injected: bool


class InstanceUse(msgspec.Struct, frozen=True, eq=False):
    """Where code that serves requests uses a module-level settings instance: its import, or its name in its
    module.
    """

    module: Module
    at: int


class SharedInstance(msgspec.Struct, frozen=True, eq=False):
    """A module-level settings instance, and where parts of the application that serve requests use it."""

    variable: Variable
    settings: ClassSymbol
    uses: tuple[InstanceUse, ...]


class SettingsUse:
    """Answers how the application comes by its settings."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.settings = project.settings

    # --- built in requests -----------------------------------------------------------------------

    @cached_property
    def _in_requests(self) -> tuple[FunctionSymbol, ...]:
        """Functions whose bodies run while requests are served: what FastAPI calls, and methods of
        services.
        """
        called = [c.function for c in self.project.endpoints.called if c.kind != "background task"]
        found = {id(f): f for f in called if not self.project.roles.is_outside(f.module)}
        for module in self.project.application_modules():
            for function in self.project.resolver.index(module).functions:
                if self.project.roles.of(function).name == "service" and not function.name.startswith("__"):
                    found[id(function)] = function
        lifespans = {id(function) for function in self.project.endpoints.lifespans}
        return tuple(function for key, function in found.items() if key not in lifespans)

    @cached_property
    def _called_in_requests(self) -> frozenset[int]:
        return frozenset(
            id(site.callee)
            for function in self._in_requests
            for site in self.project.calls.of(function)
            if isinstance(site.callee, FunctionSymbol)
        )

    @cached_property
    def _dependencies(self) -> frozenset[int]:
        return frozenset(id(function) for function in self.project.endpoints.dependency_functions)

    def serves_requests(self, provider: SettingsProvider) -> bool:
        """Whether a provider is a dependency, or is called in an endpoint, a dependency or a service."""
        key = id(provider.function)
        return key in self._dependencies or key in self._called_in_requests

    def built_per_request(self) -> Iterator[Construction]:
        """Settings classes built in a request's path, other than by a provider that returns them."""
        if not self.settings.classes:
            return
        for function in self._in_requests:
            if self.settings.provider_of(function) is not None or self._remembers(function):
                continue
            for site in self.project.calls.of(function):
                if isinstance(site.callee, ClassSymbol) and self.settings.is_settings(site.callee):
                    yield Construction(site.callee, site.module, site.call.at, function, injected=False)
        yield from self._injected()

    def _remembers(self, function: FunctionSymbol) -> bool:
        caches = self.settings.caches
        return caches.function_cache_of(function) is not None or caches.remembers_by_hand(function)

    def _injected(self) -> Iterator[Construction]:
        """`Depends(Settings)`, or `Depends()` behind a settings class."""
        seen: set[tuple[str, int]] = set()
        for endpoint in self.project.endpoints.all:
            if self.project.roles.is_outside(endpoint.function.module):
                continue
            for path in self.project.endpoints.paths(endpoint):
                last = path.last
                place = (last.scope.module.path, last.call.at)
                if not isinstance(last.target, ClassSymbol) or not self.settings.is_settings(last.target):
                    continue
                if place not in seen:
                    seen.add(place)
                    owner = last.scope.owner if isinstance(last.scope.owner, FunctionSymbol) else None
                    yield Construction(last.target, last.scope.module, last.call.at, owner, injected=True)

    # --- where a setting belongs -----------------------------------------------------------------

    def settings_for(self, module: Module) -> ClassSymbol | None:
        """The settings class that a module could use: of its application, and of its own distribution.

        Those that the project provides or holds an instance of are preferred; then the one with most fields.
        """
        is_inside = self.project.layers.application(module)
        own = self._distribution(module.path)
        found = [
            cls
            for cls in self.settings.classes
            if is_inside(cls.module.path)
            and self._distribution(cls.module.path) == own
            and not self.project.roles.is_outside(cls.module)
        ]
        return max([cls for cls in found if id(cls) in self._in_use] or found, key=_size, default=None)

    @cached_property
    def _in_use(self) -> frozenset[int]:
        """Settings classes of which the project holds or provides an instance."""
        found = {id(provider.settings) for provider in self.settings.providers}
        for variable in self.settings.module_instances:
            value = variable.binding.value
            if isinstance(value, s.Call):
                found.add(id(self.project.types.infer(value.func, variable.scope)))
        return frozenset(found)

    def _distribution(self, path: str) -> str:
        """The nearest folder around a file with a `pyproject.toml`, `setup.cfg` or `setup.py`; "" for the
        root.
        """
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if folder in self._distributions:
                return folder
        return ""

    @cached_property
    def _distributions(self) -> frozenset[str]:
        kinds = (Kind.PYPROJECT, Kind.SETUP_CFG)
        found = [file.path for file in self.project.files if file.kind in kinds]
        found += [module.path for module in self.project.modules if module.path.endswith("/setup.py")]
        return frozenset(path.rpartition("/")[0] for path in found)

    # --- providers called directly ---------------------------------------------------------------

    def direct_calls(self) -> Iterator[tuple[CallSite, SettingsProvider, FunctionSymbol]]:
        """Calls of an injectable provider in the body of an endpoint or a dependency."""
        injectable = {id(p.function): p for p in self.settings.providers if self._is_injectable(p)}
        if not injectable:
            return
        for called in self.project.endpoints.called:
            if called.kind not in ("endpoint", "dependency") or self.project.roles.is_outside(
                called.function.module
            ):
                continue
            if self.settings.provider_of(called.function) is not None:
                continue
            for site in self.project.calls.of(called.function):
                provider = injectable.get(id(site.callee))
                if provider is not None:
                    yield site, provider, called.function

    def _is_injectable(self, provider: SettingsProvider) -> bool:
        """Whether injection is the project's own convention for a provider."""
        return id(provider.function) in self._dependencies or id(provider.function) in self._overridden

    @cached_property
    def _overridden(self) -> frozenset[int]:
        """Functions that tests replace: `dependency_overrides[f] = g`, `= {f: g}` or `.update({f: g})`."""
        found: set[int] = set()
        for module in self.project.modules:
            if "dependency_overrides" not in module.facts.names:
                continue
            index = self.project.resolver.index(module)
            bodies = [(module.facts.body, index.scope)]
            bodies += [(function.node.body, index.scope_of(function)) for function in index.functions]
            for body, scope in bodies:
                for key in _override_keys(body):
                    value = self.project.types.infer(key, scope)
                    if isinstance(value, FunctionSymbol):
                        found.add(id(value))
        return frozenset(found)

    # --- module-level instances ------------------------------------------------------------------

    def shared_instances(self) -> Iterator[SharedInstance]:
        """Module-level instances that routers, services, dependencies or repositories use past a provider."""
        for variable in self.settings.module_instances:
            if self.project.roles.is_outside(variable.module):
                continue
            value = variable.binding.value
            cls = self.project.types.infer(value.func, variable.scope) if isinstance(value, s.Call) else None
            uses = (*self._own_uses(variable), *self._imported_uses(variable))
            if uses and isinstance(cls, ClassSymbol):
                yield SharedInstance(variable, cls, uses)

    def _own_uses(self, variable: Variable) -> Iterator[InstanceUse]:
        """The first use in the module itself by code that serves requests; none where the app is built."""
        if self.project.roles.of(variable.module).name == "app":
            return
        for use in self.project.name_uses.of(variable.scope, variable.name):
            if use.owner is not None and self._is_user(use.owner):
                yield InstanceUse(variable.module, use.at)
                return

    def _imported_uses(self, variable: Variable) -> Iterator[InstanceUse]:
        for module in self.project.application_modules():
            for imported in self.project.imports.of(module):
                symbol = imported.symbol
                same = isinstance(symbol, Variable) and symbol.binding is variable.binding
                if same and not imported.type_only and any(self._is_user(u, module) for u in imported.users):
                    yield InstanceUse(imported.module, imported.at)
                    break

    def _is_user(self, user: User, module: Module | None = None) -> bool:
        """Whether a function, a class, or else a module's own statements serve requests, and no provider."""
        role = self.project.roles.of(user or module).name
        if self.settings.provider_of(user) is not None and role != "router":
            return False
        return role in _USER_ROLES


def _size(cls: ClassSymbol) -> int:
    """How many fields a class declares."""
    return sum(isinstance(statement, s.Declaration) for statement in cls.node.body)


def _override_keys(body: tuple[s.Statement, ...]) -> Iterator[s.Expr]:
    for expr in expressions_of(body):
        if isinstance(expr, s.Subscript) and _is_overrides(expr.value):
            yield expr.items[0]
        elif (
            isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute) and _is_overrides(expr.func.value)
        ):
            yield from (key for arg in expr.args if isinstance(arg, s.Mapping) for key in arg.keys if key)
    for statement in body:
        if isinstance(statement, s.Assign) and any(_is_overrides(target) for target in statement.targets):
            value = statement.value
            yield from (key for key in (value.keys if isinstance(value, s.Mapping) else ()) if key)


def _is_overrides(expr: s.Expr) -> bool:
    return isinstance(expr, s.Attribute) and expr.attr == "dependency_overrides"
