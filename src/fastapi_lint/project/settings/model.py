"""Settings: the classes, the functions that provide them, and the instances that modules hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.dependencies.caches import Caches
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Variable
from fastapi_lint.project.settings.fields import SettingsFields
from fastapi_lint.project.settings.validators import SettingsValidators
from fastapi_lint.project.types.infer import Instance, Types, return_values

if TYPE_CHECKING:
    from fastapi_lint.project.versions.sets import VersionSets

PYDANTIC_1_SETTINGS = frozenset({"pydantic.BaseSettings", "pydantic.v1.BaseSettings"})
"""`BaseSettings` as Pydantic 1 has it, and as Pydantic 2 keeps it under `pydantic.v1`."""

BASE_SETTINGS = frozenset({"pydantic_settings.BaseSettings", *PYDANTIC_1_SETTINGS})


class SettingsProvider(msgspec.Struct, frozen=True, eq=False):
    """A function that returns an instance of a settings class.

    `constructs` is the call that builds it, None if it returns something that exists already; `cached` tells
    that a second call gives the same object, or may do so.
    """

    function: FunctionSymbol
    settings: ClassSymbol
    constructs: s.Call | None
    cached: bool


class Settings:
    """Answers about Pydantic settings."""

    def __init__(self, modules: Iterable[Module], types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver
        self.modules = tuple(modules)
        self.caches = Caches(types)
        self.fields = SettingsFields(types)
        self.validators = SettingsValidators(types)

    def is_settings(self, cls: object) -> bool:
        """Whether a class derives from Pydantic's `BaseSettings`."""
        return isinstance(cls, ClassSymbol) and self.resolver.inherits(cls, BASE_SETTINGS)

    def is_pydantic_2(self, cls: ClassSymbol, versions: VersionSets) -> bool:
        """Whether a settings class certainly is one of Pydantic 2: by its base, else by the versions."""
        for base in self.resolver.ancestry(cls):
            if isinstance(base, External) and base.name in BASE_SETTINGS:
                if base.name not in PYDANTIC_1_SETTINGS:
                    return True
                newer = versions.for_file(cls.module.path).all_at_least("pydantic", "2")
                return base.name == "pydantic.BaseSettings" and newer
        return False

    @cached_property
    def classes(self) -> tuple[ClassSymbol, ...]:
        """All settings classes, in the order of path and place."""
        return tuple(
            cls
            for module in self.modules
            for cls in self.resolver.index(module).classes
            if cls.node.bases and self.is_settings(cls)
        )

    @cached_property
    def providers(self) -> tuple[SettingsProvider, ...]:
        """All functions that return an instance of a settings class, in the order of path and place."""
        if not self.classes:
            return ()
        functions = (f for module in self.modules for f in self.resolver.index(module).functions)
        return tuple(provider for f in functions if (provider := self._provider(f)) is not None)

    @cached_property
    def _by_function(self) -> dict[int, SettingsProvider]:
        return {id(provider.function): provider for provider in self.providers}

    def provider_of(self, function: object) -> SettingsProvider | None:
        """The provider that a function is."""
        return self._by_function.get(id(function))

    def _provider(self, function: FunctionSymbol) -> SettingsProvider | None:
        if function.node.is_generator or (function.owner is not None and function.name == "__new__"):
            return None
        values = return_values(function)
        scope = self.resolver.scope(function)
        kinds = [self.types.infer(value, scope) for value in values]
        classes = [kind.cls for kind in kinds if isinstance(kind, Instance) and self.is_settings(kind.cls)]
        if not classes or len(classes) < len(values):
            return None
        settings = classes[-1]
        assert isinstance(settings, ClassSymbol)
        constructed = (self._construction(value, function) for value in values)
        found = [call for call in constructed if call is not None]
        # One that gives what others keep, and builds only where there is none, is asked for what is kept.
        cached = 0 < len(found) < len(values) or self.caches.may_remember(function)
        return SettingsProvider(function, settings, found[0] if found else None, cached)

    def _construction(self, value: s.Expr, function: FunctionSymbol) -> s.Call | None:
        """The call of the class that a returned expression is, or that its local variable holds."""
        scope = self.resolver.scope(function)
        if isinstance(value, s.Name):
            bindings = scope.bindings.get(value.id, [])
            if len(bindings) != 1 or bindings[0].value is None:
                return None
            value = bindings[0].value
        return (
            value
            if isinstance(value, s.Call) and self.is_settings(self.types.infer(value.func, scope))
            else None
        )

    @cached_property
    def module_instances(self) -> tuple[Variable, ...]:
        """Module-level names bound to a construction of a settings class (`settings = Settings()`)."""
        return tuple(self._module_instances())

    def _module_instances(self) -> Iterator[Variable]:
        for module in self.modules if self.classes else ():
            scope = self.resolver.scope(module)
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    value = binding.value
                    if not isinstance(value, s.Call) or binding.path:
                        continue
                    if self.is_settings(self.types.infer(value.func, scope)):
                        yield Variable(scope, name, binding)
