"""DBS007: a text of the request becomes a part of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.database.request_sql import RequestSql
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.request_sql import BuiltSql
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each text that is put together from what a client sends, and run as SQL."""
    for built in RequestSql(project).built():
        yield _finding(project, built)


def _finding(project: Project, built: BuiltSql) -> Finding:
    origin = built.origin
    place = project.span(origin.function.module, origin.at)
    where = name_of(origin.function)
    return Finding(
        span=project.span(built.module, built.text.at),
        message=f"`{origin.name}` of `{where}` becomes a part of the SQL, so a client can change the query",
        help="Put a placeholder such as `:name` into the text, and give the value as a bound parameter",
        related=(Related(place, f"`{origin.name}` comes from the request"),),
        chain=call_hops(project, origin.calls),
        symbol=project.symbol_at(built.module.path, *_start(project, built)),
    )


def _start(project: Project, built: BuiltSql) -> tuple[int, int]:
    span = project.span(built.module, built.text.at)
    return span.line, span.column
