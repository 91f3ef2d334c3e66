"""DEP008: a plain dependency sets a context variable in a thread, where nobody else sees the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.dependencies.context_variables import ContextVariables
from fastapi_lint.project.edits.signatures import make_async
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies.context_variables import LostValue
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each plain dependency and context variable that it sets for others."""
    for lost in ContextVariables(project).lost():
        yield _finding(project, lost)


def _finding(project: Project, lost: LostValue) -> Finding:
    dependency, first = lost.dependency, lost.path[0]
    name = name_of(dependency)
    reader = lost.read.caller.qualname if lost.read.caller is not None else ""
    return Finding(
        span=project.span(first.module, first.call.at),
        message=f"`{name}` sets `{lost.variable.name}` in a thread of its own: the value is gone "
        f"where `{reader}` reads it",
        help=f"Make `{name}` an `async def`: FastAPI then runs it in the context of the request",
        related=(Related(project.span(lost.read.module, lost.read.call.at), "It is read here"),),
        chain=call_hops(project, lost.path if len(lost.path) > 1 else ()),
        fix=_fix(project, lost),
        symbol=dependency.qualname,
    )


def _fix(project: Project, lost: LostValue) -> Fix | None:
    """`async def`, if nothing in the dependency blocks, and nothing but FastAPI calls it."""
    function = lost.dependency
    if project.event_loop.would_block(function):
        return None
    if any(project.calls.named(module, function.name) for module in project.code_modules):
        return None
    return make_async(project, function)
