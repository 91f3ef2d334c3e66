"""XAR006 dotenv-key-forbidden-by-settings: an env file holds a key for which the settings refuse to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.deployment.documented import Documented
from fastapi_lint.project.edits.text import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.dotenv import DotenvEntry
    from fastapi_lint.project.deployment.settings_variables import SettingsClass
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each settings class and file that don't fit, on the first such key."""
    documented = Documented(project.artifacts)
    for settings in project.settings_variables.classes:
        if (
            settings.is_first_version
            or settings.opaque
            or settings.extra != "forbid"
            or settings.overrides_env_file
        ):
            continue
        for path, facts in documented.read_by(settings):
            unknown = [entry for entry in facts.active() if not settings.knows(entry.name)]
            if unknown:
                yield _finding(project, settings, path, unknown)


def _finding(project: Project, settings: SettingsClass, path: str, unknown: list[DotenvEntry]) -> Finding:
    names = list(dict.fromkeys(entry.name for entry in unknown))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    cls = settings.cls
    return Finding(
        span=unknown[0].place.span(path),
        message=f"`{cls.name}` has no field for `{names[0]}`{more}, and refuses to start with this file",
        help='Give the class `extra="ignore"`, or take the keys out',
        related=(
            Related(project.span(cls.module, cls.node.name_at), f"`{cls.name}` reads this file", "settings"),
        ),
        fix=_fix(project, settings),
    )


def _fix(project: Project, settings: SettingsClass) -> Fix | None:
    """Adds the option to the `SettingsConfigDict(...)` of the class itself."""
    for statement in settings.cls.node.body:
        value = statement.value if isinstance(statement, s.Assign | s.Declaration) else None
        if not isinstance(value, s.Call) or not (value.args or value.keywords):
            continue
        target = (
            statement.targets[0] if isinstance(statement, s.Assign) else getattr(statement, "target", None)
        )
        if isinstance(target, s.Name) and target.id == "model_config":
            last = (*value.args, *(k.value for k in value.keywords))[-1]
            edit = insert(project, settings.cls.module, s.end_of(last.at), ', extra="ignore"')
            return Fix("safe", 'Add `extra="ignore"`', (edit,))
    return None
