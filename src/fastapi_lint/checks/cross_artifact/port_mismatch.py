"""XAR007 port-mismatch: something asks for another port than the one that the server listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.ports import Asked, asked_of, port_of
from fastapi_lint.project.deployment.wording import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that names a port on which nothing listens."""
    seen: set[Span] = set()
    for launch in project.deployment.launches:
        start = port_of(project.deployment, launch)
        if start is None or launch.environment == "test":
            continue
        for asked in asked_of(project.deployment, launch):
            if start.port.value not in asked.ports and asked.span not in seen:
                seen.add(asked.span)
                yield _finding(project, start, asked)


def _finding(project: Project, start: StartCommand, asked: Asked) -> Finding:
    port, wrong = start.port.value, asked.port
    edit = edits.replaced(project.artifacts, asked.span, f":{wrong}", f":{port}")
    edit = edit or edits.replaced(project.artifacts, asked.span, str(wrong), str(port))
    span = start.port.span or start.span
    said = f"`{start.port.written}`" if start.port.is_given and start.port.written else "its default"
    return Finding(
        span=asked.span,
        message=f"{asked.said}, but `{server_of(start)}` listens on {port}",
        help=f"Use port {port}, or start the server on {wrong}",
        related=(Related(span, f"`{server_of(start)}` gets the port {port} from {said}", "port"),),
        fix=Fix("unsafe", f"Use port {port}", (edit,)) if edit else None,
    )
