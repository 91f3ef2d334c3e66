"""Which services and repositories query which tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.database.queries import STATEMENT_CALLS
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project


class TableQuery(msgspec.Struct, frozen=True, eq=False):
    """One query of a mapped class in a function's body."""

    function: FunctionSymbol
    table: ClassSymbol
    site: CallSite

    @property
    def module(self) -> Module:
        """The module that the query stands in."""
        return self.site.module

    @property
    def at(self) -> int:
        """The place of the call."""
        return self.site.call.at


class TableQueries:
    """Answers who queries a table."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def has_repositories(self) -> bool:
        """Whether there is a repository at all, so that others might leave tables to it."""
        roles, index = self.project.roles, self.project.resolver.index
        modules = self.project.application_modules()
        return any(
            roles.of(one).name == "repository" for module in modules for one in index(module).functions
        )

    def of_role(self, role: str, module: Module) -> Iterator[TableQuery]:
        """The queries of a module's functions with a role, in source order."""
        for site in self.project.calls.named(module, *STATEMENT_CALLS):
            if site.caller is not None and self.project.roles.of(site.caller).name == role:
                for table in self.project.queries.tables(site):
                    yield TableQuery(site.caller, table, site)

    def in_repository(self, query: TableQuery) -> TableQuery | None:
        """The first query of the same table by a repository of the same application, in another file.

        None if the query's own file holds repository functions as well.
        """
        if query.module.path in self._repository_files:
            return None
        is_inside = self.project.layers.application(query.module)
        for other in self._by_table.get(id(query.table), ()):
            if is_inside(other.module.path):
                return other
        return None

    @cached_property
    def _in_repositories(self) -> tuple[TableQuery, ...]:
        modules = self.project.application_modules()
        return tuple(query for module in modules for query in self.of_role("repository", module))

    @cached_property
    def _by_table(self) -> dict[int, list[TableQuery]]:
        found: dict[int, list[TableQuery]] = {}
        for query in self._in_repositories:
            found.setdefault(id(query.table), []).append(query)
        return found

    @cached_property
    def _repository_files(self) -> frozenset[str]:
        return frozenset(query.module.path for query in self._in_repositories)
