"""State in memory that one endpoint changes and another one reads, and limits that are counted in memory.

Each process has its own. A cache in front of something else, and what speaks of its process, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.background.lifetimes import (
    PLAIN_COLLECTIONS,
    Collection,
    Frame,
    Lifetimes,
    is_global,
)
from fastapi_lint.project.body.statements import (
    expressions,
    keyword,
    method_call,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Variable
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.websockets.registries import WebsocketRegistries

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_CLASSES = PLAIN_COLLECTIONS | {
    "collections.Counter",
    *(f"cachetools.{name}" for name in "TTLCache LRUCache LFUCache TLRUCache FIFOCache".split()),
}
_CHANGES = frozenset(
    "append appendleft add extend insert update setdefault pop popleft popitem remove discard clear".split()
)
_OWN = frozenset(
    "metric metrics stat stats statistics health healthz debug gauge gauges cache cached caches".split()
)
"""Words in the names of what may well differ from process to process."""

_LOCAL = frozenset("Lock RLock Semaphore Task Thread Process Future".split())
"""Classes whose objects only make sense in the process that made them."""

_LIMITERS = frozenset({"slowapi.Limiter", "slowapi.extension.Limiter"})
_MOST = 300


class Access(msgspec.Struct, frozen=True, eq=False):
    """Where a function changes or reads a collection, and the calls that lead there from the endpoint."""

    collection: Collection
    changes: bool
    scope: Scope
    at: int
    path: tuple[CallSite, ...] = ()


class SharedState(msgspec.Struct, frozen=True, eq=False):
    """A collection, the endpoint that changes it, and another one that reads it."""

    collection: Collection
    writer: Endpoint
    written: Access
    reader: Endpoint
    read: Access


class ProcessState:
    """Answers which state only works as long as one process serves all requests."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.lifetimes = Lifetimes(project, _CLASSES)
        self._accesses: dict[tuple[int, bool], list[tuple[Collection, bool, int]]] = {}

    # --- collections -----------------------------------------------------------------------------

    def shared(self, app: App) -> Iterator[SharedState]:
        """The collections that one endpoint of an app changes and another one reads, each once."""
        used = [(e, list(self._of_endpoint(e))) for e in self.project.endpoints.all if app in e.apps]
        seen: set[Collection] = set()
        for writer, accesses in used:
            if writer.is_websocket:
                continue  # what it keeps are sockets, or goes with them
            for written in accesses:
                collection = written.collection
                if not written.changes or collection in seen or not self._is_state(collection):
                    continue
                found = self._read_elsewhere(collection, writer, used)
                if found is not None:
                    seen.add(collection)
                    yield SharedState(collection, writer, written, *found)

    def _read_elsewhere(
        self, collection: Collection, writer: Endpoint, used: list[tuple[Endpoint, list[Access]]]
    ) -> tuple[Endpoint, Access] | None:
        for reader, accesses in used:
            if reader is writer or _is_own(_words_of(reader)):
                continue
            for access in accesses:
                if access.collection == collection and not access.changes:
                    return reader, access
        return None

    def _is_state(self, collection: Collection) -> bool:
        if _is_own(_words(collection.name)) or collection in self._of_sockets or collection in self._caches:
            return False
        variable = self.lifetimes.variable(collection)
        bindings = variable.scope.bindings.get(variable.name, ()) if variable is not None else ()
        declared = [binding.annotation for binding in bindings if binding.annotation is not None]
        return not any(_named(expr) in _LOCAL for expr in walk_expressions(declared))

    @cached_property
    def _of_sockets(self) -> set[Collection]:
        """Collections of WebSockets: they are another rule's."""
        registries = WebsocketRegistries(self.project)
        sockets = (socket for _, socket in registries.websockets.endpoints())
        return {found.collection for socket in sockets for found in registries.registrations(socket)}

    @cached_property
    def _caches(self) -> set[Collection]:
        """Collections that some function fills on a miss, and takes an item out of on a hit."""
        found: set[Collection] = set()
        for module in self.project.application_modules():
            for function in self.project.resolver.index(module).functions:
                found.update(self._filled_by(function))
        return found

    def _filled_by(self, function: FunctionSymbol) -> Iterator[Collection]:
        scope = self.types.resolver.scope(function)
        frame = Frame(function, lasting_self=function.owner is not None)
        filled = [
            (collection, statement.value)
            for statement in walk_statements(function.node.body)
            if isinstance(statement, s.Assign) and isinstance(statement.targets[0], s.Subscript)
            for collection in (self.lifetimes.collection(statement.targets[0].value, scope, frame),)
            if collection is not None and self._is_loaded(statement.value, scope, frame, collection)
        ]
        if filled:
            values = [one for value in return_values(function) for one in (value, *self._bound(value, scope))]
            values += [one for _, value in filled for one in self._bound(value, scope)]
            given = {self.lifetimes.collection(value, scope, frame) for value in values}
            yield from (collection for collection, _ in filled if collection in given)

    def _bound(self, expr: Expr, scope: Scope) -> list[Expr]:
        """What a name is bound to anywhere."""
        symbol = self.types.resolver.resolve(expr, scope) if isinstance(expr, s.Name) else None
        bindings = symbol.scope.bindings.get(symbol.name, ()) if isinstance(symbol, Variable) else ()
        return [binding.value for binding in bindings if binding.value is not None]

    def _is_loaded(self, value: Expr, scope: Scope, frame: Frame, collection: Collection) -> bool:
        """Whether a value comes from a call that isn't about the collection itself."""
        if isinstance(value, s.Name):
            bound = (one for one in self._bound(value, scope) if not isinstance(one, s.Name))
            return any(self._is_loaded(one, scope, frame, collection) for one in bound)
        inside = list(walk_expressions((value,)))
        calls = [expr for expr in inside if isinstance(expr, s.Call)]
        own = any(self.lifetimes.collection(expr, scope, frame) == collection for expr in inside)
        return bool(calls) and not own

    # --- accesses --------------------------------------------------------------------------------

    def _of_endpoint(self, endpoint: Endpoint) -> Iterator[Access]:
        """What an endpoint, its dependencies and the functions that they call do to collections."""
        functions = [endpoint.function]
        for path in self.project.endpoints.paths(endpoint):
            function = self.project.dependencies.function_of(path.last)
            if function is not None:
                functions.append(function)
        yield from self._walk([(Frame(function), ()) for function in functions])

    def _walk(self, queue: list[tuple[Frame, tuple[CallSite, ...]]]) -> Iterator[Access]:
        seen = {(id(frame.function), frame.lasting_self) for frame, _ in queue}
        while queue and len(seen) < _MOST:
            frame, path = queue.pop(0)
            scope = self.types.resolver.scope(frame.function)
            for collection, changes, at in self._of_body(frame, scope):
                yield Access(collection, changes, scope, at, path)
            if len(path) >= self.project.options.max_call_depth:
                continue
            for site in self.project.calls.of(frame.function):
                inner = self.lifetimes.enter(site.call, scope, frame)
                if inner is not None and (id(inner.function), inner.lasting_self) not in seen:
                    seen.add((id(inner.function), inner.lasting_self))
                    queue.append((inner, (*path, site)))

    def _of_body(self, frame: Frame, scope: Scope) -> list[tuple[Collection, bool, int]]:
        key = (id(frame.function), frame.lasting_self)
        if key not in self._accesses:
            self._accesses[key] = list(self._find(frame, scope))
        return self._accesses[key]

    def _find(self, frame: Frame, scope: Scope) -> Iterator[tuple[Collection, bool, int]]:
        changed: set[int] = set()
        for statement in walk_statements(frame.function.node.body):
            for target in _changed(statement, scope):
                found = self.lifetimes.collection(target, scope, frame) or self._counter(target, scope)
                if found is not None:
                    changed.update(id(expr) for expr in walk_expressions((target,)))
                    yield found, True, target.at
            if isinstance(statement, s.Function | s.Class):
                continue
            for expr in walk_expressions(expressions(statement)):
                if isinstance(expr, s.Name | s.Attribute) and id(expr) not in changed:
                    read = self.lifetimes.collection(expr, scope, frame) or self._counter(expr, scope)
                    if read is not None:
                        yield read, False, expr.at

    def _counter(self, expr: Expr, scope: Scope) -> Collection | None:
        """A number of a module that functions count up or down."""
        if not isinstance(expr, s.Name):
            return None
        symbol = self.types.resolver.resolve(expr, scope)
        if is_global(expr, scope):
            symbol = self.types.resolver.module_member(scope.module, expr.id)
        if not isinstance(symbol, Variable) or symbol.scope.owner is not None:
            return None
        if (symbol.module.path, symbol.name) not in self._counted:
            return None
        return Collection(("variable", id(symbol.scope), symbol.name), symbol.name)

    @cached_property
    def _counted(self) -> set[tuple[str, str]]:
        """The names of modules that `global name; name += 1` changes."""
        return {
            (module.path, statement.target.id)
            for module in self.project.application_modules()
            for function in self.project.resolver.index(module).functions
            for statement in walk_statements(function.node.body)
            if isinstance(statement, s.AugmentedAssign) and isinstance(statement.target, s.Name)
            if is_global(statement.target, self.types.resolver.scope(function))
        }

    # --- rate limits -----------------------------------------------------------------------------

    def limiters(self, app: App) -> Iterator[CallSite]:
        """The limiters of slowapi that count in memory, in modules that are imported with an app."""
        for module in self.project.import_graph.reachable(app.module):
            for site in self.project.calls.named(module, "Limiter"):
                if isinstance(site.callee, External) and site.callee.name in _LIMITERS and _in_memory(site):
                    yield site


def _in_memory(site: CallSite) -> bool:
    """Whether a limiter is given no store, or that of memory; what isn't written out may be another."""
    names = [given.name for given in site.call.keywords]
    if None in names or "config_filename" in names:
        return False
    store = keyword(site.call, "storage_uri")
    if store is None:
        return True
    return isinstance(store, s.Constant) and isinstance(store.value, str) and store.value.startswith("memory")


def _changed(statement: s.Statement, scope: Scope) -> Iterator[Expr]:
    """What a statement changes: `x[k] = v`, `del x[k]`, `x |= y`, `x.append(v)`."""
    if isinstance(statement, s.Assign | s.Delete):
        yield from (target.value for target in statement.targets if isinstance(target, s.Subscript))
    elif isinstance(statement, s.AugmentedAssign):
        target = statement.target
        if not isinstance(target, s.Name) or is_global(target, scope):
            yield target.value if isinstance(target, s.Subscript) else target
    if isinstance(statement, s.Function | s.Class):
        return
    for expr in walk_expressions(expressions(statement)):
        method = method_call(expr) if isinstance(expr, s.Call) else None
        if method is not None and method[1] in _CHANGES:
            yield method[0]


def _named(expr: Expr) -> str:
    return expr.id if isinstance(expr, s.Name) else expr.attr if isinstance(expr, s.Attribute) else ""


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def _words_of(endpoint: Endpoint) -> set[str]:
    return set().union(_words(endpoint.function.name), *(_words(route.path) for route in endpoint.routes))


def _is_own(words: set[str]) -> bool:
    return not _OWN.isdisjoint(words)
