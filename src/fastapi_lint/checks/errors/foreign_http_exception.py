"""ERR008: another framework's HTTP error is raised, which FastAPI doesn't know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.foreign_errors import ForeignError
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that endpoints and dependencies reach."""
    for error in project.foreign_errors.all():
        if not project.roles.is_outside(error.function.module):
            yield _finding(project, error)


def _finding(project: Project, error: ForeignError) -> Finding:
    does = f"{'calls' if error.is_call else 'raises'} `{error.name}` of {error.family}"
    return Finding(
        span=project.span(error.function.module, error.at),
        message=f"`{name_of(error.function)}` {does}, which FastAPI answers with 500",
        help="Raise FastAPI's own: `from fastapi import HTTPException`",
        chain=call_hops(project, error.calls),
        fix=_fix(project, error),
        symbol=error.function.qualname,
    )


def _fix(project: Project, error: ForeignError) -> Fix | None:
    """`from http.client import HTTPException` becomes an import from FastAPI."""
    module = error.function.module
    for node in module.facts.body:
        if isinstance(node, s.ImportFrom) and node.module == "http.client" and not node.level:
            names = [(alias.name, alias.asname) for alias in node.names]
            if names == [("HTTPException", None)] and error.name == "HTTPException":
                text = "from fastapi import HTTPException"
                edit = replace(project, module, s.start_of(node.at), s.end_of(node.at), text)
                return Fix("unsafe", "Import it from FastAPI", (edit,))
    return None
