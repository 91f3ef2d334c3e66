"""PYD002: a model sets an option by the name that it had in Pydantic 1, and Pydantic 2 ignores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python.syntax import end_of, start_of
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import replace, text_between
from fastapi_lint.project.pydantic.model_options import REMOVED, RENAMED, ModelOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import ClassSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.model_options import ModelOption


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such option of a model of the application."""
    options = ModelOptions(project)
    for module in project.application_modules():
        if not project.versions.for_file(module.path).all_at_least("pydantic", "2"):
            continue
        for model in project.resolver.index(module).classes:
            models = options.models
            if models.is_model(model) and not models.is_v1(model) and not models.is_conditional(model):
                yield from _of_model(project, options, model)


def _of_model(project: Project, options: ModelOptions, model: ClassSymbol) -> Iterator[Finding]:
    found = list(options.of(model))
    names = {option.name for option in found}
    for option in found:
        renamed = RENAMED.get(option.name)
        if option.name in REMOVED or (renamed is not None and renamed not in names):
            yield _finding(project, option, renamed)


def _finding(project: Project, option: ModelOption, renamed: str | None) -> Finding:
    removed = (
        "Say `frozen=True` instead" if option.name == "allow_mutation" else "Remove it: it is the default"
    )
    return Finding(
        span=project.span(option.module, option.at),
        message=f"Pydantic 2 ignores the option `{option.name}` of `{option.model.name}`",
        help=f"Call it `{renamed}`" if renamed is not None else removed,
        fix=_fix(project, option, renamed) if renamed is not None else None,
        symbol=option.model.qualname,
    )


def _fix(project: Project, option: ModelOption, renamed: str) -> Fix:
    start, end = start_of(option.at), end_of(option.at)
    text = text_between(project, option.module, start, end).replace(option.name, renamed)
    return Fix(
        "safe", f"Rename `{option.name}` to `{renamed}`", (replace(project, option.module, start, end, text),)
    )
