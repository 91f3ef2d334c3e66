"""CFG009: a cache keeps what belongs to one request, or is asked with what it can't hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.dependencies.request_values import RequestValues
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.request_values import RequestValue
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each cached dependency that takes something from the request."""
    values = RequestValues(project)
    for function in project.endpoints.dependency_functions:
        if project.roles.is_outside(function.module):
            continue
        decorator = project.settings.caches.function_cache_of(function)
        taken = values.of(function) if decorator is not None else []
        if decorator is not None and taken:
            yield _finding(project, function, decorator.at, taken)


def _finding(project: Project, function: FunctionSymbol, at: int, taken: list[RequestValue]) -> Finding:
    name = name_of(function)
    unhashable = next((value for value in taken if value.unhashable), None)
    first = unhashable or taken[0]
    if unhashable is not None:
        message = f"The cache of `{name}` can't hash `{first.name}`, so every call fails"
    else:
        message = (
            f"The cache of `{name}` keeps the answer for each value of `{first.name}` for all later requests"
        )
    return Finding(
        span=project.span(function.module, at),
        message=message,
        help=f"Take the cache off `{name}`; FastAPI calls it only once in each request anyway",
        related=tuple(
            Related(project.span(function.module, value.parameter.at), f"`{value.name}` is {value.kind}")
            for value in taken
        ),
        symbol=function.qualname,
    )
