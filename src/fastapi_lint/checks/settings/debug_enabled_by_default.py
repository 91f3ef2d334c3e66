"""CFG007: an application shows tracebacks to clients unless somebody turns that off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.edits.text import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.debug import DebugDefault


def check(project: Project) -> Iterator[Finding]:
    """One finding for each literal `True` that turns an application's debug mode on."""
    for found in project.debug.defaults:
        yield _finding(project, found)


def _finding(project: Project, found: DebugDefault) -> Finding:
    related: tuple[Related, ...] = ()
    if found.field is None:
        message = "Debug mode is on: clients get the traceback of every unhandled error"
        help_text = "Take it from a setting whose default is False"
    else:
        place = project.span(found.used_in, found.used_at)
        related = (Related(place, f"`{found.field.name}` turns on the debug mode of the application here"),)
        name = f"{found.field.cls.name}.{found.field.name}"
        message = f"`{name}` is True by default and turns on debug mode, which sends tracebacks to clients"
        help_text = "Make False the default, and set the variable where you develop"
    return Finding(
        span=project.span(found.module, found.literal.at),
        message=message,
        help=help_text,
        related=related,
        fix=_fix(project, found),
    )


def _fix(project: Project, found: DebugDefault) -> Fix:
    at = found.literal.at
    edit = replace(project, found.module, s.start_of(at), s.end_of(at), "False")
    return Fix("unsafe", "Turn debug mode off by default", (edit,))
