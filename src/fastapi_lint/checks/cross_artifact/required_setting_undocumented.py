"""XAR005 required-setting-undocumented: the example doesn't name a variable without which nothing starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.deployment.documented import Documented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.dotenv import DotenvFacts
    from fastapi_lint.project.deployment.settings_variables import FieldVariables, SettingsClass
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each required field whose variable nothing names."""
    documented = Documented(project.artifacts)
    seen: set[tuple[str, int]] = set()
    for settings in project.settings_variables.classes:
        examples = documented.examples(settings) if not settings.opaque else ()
        if not examples:
            continue
        for field in settings.fields:
            place = (field.field.cls.module.path, field.field.at)
            if place not in seen and _is_undocumented(documented, settings, field, examples):
                seen.add(place)
                yield _finding(project, settings, field, examples[0][0])


def _is_undocumented(
    documented: Documented,
    settings: SettingsClass,
    field: FieldVariables,
    examples: tuple[tuple[str, DotenvFacts], ...],
) -> bool:
    if not field.required or field.field.name in settings.given:
        return False
    for _, facts in examples:
        for entry in facts.entries:
            name = settings.normal(entry.name)
            if name in field.names or any(name.startswith(prefix) for prefix in field.prefixes):
                return False
    return not documented.is_mentioned(field.names, field.prefixes)


def _finding(project: Project, settings: SettingsClass, field: FieldVariables, example: str) -> Finding:
    name = field.names[0] if settings.case_sensitive else field.names[0].upper()
    text = project.artifacts.text(example)
    lines = text.split("\n")
    last = Span(example, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 1)
    newline = "" if not lines[-1] else "\n"
    return Finding(
        span=project.span(field.field.cls.module, field.field.at),
        message=f"`{settings.cls.name}.{field.field.name}` has no default, "
        f"and `{example}` doesn't name `{name}`",
        help=f"Add `{name}=` to `{example}`",
        related=(Related(Span(example, 1, 1, 1, 1), "The example that people copy", "example"),),
        fix=Fix("safe", f"Add `{name}=` to `{example}`", (Edit(last, f"{newline}{name}=\n"),)),
        symbol=field.field.cls.qualname,
    )
