"""ARC009: a table, schema, settings class or engine is defined in a module of another layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.layers.misplaced import Misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.layers.misplaced import Definition
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each definition whose own layer stands elsewhere in the application."""
    misplaced = Misplaced(project)
    for module in project.application_modules():
        for definition in misplaced.of(module):
            yield _finding(project, definition)


def _finding(project: Project, definition: Definition) -> Finding:
    role = project.roles.of(definition.module).name
    return Finding(
        span=project.span(definition.module, definition.at),
        message=f"The {definition.kind} `{definition.name}` is defined in the {role} module"
        f" `{definition.module.name}`",
        help=f"Put it where the others are, for example in `{definition.home.name}`",
        symbol=definition.symbol,
    )
