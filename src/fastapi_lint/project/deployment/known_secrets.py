"""Secrets that everybody knows who has the repository: defaults of settings, and values of examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment.documented import Documented
from fastapi_lint.project.deployment.settings_variables import SettingsVariables
from fastapi_lint.project.security.secret_names import is_secret

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.settings_variables import FieldVariables, SettingsClass
    from fastapi_lint.project.project import Project

_NO_SECRETS = frozenset(("", "none", "null", "true", "false"))


class KnownSecret(msgspec.Struct, frozen=True):
    """A secret field of settings whose value stands in the repository: what holds it, in words, and where."""

    field: str
    said: str
    span: Span


class KnownSecrets:
    """Answers whether the value of a variable is a secret that the repository tells."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.documented = Documented(project.artifacts)

    def of(self, variable: str, value: str) -> KnownSecret | None:
        """The field that a variable sets to a value which its default or an example already tells."""
        if value.strip().lower() in _NO_SECRETS or value.startswith("/"):
            return None
        for settings, field in self._secrets:
            if settings.normal(variable) in field.names:
                found = next(self._told(settings, field, value), None)
                if found is not None:
                    return found
        return None

    @cached_property
    def _secrets(self) -> tuple[tuple[SettingsClass, FieldVariables], ...]:
        """The secret fields of all settings, without those of which a validator refuses some value."""
        validators = self.project.settings.validators
        return tuple(
            (settings, field)
            for settings in SettingsVariables(self.project).classes
            for field in settings.fields
            if is_secret(field.field.name)
            and not validators.refuses_some_value(settings.cls, field.field.name)
        )

    def _told(self, settings: SettingsClass, field: FieldVariables, value: str) -> Iterator[KnownSecret]:
        declared, fields = field.field, self.project.settings.fields
        name = f"{settings.cls.name}.{declared.name}"
        default = fields.literal(declared.default, fields.inner_scope(declared.cls))
        if declared.default is not None and default is not None and default.value == value:
            span = self.project.span(declared.cls.module, declared.default.at)
            yield KnownSecret(name, "the default in the code", span)
        for path, facts in self.documented.examples(settings):
            for entry in facts.active():
                told = entry.value.literal if entry.value is not None else None
                if settings.normal(entry.name) in field.names and told == value:
                    yield KnownSecret(name, f"the value in `{path}`", entry.place.span(path))
