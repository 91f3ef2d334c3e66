"""Environment variables of services and containers, with the place where each is set."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.project.deployment.model import Value
from fastapi_lint.project.deployment.variables import NONE, Variables

if TYPE_CHECKING:
    from fastapi_lint.facts.dotenv import DotenvFacts
    from fastapi_lint.facts.kubernetes import ConfigMap, Container
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.builds import Builds
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.model import Launch

_SUFFIXES = ("example", "sample", "template", "dist", "tmpl", "tpl")

_MAX_FILES = 50
"""How many env files of one service are read."""


def of_image(image: Image | None) -> Variables:
    """The ENV variables of an image. Of an image that isn't known, any may be set."""
    return Variables(image.variables) if image is not None else NONE


def of_service(service: ComposeService, image: Image | None, builds: Builds) -> Variables:
    """The variables of a service: those of its image, of `env_file`, of `environment`; later ones win."""
    found = of_image(image).under(_of_files(service, builds))
    own: dict[str, Value[str]] = {}
    for layer, setting in service.environment:
        word = setting.value
        place = word.place if word is not None else setting.place
        value = word.value(builds.lookup(layer)) if word is not None else None
        own[setting.name] = Value(value, "variable", place.span(layer.path), setting.name)
    return found.under(Variables(own))


def _of_files(service: ComposeService, builds: Builds) -> Variables:
    paths: list[str | None] = []
    for layer, file in service.env_files:
        text = file.path.value(builds.lookup(layer))
        path = below_root(layer.folder, text) if text is not None else None
        if path in paths:
            paths.remove(path)  # the last one counts
        paths.append(path)
    found = NONE
    for path in paths[-_MAX_FILES:]:
        found = found.under(of_dotenv(path, builds.artifacts))
    return found


def may_be_set(name: str, launch: Launch, builds: Builds) -> bool:
    """Whether a variable is set for a launch, or may be by something that the repository doesn't hold.

    An env file that isn't there sets what its example names, and nothing else.
    """
    if name in launch.variables or not launch.variables.open:
        return name in launch.variables
    return launch.service is None or not all(
        _is_documented(layer.folder, file.path.value(builds.lookup(layer)), builds.artifacts)
        for layer, file in launch.service.env_files
    )


def _is_documented(folder: str, text: str | None, artifacts: Artifacts) -> bool:
    path = below_root(folder, text) if text is not None else None
    return path is not None and (
        path in dict(artifacts.dotenv) or example_of(path, artifacts) in dict(artifacts.dotenv)
    )


def of_dotenv(path: str | None, artifacts: Artifacts) -> Variables:
    """The variables of an env file. One that isn't there may set anything; its example tells names only."""
    known = dict(artifacts.dotenv)
    if path is not None and path in known:
        return Variables(_entries(known[path], path, with_values=True))
    example = example_of(path, artifacts) if path is not None else None
    names = _entries(known[example], example, with_values=False) if example in known and example else {}
    return Variables(names, open=True)


def _entries(facts: DotenvFacts, path: str, *, with_values: bool) -> dict[str, Value[str]]:
    return {
        entry.name: Value(
            entry.value.literal if with_values and entry.value is not None else None,
            "variable",
            (entry.value or entry).place.span(path),
            entry.name,
        )
        for entry in facts.active()
    }


def example_of(path: str, artifacts: Artifacts) -> str | None:
    """The tracked example of an env file: `.env.example` and its like beside it."""
    folder, name = posixpath.split(path)
    bare = name.lstrip(".")
    names = [
        f"{stem}{mark}{suffix}" for stem in (name, bare) for suffix in _SUFFIXES for mark in (".", "-", "_")
    ]
    names += [f"{suffix}{stem}" for suffix in _SUFFIXES for stem in (name, f".{bare}", f"-{bare}", ".env")]
    names += [f".env.{suffix}{name.removeprefix('.env')}" for suffix in _SUFFIXES]
    return next((p for n in names if artifacts.exists(p := posixpath.join(folder, n))), None)


def of_container(
    container: Container, path: str, image: Image | None, config_maps: dict[str, tuple[str, ConfigMap]]
) -> Variables:
    """The variables of a Kubernetes container: those of its image, of `envFrom`, of `env`; later ones win."""
    found = of_image(image)
    for source in container.env_from:
        place, known = config_maps.get(source.name, ("", None))
        if source.origin == "config-map" and known is not None and known.kind == "ConfigMap":
            values = {
                f"{source.prefix}{name}": Value(
                    word.literal if word else None, "variable", at.span(place), name
                )
                for name, word, at in known.values
            }
            found = found.under(Variables(values))
        else:
            found = found.under(Variables(open=True))
    own: dict[str, Value[str]] = {}
    for variable in container.env:
        place_of = variable.value.place if variable.value is not None else variable.place
        text = variable.value.literal if variable.value is not None else None
        if variable.origin == "config-map" and variable.source in config_maps:
            _, known_map = config_maps[variable.source]
            word = next((word for name, word, _ in known_map.values if name == variable.key), None)
            text = word.literal if word is not None and known_map.kind == "ConfigMap" else None
        own[variable.name] = Value(text, "variable", place_of.span(path), variable.name)
    return found.under(Variables(own))
