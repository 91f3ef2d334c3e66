"""ERR002: middleware raises an HTTP error, which nobody turns into a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.edits.raises import return_json_response
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Fix
    from fastapi_lint.project.errors.raising import Raised
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

NEAR = 3
"""Through how many calls an error is followed: what is further away may not be meant for this request."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place in a middleware function where an HTTP error leaves it."""
    for function in project.endpoints.middleware:
        if project.roles.is_outside(function.module) or any(project.middlewares.converters_beside(function)):
            continue
        seen: set[int] = set()
        for raised in project.raising.by(function):
            place = raised.calls[0].call.at if raised.calls else raised.statement.at
            if raised.is_http and len(raised.calls) <= NEAR and place not in seen:
                seen.add(place)
                yield _finding(project, function, raised, place)


def _finding(project: Project, function: FunctionSymbol, raised: Raised, place: int) -> Finding:
    name = name_of(function)
    error = _error(project, raised)
    if raised.is_direct:
        message = (
            f"The middleware `{name}` raises {error}, which no exception handler sees: the client gets 500"
        )
    else:
        by = name_of(raised.function)
        message = f"{error} that `{by}` raises leaves the middleware `{name}`, so the client gets 500"
    origin = project.span(raised.function.module, raised.statement.at)
    return Finding(
        span=project.span(function.module, place),
        message=message,
        help="Return a response instead: `return JSONResponse({...}, status_code=...)`",
        related=() if raised.is_direct else (Related(origin, f"{error} is raised here"),),
        chain=call_hops(project, raised.calls),
        fix=_fix(project, function, raised),
        symbol=function.qualname,
    )


def _error(project: Project, raised: Raised) -> str:
    name = name_of(raised.error).rpartition(".")[2]
    error = raised.statement.error
    scope = project.resolver.scope(raised.function)
    status = project.made_errors.status(error, scope) if error is not None else None
    return f"`{name}` {status}" if status is not None else f"`{name}`"


def _fix(project: Project, function: FunctionSymbol, raised: Raised) -> Fix | None:
    if not raised.is_direct or not project.middlewares.must_respond(function):
        return None
    return return_json_response(project, raised)
