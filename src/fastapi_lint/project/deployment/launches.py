"""All processes that the artifacts of a project start."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment import environments, process, surroundings
from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.project.deployment.model import Launch, Step, Value
from fastapi_lint.project.deployment.servers import number
from fastapi_lint.project.deployment.variables import NONE, Variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.facts.compose import Command
    from fastapi_lint.facts.kubernetes import ConfigMap, Container, Workload
    from fastapi_lint.facts.words import Word
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.builds import Builds
    from fastapi_lint.project.deployment.composition import ComposeService, Written
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.model import Environment, LaunchKind
    from fastapi_lint.project.project import Project

_DEVELOPED = ("development", "test")
_PRODUCTION_DOCKERFILE = re.compile(
    r"(?:dockerfile|containerfile)[._-](?:prod|production)\b|\bprod(?:uction)?[._-]?dockerfile", re.I
)
_PLAIN_DOCKERFILE = ("dockerfile", "containerfile")


class Launches:
    """Makes the launches of a project, artifact by artifact."""

    def __init__(self, project: Project, builds: Builds) -> None:
        self.project = project
        self.artifacts = project.artifacts
        self.builds = builds
        self.configured = project.options.environments

    def all(self) -> Iterator[Launch]:
        """Images, services, containers, processes and units, in this order."""
        yield from self.images()
        yield from self.services()
        yield from self.containers()
        yield from self.processes()
        yield from self.units()

    # --- images ----------------------------------------------------------------------------------

    def images(self) -> Iterator[Launch]:
        """Every stage that starts something, but for those that only give their files to others."""
        for image in self.builds.images:
            if image.has_own_command or image.is_last or not self.builds.is_copied_from(image):
                found = process.of_image(image) or self._convention(image)
                if found is not None:
                    yield self._image(image, found)

    def _convention(self, image: Image) -> process.Process | None:
        from fastapi_lint.project.deployment.conventions import own_command

        return own_command(image, self.builds.context(image), self.artifacts)

    def _image(self, image: Image, found: process.Process) -> Launch:
        return Launch(
            kind="image",
            path=image.path,
            name=image.name,
            span=found.span,
            environment=self.environment_of(image),
            words=found.words,
            steps=found.steps,
            variables=surroundings.of_image(image),
            image=image,
            workdir=image.workdir,
        )

    def named_environment(self, image: Image) -> Environment:
        """The environment of which a stage's name or place speaks."""
        names = (image.stage.name,) if image.stage.name else ()
        return environments.of_place(image.path, names, self.configured)

    def environment_of(self, image: Image) -> Environment:
        """The environment of a stage: what its name or place says, else that of the services that build
        it.
        """
        names = (image.stage.name,) if image.stage.name else ()
        found = environments.of_place(image.path, names, self.configured)
        if found != "unknown":
            return found
        using = [self.environment_of_service(service) for service in self.builds.services_of(image)]
        if using and all(environment in _DEVELOPED for environment in using):
            return "development"
        if "production" in using:
            return "production"
        return "development" if self._has_production_sibling(image.path) else "unknown"

    def _has_production_sibling(self, path: str) -> bool:
        """Whether this is the plain Dockerfile beside a `Dockerfile.prod`."""
        folder, name = posixpath.split(path)
        if name.lower() not in _PLAIN_DOCKERFILE:
            return False
        return any(
            posixpath.dirname(other) == folder and _PRODUCTION_DOCKERFILE.search(posixpath.basename(other))
            for other in self.builds.dockerfiles
        )

    # --- compose ---------------------------------------------------------------------------------

    def services(self) -> Iterator[Launch]:
        """Services of compose files that start something which is known."""
        for service in self.builds.composition.services:
            found = self._service(service)
            if found is not None:
                yield found

    def _service(self, service: ComposeService) -> Launch | None:
        image = self.builds.of_service(service)
        entrypoint = self._given(service.entrypoint, "entrypoint")
        command = self._given(service.command, "command")
        found = process.combined(image, entrypoint, command)
        if found is None and image is not None:
            found = self._convention(image)
        if found is None:
            return None
        place = service.own.place.span(service.path)
        step = Step("service", place, service.name)
        return Launch(
            kind="service",
            path=service.path,
            name=service.name,
            span=place,
            environment=self.environment_of_service(service),
            words=found.words,
            steps=(step, *found.steps),
            variables=surroundings.of_service(service, image, self.builds),
            image=image,
            workdir=self._workdir(service, image),
            mounts=tuple(self.mounts(service)),
            replicas=_count(service.replicas),
            host_network=service.network_mode == "host" or service.network_mode.startswith("service:"),
            written_here=entrypoint is not None or command is not None,
            service=service,
        )

    def _given(self, found: tuple[Written, Command] | None, keyword: str) -> process.Process | None:
        if found is None:
            return None
        layer, command = found
        lookup = self.builds.lookup(layer)
        place = command.place.span(layer.path)
        return process.listed(command.words, layer.path, place, keyword, lookup, self.artifacts.text)

    def _workdir(self, service: ComposeService, image: Image | None) -> str | None:
        if service.working_dir is not None:
            layer, word = service.working_dir
            return word.value(self.builds.lookup(layer))
        if image is not None:
            return image.workdir
        return "/" if service.image is not None else None

    def mounts(self, service: ComposeService) -> Iterator[tuple[str, str]]:
        """The files and folders of the repository that a service mounts: where, and what."""
        for layer, mount in service.volumes:
            if mount.kind != "bind" or mount.source is None:
                continue
            lookup = self.builds.lookup(layer)
            source, target = mount.source.value(lookup), mount.target.value(lookup)
            path = below_root(layer.folder, source) if source is not None else None
            if path is not None and target is not None:
                yield posixpath.normpath(target), path

    def environment_of_service(self, service: ComposeService) -> Environment:
        """The environment of a service: development if it mounts the source, else what the names say."""
        names = (service.name, *service.profiles, *_tags(service))
        if environments.is_configured(service.path, names, self.configured):
            return environments.of_place(service.path, names, self.configured)
        found = environments.of_place(service.path, names, ())
        if found in _DEVELOPED:
            return found
        if service.is_watched or any(self._is_source(path) for _, path in self.mounts(service)):
            return "development"
        image = self.builds.of_service(service) if service.build is not None else None
        if found == "unknown" and image is not None:
            stage = (image.stage.name,) if image.stage.name else ()
            return environments.of_place(image.path, stage, self.configured)
        return found

    def _is_source(self, path: str) -> bool:
        """Whether a path holds Python code of the project."""
        table = self.project.table.by_path
        return path in table or any(not path or known.startswith(path + "/") for known in table)

    # --- Kubernetes ------------------------------------------------------------------------------

    def containers(self) -> Iterator[Launch]:
        """Containers of Kubernetes workloads that start something which is known."""
        maps = {
            item.name: (path, item) for path, facts in self.artifacts.kubernetes for item in facts.config_maps
        }
        for path, facts in self.artifacts.kubernetes:
            for workload in facts.workloads:
                for container in workload.containers:
                    found = self._container(path, workload, container, maps)
                    if found is not None:
                        yield found

    def _container(
        self, path: str, workload: Workload, container: Container, maps: dict[str, tuple[str, ConfigMap]]
    ) -> Launch | None:
        image = self._image_of(container)
        variables = surroundings.of_container(container, path, image, maps)
        command = self._words(container.command, path, "command", variables)
        args = self._words(container.args, path, "args", variables)
        found = process.combined(image, command, args)
        if found is None:
            return None
        place = container.place.span(path)
        environment = environments.of_place(path, (container.name, workload.name), self.configured)
        return Launch(
            kind="container",
            path=path,
            name=container.name or workload.name,
            span=place,
            environment="production" if environment == "unknown" else environment,
            words=found.words,
            steps=(Step("container", place, f"{workload.kind} {workload.name}"), *found.steps),
            variables=variables,
            image=image,
            workdir=_text(container.working_dir) or (image.workdir if image is not None else None),
            replicas=self._replicas(path, workload),
            host_network=workload.host_network,
            written_here=command is not None or args is not None,
            workload=workload,
            container=container,
        )

    def _image_of(self, container: Container) -> Image | None:
        from fastapi_lint.project.deployment.builds import image_name

        return self.builds.of_name(image_name(container.image.text)) if container.image is not None else None

    def _words(
        self, words: tuple[Word, ...] | None, path: str, keyword: str, variables: Variables
    ) -> process.Process | None:
        if not words:
            return None
        place = words[0].place.to(words[-1].place).span(path)
        return process.listed(words, path, place, keyword, variables.get, self.artifacts.text)

    def _replicas(self, path: str, workload: Workload) -> Value[int]:
        for other, facts in self.artifacts.kubernetes:
            for scaler in facts.autoscalers:
                if (scaler.target_kind, scaler.target_name) == (
                    workload.kind,
                    workload.name,
                ) and scaler.maximum:
                    span = scaler.maximum.place.span(other)
                    return Value(number(scaler.maximum.text), "file", span, "maxReplicas")
        if workload.replicas is None:
            return Value(1)
        return Value(number(workload.replicas.text), "file", workload.replicas.place.span(path), "replicas")

    # --- processes outside of containers ---------------------------------------------------------

    def processes(self) -> Iterator[Launch]:
        """The processes of Procfiles."""
        for path, facts in self.artifacts.procfiles:
            for found in facts.processes:
                place = found.place.span(path)
                variables = Variables({"PORT": Value(None, "variable", place, "PORT")})
                yield self.plain("process", path, found.name, place, variables)

    def units(self) -> Iterator[Launch]:
        """Units of systemd."""
        for path, facts in self.artifacts.systemd:
            if facts.commands:
                place = facts.place.span(path)
                values = {name: Value(text, "variable", place, name) for name, text in facts.environment}
                variables = Variables(values, bool(facts.environment_files))
                yield self.plain("unit", path, posixpath.basename(path), place, variables)

    def plain(
        self, kind: LaunchKind, path: str, name: str, span: Span, variables: Variables = NONE
    ) -> Launch:
        """A process that runs in a checkout, or in a place that isn't known."""
        folder = posixpath.dirname(path)
        return Launch(
            kind=kind,
            path=path,
            name=name,
            span=span,
            environment=environments.of_place(path, (name,), self.configured),
            words=(),
            steps=(Step(kind, span, name),) if kind != "program" else (),
            variables=variables,
            image=None,
            workdir=f"/{folder}" if kind == "process" else None,
        )


def _tags(service: ComposeService) -> tuple[str, ...]:
    """The tag of the image that a service builds, which may speak of an environment (`api:dev`)."""
    if service.image is None or service.build is None:
        return ()
    name, colon, tag = service.image[1].text.rpartition(":")
    return (tag,) if colon and name and "/" not in tag and "$" not in tag else ()


def _text(word: Word | None) -> str | None:
    return word.literal if word is not None else None


def _count(found: tuple[Written, Word] | None) -> Value[int]:
    if found is None:
        return Value(1)
    layer, word = found
    lookup: Callable[[str], str | None] = lambda _: None  # noqa: E731
    text = word.value(lookup)
    return Value(number(text) if text is not None else None, "file", word.place.span(layer.path), "replicas")
