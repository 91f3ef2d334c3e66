"""The environment variables that compose files and manifests set, with what sets them and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment import environments

if TYPE_CHECKING:
    from fastapi_lint.config.options import Assignment
    from fastapi_lint.facts.kubernetes import KubernetesFacts
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Environment


class Assigned(msgspec.Struct, frozen=True):
    """A variable that an artifact sets: for whom, in which environment, and to which literal.

    `value` is None if it holds variables or comes from elsewhere. `name_span` covers the place that holds
    the name, `span` that of the value.
    """

    name: str
    value: str | None
    said: str
    environment: Environment
    name_span: Span
    span: Span
    service: ComposeService | None = None


def all_of(deployment: Deployment) -> Iterator[Assigned]:
    """The variables of services, of containers and of ConfigMaps, in the order of the files."""
    for service in deployment.composition.services:
        yield from of_service(deployment, service)
    for path, facts in deployment.artifacts.kubernetes:
        yield from _of_manifest(deployment, path, facts)


def of_service(deployment: Deployment, service: ComposeService) -> Iterator[Assigned]:
    """What `environment` of a service sets, the last setting of each name."""
    last = {setting.name: (layer, setting) for layer, setting in service.environment}
    environment = deployment.launcher.environment_of_service(service)
    for name, (layer, setting) in last.items():
        place = setting.value.place if setting.value is not None else setting.place
        yield Assigned(
            name,
            setting.value.literal if setting.value is not None else None,
            f"the service `{service.name}`",
            environment,
            setting.place.span(layer.path),
            place.span(layer.path),
            service,
        )


def _of_manifest(deployment: Deployment, path: str, facts: KubernetesFacts) -> Iterator[Assigned]:
    configured = deployment.project.options.environments
    for workload in facts.workloads:
        for container in workload.containers:
            environment = _environment(path, (container.name, workload.name), configured)
            said = f"the container `{container.name}`"
            for variable in container.env:
                word = variable.value
                place = (word.place if word is not None else variable.place).span(path)
                literal = word.literal if word is not None else None
                yield Assigned(variable.name, literal, said, environment, variable.place.span(path), place)
    for config in facts.config_maps:
        environment = _environment(path, (config.name,), configured)
        for name, word, at in config.values:
            literal = word.literal if word is not None else None
            place = (word.place if word is not None else at).span(path)
            yield Assigned(
                name, literal, f"the {config.kind} `{config.name}`", environment, at.span(path), place
            )


def _environment(path: str, names: tuple[str, ...], configured: tuple[Assignment, ...]) -> Environment:
    """The environment of a manifest, which is for production unless something says otherwise."""
    found = environments.of_place(path, names, configured)
    return "production" if found == "unknown" else found
