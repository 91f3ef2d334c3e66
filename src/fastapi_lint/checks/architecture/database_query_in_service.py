"""ARC004: a service queries a table itself that a repository is there for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.database.table_queries import TableQueries
from fastapi_lint.project.names.wording import callee_name, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.table_queries import TableQuery
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each function of a service and table, on its first query."""
    queries = TableQueries(project)
    for module in project.application_modules() if queries.has_repositories else ():
        made: dict[tuple[int, int], list[TableQuery]] = {}
        for query in queries.of_role("service", module):
            made.setdefault((id(query.function), id(query.table)), []).append(query)
        for found in made.values():
            repository = queries.in_repository(found[0])
            if repository is not None:
                yield _finding(project, found, repository)


def _finding(project: Project, found: list[TableQuery], repository: TableQuery) -> Finding:
    first, *others = found
    name, table = name_of(first.function), name_of(first.table)
    call = callee_name(first.site)
    owner = name_of(repository.function)
    related = [Related(project.span(repository.module, repository.at), f"`{owner}` queries `{table}` here")]
    related += [Related(project.span(query.module, query.at), "and here") for query in others]
    return Finding(
        span=project.span(first.module, first.at),
        message=f"The service `{name}` queries `{table}` past its repository, with `{call}`",
        help=f"Let `{name}` ask the repository, with a method beside `{owner}`",
        related=tuple(related),
        symbol=first.function.qualname,
    )
