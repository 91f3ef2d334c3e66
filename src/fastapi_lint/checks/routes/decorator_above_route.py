"""RTE003: a decorator stands above the one that registers the route, so no request runs its wrapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.edits.decorators import move_decorator_below
from fastapi_lint.project.names.wording import route_words
from fastapi_lint.project.routing.bypassed_decorators import BypassedDecorators

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Fix
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.bypassed_decorators import Bypassed


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such decorator."""
    bypassed = BypassedDecorators(project)
    for endpoint in project.endpoints.all:
        for found in bypassed.of(endpoint):
            if not project.roles.is_outside(found.function.module):
                yield _finding(project, found)


def _finding(project: Project, found: Bypassed) -> Finding:
    module, name = found.function.module, _name(found)
    place = project.span(module, found.registering.at)
    return Finding(
        span=project.span(module, found.decorator.at),
        message=(
            f"{route_words(found.route)} runs without {name}, which stands above the decorator that "
            f"registers `{found.function.name}`"
        ),
        help=f"Move {name} below the route's decorator",
        related=(Related(place, "Registers the function as it stands below this line"),),
        fix=_fix(project, found),
        symbol=found.function.qualname,
    )


def _fix(project: Project, found: Bypassed) -> Fix | None:
    """The lowest one is moved first; not one whose wrapper would then hide the parameters."""
    if not found.first or found.decoration.hides_signature:
        return None
    title = f"Move {_name(found)} below the route's decorator"
    return move_decorator_below(project, found.function.module, found.decorator, found.lowest, title)


def _name(found: Bypassed) -> str:
    target = found.decorator.func if isinstance(found.decorator, s.Call) else found.decorator
    return f"`@{dotted_name(target) or '...'}`"
