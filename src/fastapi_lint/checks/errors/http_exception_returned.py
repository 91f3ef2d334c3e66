"""ERR001: an endpoint or dependency makes an HTTP error and doesn't raise it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import insert, replace
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.http_errors import UnraisedError
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each HTTP error that is returned, or made and dropped."""
    for called in project.endpoints.called:
        if called.kind in ("endpoint", "dependency") and not project.roles.is_outside(called.function.module):
            for error in project.errors.not_raised_by(called.function):
                yield _finding(project, error, called.kind)


def _finding(project: Project, error: UnraisedError, kind: str) -> Finding:
    function, statement = error.function, error.statement
    name, made = name_of(function), error.name
    result = "the client gets 200" if kind == "endpoint" else "the request goes on"
    verb = "returns" if isinstance(statement, s.Return) else "makes"
    whole = error.value is statement.value
    return Finding(
        span=project.span(function.module, statement.at if whole else error.value.at),
        message=f"The {kind} `{name}` {verb} `{made}` instead of raising it, so {result}",
        help=f"Raise the `{made}`, so that it becomes the response",
        fix=_fix(project, error),
        symbol=function.qualname,
    )


def _fix(project: Project, error: UnraisedError) -> Fix | None:
    """`return` becomes `raise`, except where a `try` could catch it, or another value is possible."""
    if error.in_try or error.value is not error.statement.value:
        return None
    module, start = error.function.module, s.start_of(error.statement.at)
    if isinstance(error.statement, s.Return):
        edit = replace(project, module, start, start + len("return"), "raise")
    else:
        edit = insert(project, module, start, "raise ")
    return Fix("safe", "Raise the error", (edit,))
