"""RTE011: a list is read from the body of requests without one, not from the query string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python.syntax import end_of, start_of
from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.markers import read_from_query
from fastapi_lint.project.edits.text import text_between
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.names.wording import dependency_hops, name_of
from fastapi_lint.project.requests.list_parameters import body_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Safety
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.list_parameters import BodyList


def check(project: Project) -> Iterator[Finding]:
    """One finding for each parameter."""
    for found in body_lists(project):
        if not project.roles.is_outside(found.input.module):
            yield _finding(project, found)


def _finding(project: Project, found: BodyList) -> Finding:
    parameter, holder = found.input.parameter, found.input.holder
    methods = " and ".join(found.methods)
    function = holder if isinstance(holder, FunctionSymbol) else None
    safety: Safety = "unsafe" if "DELETE" in found.methods else "safe"
    return Finding(
        span=project.span(found.input.module, parameter.at),
        message=f"`{parameter.name}` of `{name_of(holder)}` is read from the body of {methods} requests",
        help=f"Mark it, so that it is read from the query string: {_marked(project, found)}",
        chain=dependency_hops(project, found.input.steps),
        fix=read_from_query(project, function, parameter.name, safety) if function is not None else None,
        symbol=holder.qualname,
    )


def _marked(project: Project, found: BodyList) -> str:
    parameter = found.input.parameter
    expr = parameter.annotation
    assert expr is not None
    text = text_between(project, parameter.scope.module, start_of(expr.at), end_of(expr.at))
    return f"`Annotated[{' '.join(text.split())}, Query()]`"
