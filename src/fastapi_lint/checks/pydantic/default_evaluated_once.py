"""PYD003: a default value is computed once, when the module is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.edits.default_factories import use_factory
from fastapi_lint.project.pydantic.import_time_defaults import ImportTimeDefaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.import_time_defaults import ImportTimeDefault


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such default of a model's field, or of an endpoint's or dependency's parameter."""
    defaults = ImportTimeDefaults(project)
    for default in defaults.all():
        yield _finding(project, defaults, default)


def _finding(project: Project, defaults: ImportTimeDefaults, default: ImportTimeDefault) -> Finding:
    called = dotted_name(default.call.func) or "a call"
    one = default.model_field
    if one is not None:
        result, advice = (
            f"every `{default.owner}` gets the same `{default.of}`",
            "Use `Field(default_factory=...)`",
        )
    else:
        result = f"every request to `{default.owner}` gets the same default of `{default.of}`"
        advice = "Make None the default, and compute the value in the function"
    return Finding(
        span=project.span(default.module, default.call.at),
        message=f"`{called}()` runs once, at import, so {result}",
        help=advice,
        fix=use_factory(project, defaults.models, one, default.value) if one is not None else None,
        symbol=one.owner.qualname if one is not None else default.owner,
    )
