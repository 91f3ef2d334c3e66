"""What a module gets by import from the project itself: each name followed to its definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.scopes import ModuleIndex
from fastapi_lint.project.names.symbols import (
    Binding,
    ClassSymbol,
    FunctionSymbol,
    Module,
    Namespace,
    Scope,
    Symbol,
    Variable,
)
from fastapi_lint.project.names.uses import NameUses, Use

_HOPS = 20

User = FunctionSymbol | ClassSymbol | None
"""Who uses a name: a function, a class body, or (None) the module's own statements."""


class ReExport(msgspec.Struct, frozen=True, eq=False):
    """A module that hands an imported name on: where it imports it."""

    module: Module
    at: int


class Imported(msgspec.Struct, frozen=True, eq=False):
    """One definition of the project that a module gets by import.

    `local` is the name that the import binds; `symbol` the definition that it leads to, for an imported
    module each one that is reached as its attribute (`crud.users.get`), or the module if none is; `at` the
    place of the name in the import statement. `within` is the function that holds a deferred import.
    """

    module: Module
    at: int
    local: str
    symbol: Symbol
    source: Module | Namespace
    via: tuple[ReExport, ...] = ()
    within: FunctionSymbol | None = None
    type_only: bool = False
    scope: Scope | None = None
    find_uses: Callable[[], tuple[Use, ...]] = tuple

    @property
    def uses(self) -> tuple[Use, ...]:
        """The places where the importing module uses it. Most are never asked for."""
        return self.find_uses()

    @property
    def definition(self) -> Module | None:
        """The module that defines the symbol."""
        if isinstance(self.symbol, Module):
            return self.symbol
        if isinstance(self.symbol, FunctionSymbol | ClassSymbol | Variable):
            return self.symbol.module
        return None

    @property
    def users(self) -> tuple[User, ...]:
        """The functions and classes whose own text uses it, and None for the module's own statements; each
        once.
        """
        found: list[User] = []
        for use in self.uses:
            if not any(use.owner is other for other in found):
                found.append(use.owner)
        return tuple(found)


class Imports:
    """Answers what modules import from the project itself."""

    def __init__(self, resolver: Resolver, name_uses: NameUses) -> None:
        self.resolver = resolver
        self.name_uses = name_uses
        self._of: dict[str, tuple[Imported, ...]] = {}

    def of(self, module: Module) -> tuple[Imported, ...]:
        """Every first-party definition that a module imports, at module level or inside a function, in
        source order.
        """
        if module.path not in self._of:
            index = self.resolver.index(module)
            found = [one for scope in _scopes(index) for one in self._in_scope(scope)]
            self._of[module.path] = tuple(sorted(found, key=lambda one: one.at))
        return self._of[module.path]

    def _in_scope(self, scope: Scope) -> Iterator[Imported]:
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding.statement is not None:
                    yield from self._imported(scope, name, binding)
        for star in scope.stars:
            yield from self._starred(scope, star)

    def _imported(self, scope: Scope, name: str, binding: Binding) -> Iterator[Imported]:
        source = self.resolver.source_of(binding, scope.module)
        if source is None:
            return
        symbol = self.resolver.follow(self.resolver.imported(binding, scope.module))
        uses = partial(self._uses, scope, name, binding)
        if isinstance(symbol, Module | Namespace):
            yield from self._attributes(scope, binding, name, symbol, source, uses())
        elif symbol is not None:
            assert binding.alias is not None
            via = self._re_exports(source, binding.alias.name)
            yield _make(scope, binding, name, symbol, source, via, uses)

    def _uses(self, scope: Scope, name: str, binding: Binding) -> tuple[Use, ...]:
        return tuple(use for use in self.name_uses.of(scope, name) if _is_through(use, binding))

    def _attributes(
        self,
        scope: Scope,
        binding: Binding,
        name: str,
        base: Module | Namespace,
        source: Module | Namespace,
        uses: tuple[Use, ...],
    ) -> Iterator[Imported]:
        """What is reached through an imported module, each definition once, with its uses."""
        reached: dict[int, tuple[Symbol, tuple[ReExport, ...], list[Use]]] = {}
        for use in uses:
            symbol, via = self._reached(base, use.attributes)
            reached.setdefault(_identity(symbol), (symbol, via, []))[2].append(use)
        if not reached:
            yield _make(scope, binding, name, source, source, (), lambda: uses)
        for symbol, via, found in reached.values():
            yield _make(scope, binding, name, symbol, source, via, partial(tuple, found))

    def _reached(
        self, base: Module | Namespace, attributes: tuple[str, ...]
    ) -> tuple[Symbol, tuple[ReExport, ...]]:
        """The definition that `base.a.b` leads to, as far as modules go."""
        symbol: Symbol = base
        via: tuple[ReExport, ...] = ()
        for attribute in attributes:
            if not isinstance(symbol, Module | Namespace):
                break
            inner = self.resolver.follow(self.resolver.member(symbol, attribute))
            if inner is None:
                break
            via = self._re_exports(symbol, attribute)
            symbol = inner
        return symbol, via

    def _starred(self, scope: Scope, star: Binding) -> Iterator[Imported]:
        """The names that a module uses and only a star import can have brought."""
        source = self.resolver.source_of(star, scope.module)
        if not isinstance(source, Module):
            return
        for name in self.name_uses.unbound(scope):
            symbol = self.resolver.follow(self.resolver.module_member(source, name))
            if symbol is not None and not isinstance(symbol, Module | Namespace) and not name.startswith("_"):
                via = self._re_exports(source, name)
                yield _make(scope, star, name, symbol, source, via, partial(self.name_uses.of, scope, name))

    def _re_exports(self, source: Module | Namespace, name: str) -> tuple[ReExport, ...]:
        """The modules between an import and the definition that only hand the name on."""
        found: list[ReExport] = []
        current: Module | Namespace | None = source
        while isinstance(current, Module) and len(found) < _HOPS:
            binding = self._handed_on(current, name)
            if binding is None or binding.alias is None:
                break
            found.append(ReExport(current, binding.at))
            if binding.alias.name != "*":
                name = binding.alias.name
            current = self.resolver.source_of(binding, current)
            if any(hop.module is current for hop in found):
                break
        return tuple(found)

    def _handed_on(self, module: Module, name: str) -> Binding | None:
        """The import that gives a module's name its meaning, if an import does."""
        scope = self.resolver.scope(module)
        bindings = scope.bindings.get(name)
        if bindings:
            return next((b for b in reversed(bindings) if isinstance(b.statement, s.ImportFrom)), None)
        for star in scope.stars:
            source = self.resolver.source_of(star, module)
            if isinstance(source, Module) and self.resolver.module_member(source, name) is not None:
                return star
        return None


def _make(
    scope: Scope,
    binding: Binding,
    name: str,
    symbol: Symbol,
    source: Module | Namespace,
    via: tuple[ReExport, ...],
    uses: Callable[[], tuple[Use, ...]],
) -> Imported:
    owner = scope.owner if isinstance(scope.owner, FunctionSymbol) else None
    return Imported(
        scope.module, binding.at, name, symbol, source, via, owner, binding.type_only, scope, uses
    )


def _is_through(use: Use, binding: Binding) -> bool:
    """Whether a use can be meant by one import: `import a.b` and `import a.c` both bind `a`."""
    assert binding.alias is not None
    if not isinstance(binding.statement, s.Import) or binding.alias.asname:
        return True
    inner = tuple(binding.alias.name.split("."))[1:]
    return use.attributes[: len(inner)] == inner


def _identity(symbol: Symbol) -> int:
    return id(symbol.binding) if isinstance(symbol, Variable) else id(symbol)


def _scopes(index: ModuleIndex) -> Iterator[Scope]:
    yield index.scope
    owners: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
    for symbol in owners:
        yield index.scope_of(symbol)
