"""DEP005: a dependency catches the errors of the endpoint at its yield and doesn't raise them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.dependencies.yielding import yield_dependencies
from fastapi_lint.project.edits.clause_ends import end_with_raise
from fastapi_lint.project.errors.swallowing import Swallowing
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.swallowing import Swallowed
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each clause around the yield of a dependency that can end without raising.

    Up to 0.109 FastAPI answered such errors as if nothing had caught them (its release notes, 0.110).
    """
    swallowing = Swallowing(project.types, project.catching)
    for function in yield_dependencies(project):
        if project.versions.for_file(function.module.path).all_at_least("fastapi", "0.110"):
            for swallowed in swallowing.by(function):
                yield _finding(project, function, swallowed)


def _finding(project: Project, function: FunctionSymbol, swallowed: Swallowed) -> Finding:
    handler = swallowed.handler
    header = _header(handler)
    place = project.span(function.module, swallowed.point.expr.at)
    written = project.text(function.module.path)[s.start_of(header) : s.end_of(header)]
    return Finding(
        span=project.span(function.module, header),
        message=(
            f"`{written}` in `{name_of(function)}` takes the errors of endpoints "
            "and doesn't raise them again, so each becomes a 500"
        ),
        help="End the clause with `raise`",
        related=(Related(place, "The errors are raised here"),),
        fix=end_with_raise(project, function.module, handler),
        symbol=function.qualname,
    )


def _header(handler: s.Handler) -> int:
    """From `except` to the end of what it names."""
    start = s.start_of(handler.at)
    return s.pack(start, s.end_of(handler.type.at) if handler.type is not None else start + len("except"))
