"""Which ports of services anybody reaches who reaches the host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment.servers import number

if TYPE_CHECKING:
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import StartCommand

_ANY = frozenset(("", "0.0.0.0", "::", "*"))


def published_on_all(deployment: Deployment, start: StartCommand) -> Iterator[Span]:
    """The entries of `ports` that publish a server's port on all interfaces of the host.

    An entry whose address or port isn't known doesn't count, nor one without a port of the host.
    """
    service = start.launch.service
    if service is None or start.port.value is None or start.socket.is_given:
        return
    for layer, port in service.ports:
        lookup = deployment.builds.lookup(layer)
        target = port.target.value(lookup)
        host = port.host_ip.value(lookup) if port.host_ip is not None else ""
        outside = port.published.value(lookup) if port.published is not None else None
        if target is None or outside is None or host not in _ANY or port.protocol != "tcp":
            continue
        if number(target) == start.port.value and number(outside) is not None:
            yield port.place.span(layer.path)
