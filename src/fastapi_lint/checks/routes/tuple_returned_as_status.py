"""RTE010: an endpoint returns a body and a status as a tuple, which FastAPI sends as an array with 200."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.responses import respond_with_status
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.requests.status_tuples import StatusTuples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.status_tuples import StatusTuple


def check(project: Project) -> Iterator[Finding]:
    """One finding for each tuple."""
    tuples = StatusTuples(project)
    for endpoint in project.endpoints.all:
        if not project.roles.is_outside(endpoint.function.module):
            for returned in tuples.of(endpoint):
                yield _finding(project, returned)


def _finding(project: Project, returned: StatusTuple) -> Finding:
    function, status = returned.function, returned.status
    return Finding(
        span=project.span(function.module, returned.value.at),
        message=(
            f"`{name_of(function)}` returns a tuple, so the client gets an array and not the status {status}"
        ),
        help=_help(status),
        fix=respond_with_status(project, returned),
        symbol=function.qualname,
    )


def _help(status: int) -> str:
    if status >= 400:
        return f"Raise `HTTPException({status}, ...)`, or return `JSONResponse(..., status_code={status})`"
    return f"Give the route `status_code={status}`, or return `JSONResponse(..., status_code={status})`"
