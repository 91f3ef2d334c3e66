"""ERR005: an exception handler or middleware function has a way out without a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.errors.missing_responses import MissingResponses
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.missing_responses import MissingResponse
    from fastapi_lint.project.project import Project

HELP = {
    "middleware": "Return the response of `call_next(request)`, or one of your own",
    "exception handler": "Return a response, such as `JSONResponse(...)`",
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such `return`, and for each function whose end is reached."""
    for missing in MissingResponses(project).all():
        yield _finding(project, missing)


def _finding(project: Project, missing: MissingResponse) -> Finding:
    function, statement = missing.function, missing.statement
    name = f"The {missing.kind} `{name_of(function)}`"
    if statement is None:
        message = f"{name} can end without a `return`, and the request then fails with 500"
    else:
        message = f"{name} returns {missing.what} instead of a response, and the request fails with 500"
    return Finding(
        span=project.span(function.module, statement.at if statement is not None else function.node.name_at),
        message=message,
        help=HELP[missing.kind],
        symbol=function.qualname,
    )
