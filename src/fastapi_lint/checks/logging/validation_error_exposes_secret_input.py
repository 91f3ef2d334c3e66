"""LOG001: a handler of validation errors lets out what the client sent, passwords included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.errors.validation_errors import ValidationErrors
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.requests.bodies import RequestBodies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.project.errors.validation_errors import Leak
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.models import ModelField


def check(project: Project) -> Iterator[Finding]:
    """One finding for each handler, at the first thing that it lets out."""
    errors = ValidationErrors(project)
    bodies = RequestBodies(project)
    for handler in errors.handlers():
        module = handler.module
        if project.roles.is_outside(module) or not _has_input(project, module.path):
            continue
        leaks = errors.leaks(handler)
        secret = bodies.secret(module) if leaks else None
        if secret is not None:
            yield _finding(project, leaks, secret[1])


def _has_input(project: Project, path: str) -> bool:
    """Pydantic 2 puts the input into its errors; Pydantic 1 didn't."""
    return project.versions.for_file(path).all_at_least("pydantic", "2")


def _finding(project: Project, leaks: Sequence[Leak], secret: ModelField) -> Finding:
    first = leaks[0]
    module = first.handler.module
    declared = project.span(secret.owner.module, secret.declaration.at)
    related = [Related(declared, f"`{secret.name}` can be in the input", symbol=secret.owner.qualname)]
    related += [Related(project.span(module, leak.expr.at), f"{leak.verb} it here") for leak in leaks[1:]]
    return Finding(
        span=project.span(module, first.expr.at),
        message=f"`{name_of(first.handler)}` {first.verb} validation errors with the client's input, "
        f"in which `{secret.name}` of `{secret.owner.name}` can be",
        help="Build the errors from `loc`, `msg` and `type` only",
        related=tuple(related),
        symbol=first.handler.qualname,
    )
