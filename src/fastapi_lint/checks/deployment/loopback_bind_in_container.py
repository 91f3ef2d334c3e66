"""DPL008 loopback-bind-in-container: a server in a container listens where nobody can reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.inner_proxies import has_proxy
from fastapi_lint.project.deployment.wording import chain, of_launch, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project

LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
HAS_OPTION = frozenset(("uvicorn", "fastapi", "granian"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each command or call that binds the loopback address."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        span = start.host.span or start.span
        if span not in seen and _is_unreachable(start) and not _has_neighbour(project, start):
            seen.add(span)
            yield _finding(project, start, span)


def _is_unreachable(start: StartCommand) -> bool:
    if not start.launch.in_container or start.conditional or start.open or start.environment == "test":
        return False
    if start.server == "gunicorn" and not start.host.is_given and not _is_published(start):
        return False  # with PORT, which a platform may set, it binds all addresses
    return start.host.value in LOOPBACK and not start.socket.is_given


def _is_published(start: StartCommand) -> bool:
    """Whether a compose service with published ports starts the server, all of whose variables are known."""
    service = start.launch.service
    return service is not None and bool(service.ports) and not service.env_files


def _has_neighbour(project: Project, start: StartCommand) -> bool:
    """Whether something that shares the network can hand requests on: a proxy, or the host itself."""
    deployment, launch = project.deployment, start.launch
    if launch.host_network or has_proxy(deployment, launch):
        return True
    if launch.workload is not None:
        return len(launch.workload.containers) > 1
    if launch.service is not None:
        return deployment.shares_network(launch.service)
    # An image that services build is judged as they start it.
    return launch.image is not None and bool(deployment.builds.services_of(launch.image))


def _finding(project: Project, start: StartCommand, span: Span) -> Finding:
    server = server_of(start)
    how = f"to `{start.host.value}`" if start.host.is_given else f"to `{start.host.value}`, its default,"
    return Finding(
        span=span,
        message=f"`{server}` binds {how} in {of_launch(start.launch)}: "
        "nothing outside the container reaches it",
        help="Bind `0.0.0.0`",
        chain=chain(start),
        fix=_fix(project, start, span),
    )


def _fix(project: Project, start: StartCommand, span: Span) -> Fix | None:
    edit: Edit | None = None
    if start.host.origin in ("argument", "variable"):
        edit = edits.replaced(project.artifacts, span, start.host.value or "", "0.0.0.0")
    elif not start.host.is_given and start.server in HAS_OPTION and "." not in server_of(start):
        edit = edits.added(project.artifacts, start.words, ("--host", "0.0.0.0"))
    return Fix("safe", "Bind `0.0.0.0`", (edit,)) if edit else None
