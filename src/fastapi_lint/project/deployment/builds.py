"""Which image a service or container runs: the stage of a Dockerfile that it builds, or that shares its
name.
"""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment import build_arguments, image_builds
from fastapi_lint.project.deployment.bases import base_of
from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.project.deployment.contexts import Context, context_of
from fastapi_lint.project.deployment.images import Image

if TYPE_CHECKING:
    from fastapi_lint.facts.compose import Build
    from fastapi_lint.facts.dockerfile import DockerfileFacts, Stage
    from fastapi_lint.facts.words import Lookup, Word
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.bases import Base
    from fastapi_lint.project.deployment.composition import ComposeService, Composition, Written


class Builds:
    """Answers which stage is built for whom, and from which folder."""

    def __init__(self, artifacts: Artifacts, composition: Composition) -> None:
        self.artifacts = artifacts
        self.composition = composition
        self.dockerfiles = dict(artifacts.dockerfiles)
        self._variants: dict[object, Image] = {}
        self._dotenvs: dict[str, dict[str, Word | None]] = {}

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every stage of every Dockerfile."""
        return tuple(
            Image(path, facts, stage) for path, facts in self.dockerfiles.items() for stage in facts.stages
        )

    @cached_property
    def _by_stage(self) -> dict[tuple[str, int], Image]:
        return {(image.path, image.stage.index): image for image in self.images}

    def image_at(self, path: str, index: int) -> Image:
        """The image of a stage by its Dockerfile and number."""
        return self._by_stage[path, index]

    def of_service(self, service: ComposeService) -> Image | None:
        """The image that a service builds, or that another service builds under the same name."""
        if service.build is not None:
            return self._built(*service.build)
        return self.of_name(self._name(service)) if service.image is not None else None

    def base_of_service(self, service: ComposeService) -> Base | None:
        """The image that a service runs as it is, or that the image which it builds stands upon."""
        if service.build is not None:
            image = self.of_service(service)
            return image.base if image is not None else None
        if service.image is None:
            return None
        layer, word = service.image
        return base_of(word.value(self.lookup(layer)) or word.text.partition("$")[0].rstrip(":"))

    @cached_property
    def _by_name(self) -> dict[str, Image]:
        found: dict[str, Image] = {}
        for service in self.composition.services:
            name = self._name(service)
            image = self._built(*service.build) if service.build is not None else None
            if name and image is not None:
                found.setdefault(name, image)
        return found

    def of_name(self, name: str) -> Image | None:
        """The image that some service, workflow, makefile or script builds under a name; its tag doesn't
        count.
        """
        return self._by_name.get(name) or self._published_as(name) if name else None

    def _published_as(self, name: str) -> Image | None:
        found = [
            build for build in self._named_builds if any(image_builds.matches(n, name) for n in build.names)
        ]
        places = {(build.path, build.target) for build in found}
        path, target = places.pop() if len(places) == 1 else ("", None)
        facts = self.dockerfiles.get(path)
        if facts is None or not facts.stages or target is None:
            return None
        stage = _stage_named(facts, target) if target else facts.stages[-1]
        return self._by_stage[path, stage.index] if stage is not None else None

    @cached_property
    def _named_builds(self) -> tuple[image_builds.NamedBuild, ...]:
        return tuple(build for build in image_builds.builds(self.artifacts) if build.names)

    def _name(self, service: ComposeService) -> str:
        if service.image is None:
            return ""
        layer, word = service.image
        text = word.value(self.lookup(layer)) or ""
        return image_name(text)

    def lookup(self, layer: Written) -> Lookup:
        """The variables that compose itself puts into a file: those of the tracked `.env` beside it."""
        values = self._dotenv(posixpath.join(layer.folder, ".env"))

        def find(name: str) -> str | None:
            word = values.get(name)
            return word.literal if word is not None else None

        return find

    def _dotenv(self, path: str) -> dict[str, Word | None]:
        if path not in self._dotenvs:
            facts = dict(self.artifacts.dotenv).get(path)
            self._dotenvs[path] = {entry.name: entry.value for entry in facts.active()} if facts else {}
        return self._dotenvs[path]

    def _built(self, layer: Written, build: Build) -> Image | None:
        path = self.dockerfile_of(layer, build)
        facts = self.dockerfiles.get(path) if path is not None else None
        if path is None or facts is None or not facts.stages:
            return None
        stage = facts.stages[-1]
        if build.target is not None:
            target = build.target.value(self.lookup(layer))
            named = _stage_named(facts, target) if target is not None else None
            if named is None:
                return None
            stage = named
        return self._with_arguments(path, facts, stage, self._arguments(layer, build, facts))

    def _arguments(self, layer: Written, build: Build, facts: DockerfileFacts) -> dict[str, str | None]:
        known = build_arguments.declared(facts) if build.args else frozenset()
        lookup = self.lookup(layer)
        return {
            setting.name: setting.value.value(lookup) if setting.value is not None else None
            for setting in build.args
            if setting.name in known
        }

    def _with_arguments(
        self, path: str, facts: DockerfileFacts, stage: Stage, arguments: dict[str, str | None]
    ) -> Image:
        if not arguments:
            return self._by_stage[path, stage.index]
        key = (path, stage.index, tuple(sorted(arguments.items(), key=str)))
        if key not in self._variants:
            changed = build_arguments.given(facts, arguments)
            self._variants[key] = Image(path, changed, changed.stages[stage.index])
        return self._variants[key]

    def dockerfile_of(self, layer: Written, build: Build) -> str | None:
        """The Dockerfile that `build` names, if the repository has it; names differ in case on some
        systems.
        """
        folder = self.context_folder(layer, build)
        if folder is None or build.inline:
            return None
        name = _text(build.dockerfile, self.lookup(layer), "Dockerfile")
        path = below_root(folder, name) if name is not None else None
        if path is None or path in self.dockerfiles:
            return path
        same = [known for known in self.dockerfiles if known.lower() == path.lower()]
        return same[0] if len(same) == 1 else path

    def context_folder(self, layer: Written, build: Build) -> str | None:
        """The build context as a folder below the root, or None if it is elsewhere."""
        text = _text(build.context, self.lookup(layer), ".")
        return below_root(layer.folder, text) if text is not None and "://" not in text else None

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """Build contexts that compose files name, by Dockerfile."""
        found: dict[str, list[str]] = {}
        for service in self.composition.services:
            if service.build is not None:
                path = self.dockerfile_of(*service.build)
                folder = self.context_folder(*service.build)
                if path in self.dockerfiles and folder is not None:
                    found.setdefault(path or "", []).append(folder)
        return found

    @cached_property
    def _contexts(self) -> dict[str, Context]:
        return {
            path: context_of(path, facts, self._named.get(path, ()), self.artifacts)
            for path, facts in self.dockerfiles.items()
        }

    def context(self, image: Image) -> Context:
        """The folder that an image is built from."""
        return self._contexts[image.path]

    def is_copied_from(self, image: Image) -> bool:
        """Whether another stage of its Dockerfile takes files from a stage."""
        return (image.path, image.stage.index) in self._copied_from

    @cached_property
    def _copied_from(self) -> frozenset[tuple[str, int]]:
        found: set[tuple[str, int]] = set()
        for image in self.images:
            for copied in image.copies:
                stage = image.stage_named(copied.origin, copied.stage) if copied.origin else None
                if stage is not None:
                    found.add((image.path, stage.index))
        return frozenset(found)

    def services_of(self, image: Image) -> tuple[ComposeService, ...]:
        """The services that build exactly this stage, or use it by the name that another one gives it.

        Those that run a published image don't count: it is built for others as well.
        """
        return self._services.get((image.path, image.stage.index), ())

    @cached_property
    def _services(self) -> dict[tuple[str, int], tuple[ComposeService, ...]]:
        found: dict[tuple[str, int], list[ComposeService]] = {}
        for service in self.composition.services:
            if service.build is not None:
                image = self._built(*service.build)
            else:
                image = self._by_name.get(self._name(service))
            if image is not None:
                found.setdefault((image.path, image.stage.index), []).append(service)
        return {key: tuple(services) for key, services in found.items()}


def _stage_named(facts: DockerfileFacts, target: str) -> Stage | None:
    named = next((stage for stage in facts.stages if stage.name and stage.name == target.lower()), None)
    if named is None and target.isdecimal() and int(target) < len(facts.stages):
        return facts.stages[int(target)]
    return named


def image_name(text: str) -> str:
    """The name of an image without tag and digest; an empty text if it holds a variable."""
    if "$" in text:
        return ""
    name = text.partition("@")[0]
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}{tail.partition(':')[0]}"


def _text(word: Word | None, lookup: Lookup, default: str) -> str | None:
    return default if word is None else word.value(lookup)
