"""Where an application creates all tables as it starts, whatever its settings are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import PlacedCall, placed_calls
from fastapi_lint.project.body.statements import keyword, walk_statements
from fastapi_lint.project.database.migrations import AlembicMigrations, Metadata
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_DEPTH = 6


class TableCreation(msgspec.Struct, frozen=True, eq=False):
    """A call that creates the tables of a metadata, and when it runs."""

    call: s.Call
    scope: Scope
    created: s.Attribute
    metadata: Metadata
    when: Literal["import", "start"]

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.scope.module


class TableCreations:
    """Answers which tables are created at the start."""

    def __init__(self, project: Project, migrations: AlembicMigrations) -> None:
        self.project = project
        self.types = project.types
        self.migrations = migrations

    def all(self) -> Iterator[TableCreation]:
        """The calls that run on import of an application, in its lifespan or start-up handlers, each once."""
        if all("create_all" not in module.facts.names for module in self.project.application_modules()):
            return
        seen: set[int] = set()
        for found in (*self._on_import(), *self._on_start()):
            if id(found.call) not in seen:
                seen.add(id(found.call))
                yield found

    def _on_import(self) -> Iterator[TableCreation]:
        imported: dict[str, Module] = {}
        for app in self.project.apps:
            for module in self.project.import_graph.reachable(app.module, lambda e: e.kind == "runtime"):
                if not self.project.roles.is_outside(module):
                    imported[module.path] = module
        for path in sorted(imported):
            scope = self.project.resolver.scope(imported[path])
            yield from self._in(imported[path].facts.body, scope, "import", ())

    def _on_start(self) -> Iterator[TableCreation]:
        for function in self.project.endpoints.lifespans:
            if not self.project.roles.is_outside(function.module):
                scope = self.project.resolver.scope(function)
                yield from self._in(function.node.body, scope, "start", (function,))

    def _in(
        self,
        body: tuple[s.Statement, ...],
        scope: Scope,
        when: Literal["import", "start"],
        entered: tuple[FunctionSymbol, ...],
    ) -> Iterator[TableCreation]:
        """The calls of a block that always run, and those of the functions that it calls."""
        leaves = [statement.at for statement in walk_statements(body) if isinstance(statement, s.Return)]
        for placed in placed_calls(body):
            if _is_conditional(placed) or any(at < placed.call.at for at in leaves):
                continue
            created = _created(placed.call)
            metadata = self.migrations.metadata(created.value, scope) if created is not None else None
            if created is not None and metadata:
                if keyword(placed.call, "tables") is None:
                    yield TableCreation(placed.call, scope, created, metadata, when)
                continue
            inner = self.types.callee(placed.call, scope)
            if not isinstance(inner, FunctionSymbol) or inner in entered or len(entered) > _DEPTH:
                continue
            if not self.project.roles.is_outside(inner.module):
                deeper = self.project.resolver.scope(inner)
                yield from self._in(inner.node.body, deeper, when, (*entered, inner))


def _created(call: s.Call) -> s.Attribute | None:
    """`metadata.create_all` in `metadata.create_all(engine)` or `run_sync(metadata.create_all)`."""
    candidates: tuple[Expr, ...] = (call.func, *call.args[:1])
    for expr in candidates:
        if isinstance(expr, s.Attribute) and expr.attr == "create_all":
            return expr
    return None


def _is_conditional(placed: PlacedCall) -> bool:
    """Whether a call stands under a condition, in a loop that may not run, or in a clause for errors."""
    return any(
        isinstance(one.statement, s.If | s.Match | s.While | s.For) or one.part == "handler"
        for one in placed.enclosures
    )
