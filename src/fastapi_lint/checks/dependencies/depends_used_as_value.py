"""DEP004: code works with a `Depends(...)` object instead of what the dependency hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.dependencies.marker_uses import MarkerUses
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.marker_uses import LeftOut, MarkerUse
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each name that holds a marker, and each parameter that a call leaves to one."""
    uses = MarkerUses(project)
    for module in project.application_modules():
        for use in uses.kept(module):
            yield _kept(project, use)
    for left in uses.left_to_default():
        yield _left(project, left)


def _kept(project: Project, use: MarkerUse) -> Finding:
    function = use.site.caller
    return Finding(
        span=project.span(use.site.module, use.site.call.at),
        message=(
            f"`{use.name}` is a marker, not the dependency's value: FastAPI resolves it in signatures only"
        ),
        help="Make it a parameter of an endpoint or dependency",
        related=(Related(project.span(use.site.module, use.used_at), "used as if it were the value"),),
        symbol=function.qualname if function is not None else "",
    )


def _left(project: Project, left: LeftOut) -> Finding:
    function, call = left.function, left.call
    return Finding(
        span=project.span(function.module, left.parameter.at),
        message=(
            f"`{left.parameter.name}` is a marker, not the dependency's value: "
            f"`{name_of(function)}` is called as a plain function"
        ),
        help=f"Take the value in an endpoint or dependency, and give it to `{name_of(function)}` in the call",
        related=(Related(project.span(call.module, call.call.at), "called without it here"),),
        symbol=function.qualname,
    )
