"""Services of compose files with all that they inherit: from `extends` and from the files of one project.

Source: the compose specification (github.com/compose-spec), on merging and on `extends`.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.compose import (
        Build,
        Command,
        ComposeFacts,
        Dependency,
        EnvFile,
        Healthcheck,
        Mount,
        Port,
        Service,
        Setting,
    )
    from fastapi_lint.facts.words import Word
    from fastapi_lint.project.artifacts import Artifacts

T = TypeVar("T")

_BASES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_OVERRIDE = re.compile(r"(?:docker-)?compose\.override\.ya?ml\Z")
_MAX_EXTENDS = 12
_MAX_INCLUDES = 200


class Written(msgspec.Struct, frozen=True):
    """A service as one file writes it."""

    path: str
    service: Service

    @property
    def folder(self) -> str:
        """The folder of the file."""
        return posixpath.dirname(self.path)


class ComposeService:
    """A service of a compose file. `layers` are what it is merged from, the file itself at the end."""

    def __init__(self, path: str, layers: tuple[Written, ...]) -> None:
        self.path = path
        self.layers = layers
        self.own = layers[-1].service

    @property
    def name(self) -> str:
        """The service's name."""
        return self.own.name

    def __repr__(self) -> str:
        return f"<service {self.name} of {self.path}>"

    def _last(self, name: str) -> tuple[Written, object] | None:
        for layer in reversed(self.layers):
            value = getattr(layer.service, name)
            if value is not None and value != ():
                return layer, value
            if name in layer.service.resets:
                return None
        return None

    @cached_property
    def image(self) -> tuple[Written, Word] | None:
        """`image` and the file that writes it."""
        return self._last("image")  # type: ignore[return-value]

    @cached_property
    def build(self) -> tuple[Written, Build] | None:
        """`build` and the file that writes it."""
        return self._last("build")  # type: ignore[return-value]

    @cached_property
    def command(self) -> tuple[Written, Command] | None:
        """`command` and the file that writes it."""
        return self._last("command")  # type: ignore[return-value]

    @cached_property
    def entrypoint(self) -> tuple[Written, Command] | None:
        """`entrypoint` and the file that writes it."""
        return self._last("entrypoint")  # type: ignore[return-value]

    @cached_property
    def healthcheck(self) -> tuple[Written, Healthcheck] | None:
        """`healthcheck` and the file that writes it."""
        return self._last("healthcheck")  # type: ignore[return-value]

    @cached_property
    def replicas(self) -> tuple[Written, Word] | None:
        """`deploy.replicas` or `scale`, and the file that writes it."""
        return self._last("replicas")  # type: ignore[return-value]

    @cached_property
    def working_dir(self) -> tuple[Written, Word] | None:
        """`working_dir` and the file that writes it."""
        return self._last("working_dir")  # type: ignore[return-value]

    @cached_property
    def network_mode(self) -> str:
        """`network_mode` as written, or an empty text."""
        found = self._last("network_mode")
        return getattr(found[1], "text", "") if found else ""

    def _all(self, name: str) -> list[tuple[Written, object]]:
        """The items of a list in all layers; `!reset` and `!override` drop what came before."""
        found: list[tuple[Written, object]] = []
        for layer in self.layers:
            if name in layer.service.resets:
                found = []
            found += [(layer, item) for item in getattr(layer.service, name)]
        return found

    @cached_property
    def environment(self) -> tuple[tuple[Written, Setting], ...]:
        """The entries of `environment`; later ones win."""
        return tuple(self._all("environment"))  # type: ignore[arg-type]

    @cached_property
    def env_files(self) -> tuple[tuple[Written, EnvFile], ...]:
        """The entries of `env_file`; later ones win."""
        return tuple(self._all("env_files"))  # type: ignore[arg-type]

    @cached_property
    def ports(self) -> tuple[tuple[Written, Port], ...]:
        """The entries of `ports`."""
        return tuple(self._all("ports"))  # type: ignore[arg-type]

    @cached_property
    def volumes(self) -> tuple[tuple[Written, Mount], ...]:
        """The entries of `volumes`; a later one replaces one with the same target."""
        found = {item.target.text: (layer, item) for layer, item in self._all("volumes")}  # type: ignore[attr-defined]
        return tuple(found.values())  # type: ignore[arg-type]

    @cached_property
    def labels(self) -> tuple[tuple[Written, Setting], ...]:
        """The entries of `labels`."""
        return tuple(self._all("labels"))  # type: ignore[arg-type]

    @cached_property
    def depends_on(self) -> tuple[tuple[Written, Dependency], ...]:
        """The entries of `depends_on`; a later one replaces one for the same service."""
        found = {item.service: (layer, item) for layer, item in self._all("depends_on")}  # type: ignore[attr-defined]
        return tuple(found.values())  # type: ignore[arg-type]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles of all layers."""
        return tuple(profile for layer in self.layers for profile in layer.service.profiles)

    @property
    def is_watched(self) -> bool:
        """Whether `develop.watch` copies changes of the source into the container."""
        return any(layer.service.watch for layer in self.layers)

    @property
    def has_init(self) -> bool:
        """Whether Docker puts its init process before the command."""
        return any(layer.service.init for layer in self.layers)


class Composition:
    """All services of all compose files."""

    def __init__(self, artifacts: Artifacts) -> None:
        self.artifacts = artifacts
        self.files = dict(artifacts.compose)
        self._together: dict[str, dict[str, ComposeService]] = {}

    @cached_property
    def services(self) -> tuple[ComposeService, ...]:
        """The services as each file has them, in the order of files and services."""
        return tuple(
            ComposeService(path, tuple(self._layers(path, service, 0)))
            for path, facts in self.files.items()
            for service in facts.services
        )

    def of(self, path: str) -> tuple[ComposeService, ...]:
        """The services that one file writes."""
        return self._of.get(path, ())

    @cached_property
    def _of(self) -> dict[str, tuple[ComposeService, ...]]:
        found: dict[str, list[ComposeService]] = {}
        for service in self.services:
            found.setdefault(service.path, []).append(service)
        return {path: tuple(services) for path, services in found.items()}

    @cached_property
    def _merged(self) -> dict[str, tuple[str, ...]]:
        return {path: tuple(self._files_with(path)) for path in self.files}

    def merged(self, path: str) -> dict[str, ComposeService]:
        """The services that run together with those of a file, by name; the most complete form of each."""
        if path not in self._together:
            services = (service for own in self._merged[path] for service in self.of(own))
            self._together[path] = {service.name: service for service in services}
        return self._together[path]

    def anywhere(self, path: str, name: str) -> tuple[ComposeService, ...]:
        """All forms of a service in the files beside a file, and in those that it includes."""
        folder = posixpath.dirname(path)
        near = {*self._merged[path], *(other for other in self.files if posixpath.dirname(other) == folder)}
        return tuple(service for service in self.services if service.name == name and service.path in near)

    def _files_with(self, path: str) -> Iterator[str]:
        """The files that are merged into one project with this one, this one last."""
        base = self.base_of(path)
        if base is not None and base != path:
            yield from self._included(base, {base, path})
            yield base
        yield from self._included(path, {path})
        yield path

    def _included(self, path: str, seen: set[str]) -> Iterator[str]:
        """The files that a file includes, each once; what an included file includes comes before it."""
        for include in self.files[path].includes:
            other = _resolved(posixpath.dirname(path), include.path.text)
            if other in self.files and other not in seen and len(seen) < _MAX_INCLUDES:
                seen.add(other)
                yield from self._included(other, seen)
                yield other

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The file that compose takes by itself in a folder."""
        found: dict[str, str] = {}
        for path in self.files:
            folder, name = posixpath.split(path)
            if name in _BASES and (
                folder not in found or _BASES.index(name) < _BASES.index(posixpath.basename(found[folder]))
            ):
                found[folder] = path
        return found

    def base_of(self, path: str) -> str | None:
        """The file that this one adds to: the plain one beside an override, or beside a file of fragments."""
        plain = self._plain.get(posixpath.dirname(path))
        if plain is None or plain == path:
            return None
        if _OVERRIDE.match(posixpath.basename(path)):
            return plain
        known = {service.name for service in self.files[plain].services}
        fragments = [s for s in self.files[path].services if not _stands_alone(s)]
        return plain if any(service.name in known for service in fragments) else None

    def _layers(self, path: str, service: Service, depth: int) -> Iterator[Written]:
        base = self.base_of(path)
        if base is not None and depth < _MAX_EXTENDS:
            below = _service(self.files[base], service.name)
            if below is not None:
                yield from self._layers(base, below, depth + 1)
        if service.extends is not None and depth < _MAX_EXTENDS:
            file = service.extends.file
            other = _resolved(posixpath.dirname(path), file.text) if file is not None else path
            found = _service(self.files[other], service.extends.service) if other in self.files else None
            if found is not None and found is not service:
                yield from self._layers(other, found, depth + 1)
        yield Written(path, service)


def _service(facts: ComposeFacts, name: str) -> Service | None:
    return next((service for service in facts.services if service.name == name), None)


def _stands_alone(service: Service) -> bool:
    return service.image is not None or service.build is not None or service.extends is not None


def _resolved(folder: str, path: str) -> str:
    """A path in a compose file as one below the root; what leads out of the root names nothing."""
    found = posixpath.normpath(posixpath.join("/", folder, path)) if not path.startswith("/") else ""
    return found.lstrip("/") if found and not _leaves(folder, path) else "\0"


def _leaves(folder: str, path: str) -> bool:
    return posixpath.normpath(posixpath.join(folder or ".", path)).startswith("..")


def below_root(folder: str, path: str) -> str | None:
    """A relative path in a file of `folder`, as a path below the root; None if it is absolute or leaves
    it.
    """
    if path.startswith(("/", "~")) or _leaves(folder, path):
        return None
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found
