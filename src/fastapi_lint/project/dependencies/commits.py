"""Transactions that a yield dependency commits after its yield, and the requests that are answered before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import placed_calls
from fastapi_lint.project.body.statements import keyword, method_call
from fastapi_lint.project.dependencies.yielding import yield_points
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.dependencies.graph import DependencyPath
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FACTORIES = frozenset({"sqlalchemy.orm.sessionmaker", "sqlalchemy.ext.asyncio.async_sessionmaker"})
_ENGINES = frozenset({"sqlalchemy.Engine", "sqlalchemy.ext.asyncio.AsyncEngine"})
_WRITES = frozenset("add add_all delete merge flush".split())
_DEPTH = 4


class LateCommit(msgspec.Struct, frozen=True, eq=False):
    """A commit that runs after a function's yield.

    `at` is the call of `commit`, or what a `with` around the yield enters. `through` are the places that
    enter context managers of the project on the way to it.
    """

    module: Module
    at: int
    through: tuple[tuple[Module, int], ...] = ()


class EarlyAnswer(msgspec.Struct, frozen=True, eq=False):
    """A route that changes something and is answered before a dependency's code after the yield runs."""

    endpoint: Endpoint
    route: Route
    path: DependencyPath


class Commits:
    """Answers which commits come after the yield, and which requests they come too late for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self._uses: dict[int, list[tuple[Endpoint, DependencyPath]]] | None = None
        self._committing: dict[int, bool] = {}

    # --- commits ---------------------------------------------------------------------------------

    def late(self, function: FunctionSymbol, depth: int = 0) -> LateCommit | None:
        """The first commit after a yield of a function, that of a context manager around it included."""
        scope = self.types.resolver.scope(function)
        points = yield_points(function)
        for placed in placed_calls(function.node.body):
            if any(one.part == "handler" for one in placed.enclosures):
                continue
            after = any(point.comes_before(placed.call.at) for point in points)
            if after and self._commits(placed.call, scope):
                return LateCommit(function.module, placed.call.at)
        contexts = [item.context for point in points for item in point.contexts]
        return next(filter(None, (self._entered(c, scope, depth) for c in contexts)), None)

    def _commits(self, call: s.Call, scope: Scope) -> bool:
        method = method_call(call)
        if method is None or method[1] != "commit":
            return False
        value = self.types.infer(method[0], scope)
        return self.project.effects.is_session(value) or self.project.effects.is_connection(value)

    def _entered(self, context: Expr, scope: Scope, depth: int) -> LateCommit | None:
        """The commit at the end of `with session.begin()`, or of a context manager of the project."""
        if not isinstance(context, s.Call):
            return None
        method = method_call(context)
        if method is not None and method[1] == "begin" and self._begins(method[0], scope):
            return LateCommit(scope.module, context.at)
        callee = self.types.callee(context, scope)
        if depth < _DEPTH and isinstance(callee, FunctionSymbol) and callee.node.is_generator:
            found = self.late(callee, depth + 1)
            if found is not None:
                return LateCommit(found.module, found.at, ((scope.module, context.at), *found.through))
        return None

    def _begins(self, receiver: Expr, scope: Scope) -> bool:
        value = self.types.infer(receiver, scope)
        if self.project.effects.is_session(value) or self.project.effects.is_connection(value):
            return True
        return class_name(value) in _FACTORIES | _ENGINES

    # --- uses ------------------------------------------------------------------------------------

    def answered_before(self, function: FunctionSymbol) -> Iterator[EarlyAnswer]:
        """The routes that write, use a dependency in the request's scope, and commit nothing themselves."""
        for endpoint, path in self.uses(function):
            if _is_function_scoped(path.last.call) or self._commits_itself(endpoint.function):
                continue
            route = next((r for r in endpoint.routes if r.kind == "http" and set(r.methods) - _READS), None)
            if route is not None:
                yield EarlyAnswer(endpoint, route, path)

    def clearest(self, function: FunctionSymbol) -> EarlyAnswer | None:
        """Of `answered_before` the route whose code is known to write, else the one with the shortest way."""
        found = list(self.answered_before(function))
        ranked = ((not self._writes(one.endpoint.function), len(one.path.steps)) for one in found)
        return min(zip(ranked, found, strict=True), key=lambda pair: pair[0], default=(None, None))[1]

    def _writes(self, function: FunctionSymbol) -> bool:
        return self.project.calls.path_to(function, self._is_write) is not None

    def _is_write(self, site: CallSite) -> bool:
        method = method_call(site.call)
        if method is None or method[1] not in _WRITES:
            return False
        return self.project.effects.is_session(self.types.infer(method[0], site.scope))

    def uses(self, function: FunctionSymbol) -> list[tuple[Endpoint, DependencyPath]]:
        """The endpoints that reach a dependency, with each way to it."""
        if self._uses is None:
            self._uses = {}
            for endpoint in self.project.endpoints.all:
                if self.project.roles.is_outside(endpoint.function.module):
                    continue
                for path in self.project.endpoints.paths(endpoint):
                    target = self.project.dependencies.function_of(path.last)
                    self._uses.setdefault(id(target), []).append((endpoint, path))
        return self._uses.get(id(function), [])

    def _commits_itself(self, function: FunctionSymbol) -> bool:
        """Whether an endpoint's code reaches a commit, so that what it wrote is kept before it answers."""
        if id(function) not in self._committing:
            way = self.project.calls.path_to(function, self._is_commit)
            self._committing[id(function)] = way is not None
        return self._committing[id(function)]

    def _is_commit(self, site: CallSite) -> bool:
        if self._commits(site.call, site.scope):
            return True
        callee = site.callee
        return isinstance(callee, External) and callee.name.rpartition(".")[2] == "commit"


def _is_function_scoped(call: s.Call) -> bool:
    scope = keyword(call, "scope")
    return scope is not None and not (isinstance(scope, s.Constant) and scope.value in (None, "request"))
