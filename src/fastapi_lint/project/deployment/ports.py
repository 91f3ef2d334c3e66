"""The port that a launch listens on, and the ports that others ask it for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.deployment.inner_proxies import has_proxy
from fastapi_lint.project.deployment.servers import number
from fastapi_lint.project.deployment.wording import of_launch

if TYPE_CHECKING:
    from fastapi_lint.facts.kubernetes import Container, ServicePort, Workload
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Launch, StartCommand

_DEBUGGERS = frozenset((5678, 5679))
_METRICS = frozenset((9090, 9091, 9100, 9464))


class Asked(msgspec.Struct, frozen=True):
    """A place that names a port of a container, in words. `ports` are all that would do there."""

    said: str
    port: int
    span: Span
    ports: frozenset[int]


def port_of(deployment: Deployment, launch: Launch) -> StartCommand | None:
    """The start command whose port is the only one that a launch listens on; None if that isn't certain."""
    starts = deployment.starts_of(launch)
    ports = {start.port.value for start in starts}
    if len(ports) != 1 or None in ports or not launch.in_container:
        return None
    if any(start.open or start.socket.is_given for start in starts):
        return None
    if has_proxy(deployment, launch):
        return None
    return starts[0]


def asked_of(deployment: Deployment, launch: Launch) -> Iterator[Asked]:
    """The ports that artifacts ask a launch for."""
    if launch.service is not None:
        yield from _published(deployment, launch)
    if launch.workload is not None and launch.container is not None:
        yield from _targeted(deployment, launch.workload, launch.container)
    if launch.kind == "image" and launch.image is not None:
        known = [exposed.port for exposed in launch.image.exposed]
        ports = frozenset(port for port in known if port is not None)
        if known and None not in known:
            first = launch.image.exposed[0]
            said = f"`{launch.path}` exposes port {first.port}"
            yield Asked(said, first.port or 0, first.span, ports)
    for probe in deployment.probes:
        if probe.owner is launch and probe.port is not None and probe.port_span is not None:
            said = f"The {_PROBES[probe.kind]} of {of_launch(launch)} asks port {probe.port}"
            yield Asked(said, probe.port, probe.port_span, frozenset((probe.port,)))


_PROBES = {
    "healthcheck": "health check",
    "liveness": "liveness probe",
    "readiness": "readiness probe",
    "startup": "startup probe",
}


def _published(deployment: Deployment, launch: Launch) -> Iterator[Asked]:
    """The container's side of a service's port mappings; one that fits speaks for all."""
    assert launch.service is not None
    found: list[Asked] = []
    for layer, port in launch.service.ports:
        text = port.target.value(deployment.builds.lookup(layer))
        target = number(text) if text is not None else None
        if target is None:
            return
        if port.protocol == "tcp" and layer.service.name == launch.service.name:
            said = f"The service `{launch.name}` publishes port {target}"
            found.append(Asked(said, target, port.place.span(layer.path), frozenset()))
    ports = frozenset(asked.port for asked in found)
    likely = [asked for asked in found if asked.port not in _DEBUGGERS | _METRICS]
    for asked in likely[:1]:
        yield Asked(asked.said, asked.port, asked.span, ports)


def _targeted(deployment: Deployment, workload: Workload, container: Container) -> Iterator[Asked]:
    """The ports that Services lead to this container."""
    if len(workload.containers) != 1:
        return
    labels = set(workload.labels)
    names = {port.name: number(port.number.text) for port in container.ports if port.name}
    for path, facts in deployment.artifacts.kubernetes:
        for service in facts.services:
            if not service.selector or not set(service.selector) <= labels:
                continue
            ports = [_number(port, names) for port in service.ports]
            if None in ports or not ports:
                continue
            known = frozenset(port for port in ports if port is not None)
            first = service.ports[0]
            if first.target.text.isdecimal():
                span = first.target.place.span(path)
                said = f"The Service `{service.name}` leads to port {ports[0]}"
                yield Asked(said, ports[0] or 0, span, known)


def _number(port: ServicePort, names: dict[str, int | None]) -> int | None:
    text = port.target.literal
    return None if text is None else number(text) if text.isdecimal() else names.get(text)
