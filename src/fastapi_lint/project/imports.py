"""What a module imports, each name followed to its definition, with the modules that re-export it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.scopes import ModuleIndex
from fastapi_lint.project.statements import walk_expressions, walk_statements
from fastapi_lint.project.statements import expressions as expressions_in
from fastapi_lint.project.symbols import (
    Binding,
    ClassSymbol,
    FunctionSymbol,
    Module,
    Namespace,
    Scope,
    Symbol,
    Variable,
)

_HOPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class ReExport:
    """A module that hands an imported name on: where it imports it."""

    module: Module
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """One name that a module imports from the project.

    `local` is the name it has there; `symbol` the definition that it leads to; `at` the place of the name in
    the import statement. `within` is the function that holds a deferred import.
    """

    module: Module
    at: int
    local: str
    symbol: Symbol
    source: Module | Namespace
    via: tuple[ReExport, ...] = ()
    within: FunctionSymbol | None = None
    type_only: bool = False
    scope: Scope | None = field(default=None, repr=False)

    @property
    def definition(self) -> Module | None:
        """The module that defines the symbol."""
        if isinstance(self.symbol, Module):
            return self.symbol
        if isinstance(self.symbol, FunctionSymbol | ClassSymbol | Variable):
            return self.symbol.module
        return None


class Imports:
    """Answers what modules import from the project itself."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._of: dict[str, tuple[Imported, ...]] = {}

    def of(self, module: Module) -> tuple[Imported, ...]:
        """Every first-party name that a module imports, at module level or inside a function, in source order."""
        if module.path not in self._of:
            index = self.resolver.index(module)
            found = [one for scope in _scopes(index) for one in self._in_scope(scope)]
            self._of[module.path] = tuple(sorted(found, key=lambda one: (one.at, one.local)))
        return self._of[module.path]

    def users_of(self, imported: Imported) -> tuple[FunctionSymbol | None, ...]:
        """The functions whose own text uses an imported name; None for the module's own statements."""
        return users_of(self.resolver.index(imported.module), imported.local)

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
        if isinstance(binding.statement, s.Import):
            symbol: Symbol | None = source
        else:
            symbol = self.resolver.follow(self.resolver.imported(binding, scope.module))
        if symbol is None:
            return
        assert binding.alias is not None
        via = self._re_exports(source, binding.alias.name)
        yield self._make(scope, binding, name, symbol, source, via)

    def _starred(self, scope: Scope, star: Binding) -> Iterator[Imported]:
        """The names that a module uses and only a star import can have brought."""
        source = self.resolver.source_of(star, scope.module)
        if not isinstance(source, Module):
            return
        for name in sorted(used_names(scope.module)):
            if name in scope.bindings or name.startswith("_"):
                continue
            symbol = self.resolver.follow(self.resolver.module_member(source, name))
            if symbol is not None and not isinstance(symbol, Module):
                yield self._make(scope, star, name, symbol, source, self._re_exports(source, name))

    def _make(
        self,
        scope: Scope,
        binding: Binding,
        name: str,
        symbol: Symbol,
        source: Module | Namespace,
        via: tuple[ReExport, ...],
    ) -> Imported:
        owner = scope.owner if isinstance(scope.owner, FunctionSymbol) else None
        return Imported(
            scope.module, binding.at, name, symbol, source, via, owner, binding.type_only, scope
        )

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


def _scopes(index: ModuleIndex) -> Iterator[Scope]:
    yield index.scope
    owners: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
    for symbol in owners:
        yield index.scope_of(symbol)


def used_names(module: Module) -> frozenset[str]:
    """All bare names that occur in a module's expressions."""
    return frozenset(
        expr.id
        for statement in walk_statements(module.facts.body, into_definitions=True)
        for expr in walk_expressions(expressions_in(statement))
        if isinstance(expr, s.Name)
    )


def users_of(index: ModuleIndex, name: str) -> tuple[FunctionSymbol | None, ...]:
    """The functions of a module whose own text uses a bare name; None for the module's own statements."""
    found: list[FunctionSymbol | None] = []
    for function in index.functions:
        if _uses(function.node.body, name) or _uses((function.node,), name):
            found.append(function)
    if _uses(index.scope.module.facts.body, name, own=True):
        found.append(None)
    return tuple(found)


def _uses(body: tuple[s.Statement, ...], name: str, own: bool = False) -> bool:
    for statement in walk_statements(body):
        if own and isinstance(statement, s.Function | s.Class):
            continue
        for expr in walk_expressions(expressions_in(statement)):
            if isinstance(expr, s.Name) and expr.id == name:
                return True
    return False
