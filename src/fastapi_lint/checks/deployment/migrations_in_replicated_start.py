"""DPL026 migrations-in-replicated-start: every replica of an app migrates the database when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.migrations import before_server, migrates
from fastapi_lint.project.deployment.wording import of_launch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import Launch, Ran
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each migration that several replicas run before their server."""
    seen: set[Span] = set()
    for launch in project.deployment.launches:
        replicas = launch.replicas.value
        if launch.replicas.span is None or replicas is None or replicas < 2:
            continue
        if launch.environment in ("development", "test"):
            continue
        for ran in before_server(project, launch):
            if ran.span not in seen:
                seen.add(ran.span)
                yield _finding(launch, ran, launch.replicas.span)


def _finding(launch: Launch, ran: Ran, replicas: Span) -> Finding:
    number = launch.replicas.value
    up_to = "up to " if launch.replicas.written == "maxReplicas" else ""
    return Finding(
        span=ran.span,
        message=f"Each of {up_to}{number} replicas of {of_launch(launch)} runs `{migrates(ran)} upgrade` "
        "before its server",
        help="Migrate once, before the replicas start: in a service that they wait for, an initContainer "
        "with a lock, or a Job",
        related=(Related(replicas, f"{up_to}{number} replicas are asked for here".capitalize(), "replicas"),),
    )
