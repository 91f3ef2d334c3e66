"""Which module imports which: edges with their kind, what is reached, and where imports run in circles."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.scopes import is_type_checking
from fastapi_lint.project.statements import blocks, dotted_name
from fastapi_lint.project.symbols import Binding, Module, Namespace

ImportKind = Literal["runtime", "deferred", "type-only"]

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True, eq=False)
class ImportEdge:
    """One module that an import statement runs, and where the statement names it.

    `kind` is "deferred" inside a function and "type-only" under `TYPE_CHECKING`. `guarded` stands in a
    `try` that survives a missing module. `package` marks a package's `__init__` that runs because a module
    below it is imported.
    """

    importer: Module = field(repr=False)
    imported: Module
    at: int
    kind: ImportKind
    guarded: bool = False
    package: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    kind: ImportKind = "runtime"
    guarded: bool = False


class ImportGraph:
    """Answers how the project's modules depend on each other at import."""

    def __init__(self, modules: Iterable[Module], resolver: Resolver) -> None:
        self.modules = tuple(modules)
        self.resolver = resolver
        self._edges: dict[str, tuple[ImportEdge, ...]] = {}

    def of(self, module: Module) -> tuple[ImportEdge, ...]:
        """The edges of a module, in source order."""
        if module.path not in self._edges:
            self._edges[module.path] = tuple(self._find(module))
        return self._edges[module.path]

    def _find(self, module: Module) -> Iterator[ImportEdge]:
        for statement, place in import_statements(module.facts.body):
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

    def cycles(self, modules: Iterable[Module]) -> list[tuple[ImportEdge, ...]]:
        """The shortest cycle of each group of modules that import each other while they are imported.

        Each begins at the module of the group whose path is first among those on a shortest cycle.
        """
        allowed = {module.path for module in modules}
        edges = {path: self._runtime(path, allowed) for path in sorted(allowed)}
        groups = _components({path: [edge.imported.path for edge in edges[path]] for path in edges})
        return [cycle for group in groups if (cycle := _shortest_cycle(sorted(group), edges))]

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


def import_statements(body: tuple[s.Statement, ...]) -> Iterator[tuple[s.Import | s.ImportFrom, _Place]]:
    """All import statements of a module in source order, those in functions included."""
    stack: list[tuple[s.Statement, _Place]] = [(statement, _Place()) for statement in reversed(body)]
    while stack:
        statement, place = stack.pop()
        if isinstance(statement, s.Import | s.ImportFrom):
            yield statement, place
            continue
        stack.extend(reversed(list(_inside(statement, place))))


def _inside(statement: s.Statement, place: _Place) -> Iterator[tuple[s.Statement, _Place]]:
    if isinstance(statement, s.Function):
        inner = _Place("deferred" if place.kind == "runtime" else place.kind, place.guarded)
        yield from ((child, inner) for child in statement.body)
    elif isinstance(statement, s.Class):
        yield from ((child, place) for child in statement.body)
    elif isinstance(statement, s.If):
        for branch in statement.branches:
            kind: ImportKind = "type-only" if is_type_checking(branch.test) else place.kind
            yield from ((child, _Place(kind, place.guarded)) for child in branch.body)
        yield from ((child, place) for child in statement.orelse)
    elif isinstance(statement, s.Try):
        inner = _Place(place.kind, place.guarded or _survives_import_errors(statement))
        for block in blocks(statement):
            yield from ((child, inner) for child in block)
    else:
        for block in blocks(statement):
            yield from ((child, place) for child in block)


def _survives_import_errors(statement: s.Try) -> bool:
    for handler in statement.handlers:
        if handler.type is None:
            return True
        caught = handler.type.items if isinstance(handler.type, s.Collection) else (handler.type,)
        if any((dotted_name(expr) or "").rpartition(".")[2] in _IMPORT_ERRORS for expr in caught):
            return True
    return False


def _components(graph: dict[str, list[str]]) -> list[list[str]]:
    """The groups of two or more nodes that all reach each other (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in order:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        open_nodes.append(root)
        is_open.add(root)
        while work:
            node, successors = work[-1]
            following = next((n for n in successors if n not in order or n in is_open), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = _pop_group(node, open_nodes, is_open)
                    if len(group) > 1:
                        found.append(group)
            elif following in order:
                low[node] = min(low[node], order[following])
            else:
                order[following] = low[following] = len(order)
                open_nodes.append(following)
                is_open.add(following)
                work.append((following, iter(graph[following])))
    return sorted(found, key=min)


def _pop_group(node: str, open_nodes: list[str], is_open: set[str]) -> list[str]:
    group: list[str] = []
    while True:
        top = open_nodes.pop()
        is_open.discard(top)
        group.append(top)
        if top == node:
            return group


def _shortest_cycle(group: list[str], edges: dict[str, list[ImportEdge]]) -> tuple[ImportEdge, ...]:
    best: tuple[ImportEdge, ...] = ()
    members = set(group)
    for start in group:
        cycle = _cycle_through(start, members, edges, len(best))
        if cycle and (not best or len(cycle) < len(best)):
            best = cycle
        if len(best) == 2:
            break
    return best


def _cycle_through(
    start: str, members: set[str], edges: dict[str, list[ImportEdge]], shorter_than: int
) -> tuple[ImportEdge, ...]:
    """The shortest cycle from a module back to itself inside its group."""
    queue: deque[tuple[str, tuple[ImportEdge, ...]]] = deque([(start, ())])
    seen = {start}
    while queue:
        path, way = queue.popleft()
        if shorter_than and len(way) + 1 >= shorter_than:
            return ()
        for edge in edges[path]:
            target = edge.imported.path
            if target == start:
                return (*way, edge)
            if target in members and target not in seen:
                seen.add(target)
                queue.append((target, (*way, edge)))
    return ()
