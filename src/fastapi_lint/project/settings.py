"""Settings: the classes, the functions that provide them, and the instances that modules hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.dependencies import Dependencies
from fastapi_lint.project.symbols import ClassSymbol, External, FunctionSymbol, Module, Variable
from fastapi_lint.project.types import Instance, Types, return_values

BASE_SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
_CACHES = frozenset(
    {
        "functools.lru_cache",
        "functools.cache",
        "cachetools.cached",
        "cachetools.func.lru_cache",
        "cachetools.func.ttl_cache",
        "async_lru.alru_cache",
        "aiocache.cached",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class SettingsProvider:
    """A function that returns an instance of a settings class.

    `constructs` is the call that builds it, None if it returns something that exists already; `cached` tells
    that a second call gives the same object.
    """

    function: FunctionSymbol
    settings: ClassSymbol
    constructs: s.Call | None
    cached: bool


class Settings:
    """Answers about Pydantic settings."""

    def __init__(self, modules: Iterable[Module], types: Types, dependencies: Dependencies) -> None:
        self.types = types
        self.resolver = types.resolver
        self.modules = tuple(modules)
        self.dependencies = dependencies
        self._classes: tuple[ClassSymbol, ...] | None = None
        self._providers: tuple[SettingsProvider, ...] | None = None

    def is_settings(self, cls: object) -> bool:
        """Whether a class derives from Pydantic's `BaseSettings`."""
        return isinstance(cls, ClassSymbol) and self.resolver.inherits(cls, BASE_SETTINGS)

    @property
    def classes(self) -> tuple[ClassSymbol, ...]:
        """All settings classes, in the order of path and place."""
        if self._classes is None:
            self._classes = tuple(
                cls for module in self.modules for cls in self.resolver.index(module).classes if self.is_settings(cls)
            )
        return self._classes

    @property
    def providers(self) -> tuple[SettingsProvider, ...]:
        """All functions that return an instance of a settings class."""
        if self._providers is None:
            found: list[SettingsProvider] = []
            if self.classes:
                for module in self.modules:
                    for function in self.resolver.index(module).functions:
                        provider = self._provider(function)
                        if provider is not None:
                            found.append(provider)
            self._providers = tuple(found)
        return self._providers

    def provider_of(self, function: object) -> SettingsProvider | None:
        """The provider that a function is."""
        for provider in self.providers:
            if provider.function is function:
                return provider
        return None

    def _provider(self, function: FunctionSymbol) -> SettingsProvider | None:
        if function.node.is_generator or (function.owner is not None and function.name == "__new__"):
            return None
        values = return_values(function)
        if not values:
            return None
        scope = self.resolver.scope(function)
        settings: ClassSymbol | None = None
        constructs: s.Call | None = None
        for value in values:
            kind = self.types.infer(value, scope)
            if not isinstance(kind, Instance) or not self.is_settings(kind.cls):
                return None
            assert isinstance(kind.cls, ClassSymbol)
            settings = kind.cls
            built = self._construction(value, function)
            constructs = constructs or built
        if settings is None:
            return None
        return SettingsProvider(function, settings, constructs, self.is_cached(function))

    def _construction(self, value: s.Expr, function: FunctionSymbol) -> s.Call | None:
        """The call of the class that a returned expression is, or that its local variable holds."""
        scope = self.resolver.scope(function)
        if isinstance(value, s.Name):
            bindings = scope.bindings.get(value.id, [])
            if len(bindings) != 1 or bindings[0].value is None:
                return None
            value = bindings[0].value
        if isinstance(value, s.Call) and self.is_settings(self.types.infer(value.func, scope)):
            return value
        return None

    def is_cached(self, function: FunctionSymbol) -> bool:
        """Whether calls of a function give one remembered result: a cache decorator, or a later wrapping."""
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        for decorator in function.node.decorators:
            expr = decorator.func if isinstance(decorator, s.Call) else decorator
            symbol = self.resolver.resolve(expr, around)
            if isinstance(symbol, External) and symbol.name in _CACHES:
                return True
            if symbol is None or isinstance(symbol, FunctionSymbol):
                return True  # a decorator that isn't known may remember
        return self._remembers(function) or self._wrapped(function)

    def _remembers(self, function: FunctionSymbol) -> bool:
        """Memoised by hand: a `global`, or a state that is read before it is set."""
        for statement in function.node.body:
            if isinstance(statement, s.Global):
                return True
        return any(
            isinstance(target, s.Attribute | s.Subscript)
            for statement in function.node.body
            for inner in (statement, *(b for st in (statement,) if isinstance(st, s.If) for br in st.branches for b in br.body))
            if isinstance(inner, s.Assign)
            for target in inner.targets
        )

    def _wrapped(self, function: FunctionSymbol) -> bool:
        """`get_settings = lru_cache(load)` anywhere in its module."""
        for bindings in self.resolver.scope(function.module).bindings.values():
            for binding in bindings:
                value = binding.value
                if isinstance(value, s.Call) and any(
                    isinstance(arg, s.Name) and arg.id == function.name for arg in value.args
                ):
                    return True
        return False

    def module_instances(self) -> tuple[Variable, ...]:
        """Module-level names bound to a construction of a settings class (`settings = Settings()`)."""
        found: list[Variable] = []
        for module in self.modules if self.classes else ():
            scope = self.resolver.scope(module)
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    value = binding.value
                    if isinstance(value, s.Call) and not binding.path:
                        callee = self.types.infer(value.func, scope)
                        if self.is_settings(callee):
                            found.append(Variable(scope, name, binding))
        return tuple(found)
