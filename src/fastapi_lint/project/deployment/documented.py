"""Which variables the artifacts of an application name: example files, services, images, workflows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.project.names.modules import ancestors
from fastapi_lint.project.names.similar import is_slip
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from fastapi_lint.facts.dotenv import DotenvFacts
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.settings_variables import SettingsClass

_EXAMPLE = re.compile(r"(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)")
_FOR_TESTS = re.compile(r"(?:^|[._-])(?:test|tests|testing|ci)(?:[._-]|$)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STARTED = (Kind.PYPROJECT, Kind.REQUIREMENTS, Kind.PIPFILE, Kind.DOCKERFILE)
_KINDS = (Kind.DOCKERFILE, Kind.COMPOSE, Kind.KUBERNETES, Kind.PROCFILE, Kind.SYSTEMD, Kind.SUPERVISORD)


class Documented:
    """Answers what is said about variables."""

    def __init__(self, artifacts: Artifacts) -> None:
        self.artifacts = artifacts
        self._files = dict(artifacts.dotenv)

    def examples(self, settings: SettingsClass) -> tuple[tuple[str, DotenvFacts], ...]:
        """The example files of the application that a settings class belongs to.

        They stand in the nearest folder above the class that has some; one that names none of the fields
        belongs to another application.
        """
        for folder in ancestors(settings.cls.module.path):
            found = [(path, facts) for path, facts in self._examples if posixpath.dirname(path) == folder]
            own = tuple((path, facts) for path, facts in found if self._speaks_of(facts, settings))
            if own:
                return own
            if found:
                return ()
        return ()

    @cached_property
    def _examples(self) -> tuple[tuple[str, DotenvFacts], ...]:
        return tuple(
            (path, facts)
            for path, facts in self._files.items()
            if is_example(path) and not _FOR_TESTS.search(posixpath.basename(path))
        )

    @cached_property
    def _application_folders(self) -> frozenset[str]:
        """Folders with dependency files or a Dockerfile of their own."""
        return frozenset(posixpath.dirname(path) for kind in _STARTED for path in self.artifacts.paths(kind))

    def _speaks_of(self, facts: DotenvFacts, settings: SettingsClass) -> bool:
        """Whether a file names one of the fields' variables, also with a slip of the hand."""
        names = {name for field in settings.fields for name in field.names}
        return any(
            settings.knows(entry.name) or any(is_slip(settings.normal(entry.name), name) for name in names)
            for entry in facts.entries
        )

    def read_by(self, settings: SettingsClass) -> Iterator[tuple[str, DotenvFacts]]:
        """The env files that a class reads, or their examples, in the nearest folder that has them."""
        from fastapi_lint.project.deployment.surroundings import example_of

        for name in settings.env_files or ():
            for folder in ancestors(settings.cls.module.path):
                path = posixpath.normpath(posixpath.join(folder, name))
                chosen = path if path in self._files else example_of(path, self.artifacts)
                if chosen is not None and chosen in self._files:
                    if self._speaks_of(self._files[chosen], settings):
                        yield chosen, self._files[chosen]
                    break
                if folder in self._application_folders:
                    break  # from there the application is started

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """Every word of the artifacts that set variables, in lower case."""
        texts = [self.artifacts.text(path) for kind in _KINDS for path in self.artifacts.paths(kind)]
        return frozenset(
            word.lower() for text in (*texts, *self.artifacts.recipes) for word in _WORD.findall(text)
        )

    def is_mentioned(self, names: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
        """Whether services, images, manifests, workflows or scripts name one of a field's variables."""
        lowered = {name.lower() for name in names}
        if lowered & self._mentioned:
            return True
        starts = tuple(prefix.lower() for prefix in prefixes)
        return bool(starts) and any(word.startswith(starts) for word in self._mentioned)


def is_example(path: str) -> bool:
    """Whether an env file is an example that people copy."""
    return _EXAMPLE.search(posixpath.basename(path).lower()) is not None
