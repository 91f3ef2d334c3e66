"""DEP011: a parameter has FastAPI's marker as its default instead of in its annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.dependencies.marker_styles import MarkerStyles
from fastapi_lint.project.edits.annotated import annotate
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Fix
    from fastapi_lint.project.dependencies.marker_styles import DefaultMarker
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each parameter. FastAPI reads `Annotated` from 0.95 on (its release notes)."""
    for function, markers in MarkerStyles(project).as_defaults():
        if project.versions.for_file(function.module.path).all_at_least("fastapi", "0.95"):
            fix = annotate(project, function, markers)
            for found in markers:
                yield _finding(project, found, fix)


def _finding(project: Project, found: DefaultMarker, fix: Fix | None) -> Finding:
    function = found.function
    return Finding(
        span=project.span(function.module, found.parameter.at),
        message=f"`{found.parameter.name}` of `{name_of(function)}` has `{found.marker}` as its default",
        help=f"Write `Annotated[..., {found.marker}(...)]`",
        fix=fix,
        symbol=function.qualname,
    )
