"""Environment variables that nothing reads, and that are nearly those of a settings field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment import assigned
from fastapi_lint.project.deployment.documented import Documented
from fastapi_lint.project.deployment.settings_variables import SettingsVariables
from fastapi_lint.project.names.similar import is_slip
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.settings_variables import FieldVariables, SettingsClass
    from fastapi_lint.project.project import Project

_FOREIGN = re.compile(
    r"(?:UVICORN|GUNICORN|HYPERCORN|GRANIAN|OTEL|POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|RABBITMQ|KAFKA|PYTHON|PIP"
    r"|UV|POETRY|PDM|DOCKER|COMPOSE|BUILDKIT|AWS|GCP|GOOGLE|AZURE|SENTRY|DD|NEW_RELIC|TRAEFIK|NGINX|VITE|NEXT"
    r"|NUXT|REACT_APP|NODE|NPM|KUBERNETES|LC|LETSENCRYPT|VIRTUAL|CELERY|FLOWER|PROMETHEUS|GF|MINIO)_",
    re.I,
)
_PLATFORM = frozenset(
    "TZ PATH HOME USER LANG LANGUAGE PORT HOST HOSTNAME DEBUG SHELL PWD FORWARDED_ALLOW_IPS WEB_CONCURRENCY "
    "GUNICORN_CMD_ARGS SSL_CERT_FILE REQUESTS_CA_BUNDLE".split()
)
_TEXTS = (Kind.DOCKERFILE, Kind.COMPOSE, Kind.KUBERNETES, Kind.PROCFILE, Kind.SYSTEMD, Kind.SUPERVISORD)


class Misspelled(msgspec.Struct, frozen=True):
    """A variable that nothing reads: where its name stands, and the field and variable that are meant."""

    name: str
    meant: str
    field: str
    span: Span


class _Set(msgspec.Struct, frozen=True):
    """A variable in one place, with all names that are set there."""

    name: str
    span: Span
    beside: frozenset[str]


class MisspelledVariables:
    """Answers which variables of examples and services are written wrongly."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.documented = Documented(project.artifacts)

    @cached_property
    def _classes(self) -> tuple[SettingsClass, ...]:
        return SettingsVariables(self.project).classes

    def all(self) -> Iterator[Misspelled]:
        """The misspelled variables, each place once."""
        seen: set[Span] = set()
        for settings in self._classes:
            if settings.opaque:
                continue
            for one in (*self._in_examples(settings), *self._in_services(settings)):
                found = self._judged(settings, one) if one.span not in seen else None
                if found is not None:
                    seen.add(one.span)
                    yield found

    def _in_examples(self, settings: SettingsClass) -> Iterator[_Set]:
        files = dict((*self.documented.examples(settings), *self.documented.read_by(settings)))
        beside = frozenset(settings.normal(entry.name) for facts in files.values() for entry in facts.entries)
        for path, facts in files.items():
            for entry in facts.active():
                yield _Set(entry.name, entry.place.span(path), beside)

    def _in_services(self, settings: SettingsClass) -> Iterator[_Set]:
        """The variables of services that serve an app of the class's own part of the project."""
        for launch in self.project.deployment.launches:
            app = self.project.deployment.served_by(launch)
            if launch.service is None or app is None or app.module.root != settings.cls.module.root:
                continue
            beside = frozenset(settings.normal(name) for name, _ in launch.variables)
            for variable in assigned.of_service(self.project.deployment, launch.service):
                yield _Set(variable.name, variable.name_span, beside)

    def _judged(self, settings: SettingsClass, one: _Set) -> Misspelled | None:
        name = settings.normal(one.name)
        if _FOREIGN.match(one.name) or one.name.upper() in _PLATFORM:
            return None
        if any(other.knows(one.name) for other in self._classes):
            return None
        for field in settings.fields:
            for meant in field.names:
                if is_slip(name, meant) and not self._is_set(field, one) and not self._is_read(one.name, one):
                    shown = meant if settings.case_sensitive else meant.upper()
                    return Misspelled(one.name, shown, f"{settings.cls.name}.{field.field.name}", one.span)
        return None

    def _is_set(self, field: FieldVariables, one: _Set) -> bool:
        """Whether the variable that is meant is set in the same place."""
        return any(name in one.beside for name in field.names)

    def _is_read(self, name: str, one: _Set) -> bool:
        """Whether code, a compose file, a script or a workflow names the variable elsewhere."""
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", re.I)
        artifacts = self.project.artifacts
        paths = [path for kind in _TEXTS for path in artifacts.paths(kind)]
        texts = [artifacts.text(path) for path in paths if path != one.span.path]
        texts += [*artifacts.recipes, *(self.project.text(module.path) for module in self.project.modules)]
        if any(word.search(text) for text in texts):
            return True
        return len(word.findall(artifacts.text(one.span.path))) > 1
