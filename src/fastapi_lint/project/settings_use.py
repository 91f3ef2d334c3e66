"""Where settings are built, provided and read while requests are served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.imports import Imported, users_of
from fastapi_lint.project.role_names import outside_role
from fastapi_lint.project.settings import SettingsProvider
from fastapi_lint.project.statements import expressions_of
from fastapi_lint.project.symbols import ClassSymbol, External, FunctionSymbol, Module, Variable

if TYPE_CHECKING:
    from fastapi_lint.project.calls import CallSite
    from fastapi_lint.project.project import Project

_REQUEST_ROLES = frozenset({"router", "service", "dependency", "middleware", "repository"})
_USER_ROLES = frozenset({"router", "service", "dependency", "repository"})


@dataclass(frozen=True, slots=True, eq=False)
class Construction:
    """A settings class that is built while a request is served, in a function's body or by `Depends` on the class."""

    settings: ClassSymbol
    module: Module
    at: int
    function: FunctionSymbol | None
    injected: bool


@dataclass(frozen=True, slots=True, eq=False)
class SharedInstance:
    """A module-level settings instance, and the imports by which parts of the app that serve requests use it."""

    variable: Variable
    settings: ClassSymbol
    uses: tuple[Imported, ...]


class SettingsUse:
    """Answers how the application comes by its settings."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.settings = project.settings

    @cached_property
    def _in_requests(self) -> dict[int, FunctionSymbol]:
        """Functions whose bodies run while requests are served: what FastAPI calls, and services."""
        found = {id(c.function): c.function for c in self.project.endpoints.called if c.kind != "background task"}
        for module in self.project.application_modules():
            for function in self.project.resolver.index(module).functions:
                if self.project.roles.of(function).name == "service" and function.name != "__init__":
                    found[id(function)] = function
        return found

    @cached_property
    def _called_in_requests(self) -> frozenset[int]:
        return frozenset(
            id(site.callee)
            for function in self._in_requests.values()
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
        providers = {id(provider.function) for provider in self.settings.providers}
        lifespans = {id(function) for function in self.project.endpoints.lifespans}
        for key, function in self._in_requests.items():
            if key in providers or key in lifespans or self.settings.is_cached(function):
                continue
            for site in self.project.calls.of(function):
                if isinstance(site.callee, ClassSymbol) and self.settings.is_settings(site.callee):
                    yield Construction(site.callee, site.module, site.call.at, function, injected=False)
        yield from self._injected()

    def _injected(self) -> Iterator[Construction]:
        """`Depends(Settings)`, or `Depends()` behind a settings class."""
        seen: set[tuple[str, int]] = set()
        for endpoint in self.project.endpoints.all:
            for path in self.project.endpoints.paths(endpoint):
                last = path.last
                place = (last.scope.module.path, last.call.at)
                if isinstance(last.target, ClassSymbol) and self.settings.is_settings(last.target):
                    if place not in seen:
                        seen.add(place)
                        owner = last.scope.owner if isinstance(last.scope.owner, FunctionSymbol) else None
                        yield Construction(last.target, last.scope.module, last.call.at, owner, injected=True)

    # --- providers called directly ---------------------------------------------------------------

    def direct_calls(self) -> Iterator[tuple[CallSite, SettingsProvider, FunctionSymbol]]:
        """Calls of an injectable provider in the body of an endpoint or a dependency."""
        injectable = {id(p.function): p for p in self.settings.providers if self._is_injectable(p)}
        if not injectable:
            return
        providers = {id(provider.function) for provider in self.settings.providers}
        for called in self.project.endpoints.called:
            if called.kind not in ("endpoint", "dependency") or id(called.function) in providers:
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
        """Functions that some `dependency_overrides[...] = ...` replaces, tests included."""
        found: set[int] = set()
        for module in self.project.modules:
            index = self.project.resolver.index(module)
            for owner in (None, *index.functions):
                body = module.facts.body if owner is None else owner.node.body
                scope = index.scope if owner is None else index.scope_of(owner)
                for expr in expressions_of(body):
                    if isinstance(expr, s.Subscript) and _is_overrides(expr.value):
                        value = self.project.types.infer(expr.items[0], scope)
                        found.add(id(value))
        return frozenset(found)

    # --- module-level instances ------------------------------------------------------------------

    def shared_instances(self) -> Iterator[SharedInstance]:
        """Module-level instances that routers, services, dependencies or repositories import."""
        for variable in self.settings.module_instances():
            if outside_role(variable.module.path) is not None:
                continue
            value = variable.binding.value
            assert isinstance(value, s.Call)
            cls = self.project.types.infer(value.func, variable.scope)
            uses = tuple(self._uses(variable))
            if uses and isinstance(cls, ClassSymbol):
                yield SharedInstance(variable, cls, uses)

    def _uses(self, variable: Variable) -> Iterator[Imported]:
        for module in self.project.application_modules():
            for imported in self.project.imports.of(module):
                symbol = imported.symbol
                same = isinstance(symbol, Variable) and symbol.binding is variable.binding
                if same and not imported.type_only and self._is_user(imported):
                    yield imported

    def _is_user(self, imported: Imported) -> bool:
        """Whether the importing module, or a function of it that uses the name, serves requests."""
        if self.project.roles.of(imported.module).name in _USER_ROLES:
            return True
        index = self.project.resolver.index(imported.module)
        return any(
            user is not None and self.project.roles.of(user).name in _USER_ROLES
            for user in users_of(index, imported.local)
        )


def _is_overrides(expr: s.Expr) -> bool:
    return isinstance(expr, s.Attribute) and expr.attr == "dependency_overrides"
