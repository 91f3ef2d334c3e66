"""DEP002: an error at the yield of a dependency skips its cleanup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.dependencies.releasing import Releasing
from fastapi_lint.project.dependencies.yielding import yield_dependencies
from fastapi_lint.project.edits.yields import into_finally
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.releasing import SkippedRelease
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each yield after which something is given back only if nothing fails."""
    releasing = Releasing(project.types, project.dependencies, project.catching)
    for function in yield_dependencies(project):
        by_point: dict[int, list[SkippedRelease]] = {}
        for skipped in releasing.skipped(function):
            by_point.setdefault(id(skipped.point), []).append(skipped)
        for releases in by_point.values():
            yield _finding(project, function, releases)


def _finding(project: Project, function: FunctionSymbol, releases: list[SkippedRelease]) -> Finding:
    first, *others = releases
    written = f"{dotted_name(first.call.func) or first.name}()"
    module = function.module
    return Finding(
        span=project.span(module, first.call.at),
        message=(
            f"`{written}` in `{name_of(function)}` is skipped when the code that uses `{first.name}` raises"
        ),
        help="Put the `yield` in a `try` and the cleanup in its `finally`",
        related=(
            Related(project.span(module, first.point.expr.at), "The error is raised here"),
            *(Related(project.span(module, other.call.at), "This is skipped as well") for other in others),
        ),
        fix=into_finally(project, module, function.node.body, first.point, [r.statement for r in releases]),
        symbol=function.qualname,
    )
