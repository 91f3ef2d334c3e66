"""Which module imports which: edges with their kind, what is reached, and where imports run in circles."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import Block, blocks, dotted_name
from fastapi_lint.project.imports.cycles import Edges, components, cuts_of, shortest_cycle
from fastapi_lint.project.imports.edge import ImportEdge, ImportKind
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.scopes import is_type_checking
from fastapi_lint.project.names.symbols import Binding, Module, Namespace

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Cycle(msgspec.Struct, frozen=True, eq=False):
    """A group of modules that import each other.

    `edges` is its shortest cycle, from the module whose path is first; `group` are all its modules; `cuts`
    a small set of imports without which no cycle is left.
    """

    edges: tuple[ImportEdge, ...]
    group: tuple[Module, ...]
    cuts: tuple[ImportEdge, ...]


class ImportPlace(msgspec.Struct, frozen=True):
    """When an import statement runs, and whether its module survives if it fails."""

    kind: ImportKind = "runtime"
    guarded: bool = False


PlacedImport = tuple[s.Import | s.ImportFrom, ImportPlace]


class ImportGraph:
    """Answers how the project's modules depend on each other at import."""

    def __init__(self, modules: Iterable[Module], resolver: Resolver) -> None:
        self.modules = tuple(modules)
        self.resolver = resolver
        self._edges: dict[str, tuple[ImportEdge, ...]] = {}
        self._statements: dict[str, tuple[PlacedImport, ...]] = {}

    def of(self, module: Module) -> tuple[ImportEdge, ...]:
        """The edges of a module, in source order."""
        if module.path not in self._edges:
            self._edges[module.path] = tuple(self._find(module))
        return self._edges[module.path]

    def statements(self, module: Module) -> tuple[PlacedImport, ...]:
        """The import statements of a module in source order, those in functions included."""
        if module.path not in self._statements:
            self._statements[module.path] = import_statements(module.facts.body)
        return self._statements[module.path]

    @cached_property
    def named(self) -> frozenset[str]:
        """All dotted names of modules and packages that absolute imports name, those around them included.

        Of `from http import client` these are `http` and `http.client`.
        """
        found: set[str] = set()
        for module in self.modules:
            for statement, _ in self.statements(module):
                if isinstance(statement, s.Import):
                    found.update(alias.name for alias in statement.names)
                elif not statement.level:
                    found.add(statement.module)
                    found.update(f"{statement.module}.{alias.name}" for alias in statement.names)
        around = (name.split(".") for name in found)
        return frozenset(".".join(parts[:size]) for parts in around for size in range(1, len(parts) + 1))

    def _find(self, module: Module) -> Iterator[ImportEdge]:
        for statement, place in self.statements(module):
            for alias in statement.names:
                for target, package in self._targets(module, statement, alias):
                    if target is not module:
                        yield ImportEdge(module, target, alias.at, place.kind, place.guarded, package)

    def _targets(
        self, module: Module, statement: s.Import | s.ImportFrom, alias: s.Alias
    ) -> Iterator[tuple[Module, bool]]:
        """The modules that one name of a statement runs: the one it means, then the packages above it."""
        binding = Binding(alias.at, statement=statement, alias=alias)
        source = self.resolver.source_of(binding, module)
        if source is None:
            return
        meant = source
        if isinstance(statement, s.ImportFrom) and alias.name != "*":
            named = self.resolver.imported(binding, module)
            meant = named if isinstance(named, Module | Namespace) else source
        if isinstance(meant, Module):
            yield meant, False
        yield from ((package, True) for package in self._packages_above(meant) if package is not meant)

    def _packages_above(self, module: Module | Namespace) -> Iterator[Module]:
        folder = module.path.rpartition("/")[0] if isinstance(module, Module) else module.folder
        root = module.root if isinstance(module, Module) else ""
        while folder and folder != root:
            found = self.resolver.table.by_path.get(f"{folder}/__init__.py")
            if found is not None:
                yield found
            folder = folder.rpartition("/")[0]

    # --- questions -------------------------------------------------------------------------------

    def reachable(
        self, start: Module, follow: Callable[[ImportEdge], bool] | None = None
    ) -> Iterator[Module]:
        """A module and all that it imports, directly or not, breadth first; type-only imports left out."""
        yield from self.paths(start, follow)

    def paths(
        self, start: Module, follow: Callable[[ImportEdge], bool] | None = None
    ) -> dict[Module, tuple[ImportEdge, ...]]:
        """The shortest way of imports from a module to each one it reaches; the first in source order."""
        found: dict[Module, tuple[ImportEdge, ...]] = {start: ()}
        queue = deque([start])
        while queue:
            current = queue.popleft()
            for edge in self.of(current):
                wanted = edge.kind != "type-only" and (follow is None or follow(edge))
                if wanted and edge.imported not in found:
                    found[edge.imported] = (*found[current], edge)
                    queue.append(edge.imported)
        return found

    def cycles(self, modules: Iterable[Module]) -> list[Cycle]:
        """One cycle for each group of modules that import each other while they are imported, by path."""
        allowed = {module.path for module in modules}
        edges = {path: self._runtime(path, allowed) for path in sorted(allowed)}
        groups = components({path: [edge.imported.path for edge in edges[path]] for path in edges})
        return [self._cycle(sorted(group), edges) for group in groups]

    def _cycle(self, group: list[str], edges: Edges) -> Cycle:
        by_path = self.resolver.table.by_path
        modules = tuple(by_path[path] for path in group)
        return Cycle(shortest_cycle(group, edges), modules, cuts_of(group, edges))

    def _runtime(self, path: str, allowed: set[str]) -> list[ImportEdge]:
        """The first edge to each other module that runs when a module is imported."""
        found: dict[str, ImportEdge] = {}
        for edge in self.of(self.resolver.table.by_path[path]):
            runs = edge.kind == "runtime" and not edge.package and edge.imported.path in allowed
            if runs and not self._is_own_package(edge):
                found.setdefault(edge.imported.path, edge)
        return list(found.values())

    def _is_own_package(self, edge: ImportEdge) -> bool:
        """Whether a module imports a sibling through its package, or a package what is below it."""
        upper, lower = edge.imported, edge.importer
        if edge.importer.is_package:
            upper, lower = lower, upper
        folder = upper.path.rpartition("/")[0]
        return upper.is_package and lower.path.startswith(folder + "/")


def import_statements(body: Block) -> tuple[PlacedImport, ...]:
    """All import statements of a module in source order, those in functions included."""
    found: list[PlacedImport] = []
    _collect(body, ImportPlace(), found)
    return tuple(found)


def _collect(body: Block, place: ImportPlace, found: list[PlacedImport]) -> None:
    for statement in body:
        kind = type(statement)
        if kind is s.ImportFrom or kind is s.Import:
            found.append((statement, place))  # type: ignore[arg-type]
        elif kind in _HOLDERS:
            for block, inner in _inside(statement, place):
                _collect(block, inner, found)


_HOLDERS = frozenset((s.Function, s.Class, s.If, s.Try, s.For, s.While, s.With, s.Match))
"""All statements that may hold an import."""


def _inside(statement: s.Statement, place: ImportPlace) -> Iterator[tuple[Block, ImportPlace]]:
    if isinstance(statement, s.Function):
        kind: ImportKind = "deferred" if place.kind == "runtime" else place.kind
        yield statement.body, ImportPlace(kind, place.guarded)
    elif isinstance(statement, s.Class):
        yield statement.body, place
    elif isinstance(statement, s.If):
        for branch in statement.branches:
            kind = "type-only" if is_type_checking(branch.test) else place.kind
            yield branch.body, ImportPlace(kind, guarded=True)
        yield statement.orelse, ImportPlace(place.kind, guarded=True)
    elif isinstance(statement, s.Try):
        inner = ImportPlace(place.kind, place.guarded or _survives_import_errors(statement))
        yield from ((block, inner) for block in blocks(statement))
    else:
        yield from ((block, place) for block in blocks(statement))


def _survives_import_errors(statement: s.Try) -> bool:
    for handler in statement.handlers:
        if handler.type is None:
            return True
        caught = handler.type.items if isinstance(handler.type, s.Collection) else (handler.type,)
        if any((dotted_name(expr) or "").rpartition(".")[2] in _IMPORT_ERRORS for expr in caught):
            return True
    return False
