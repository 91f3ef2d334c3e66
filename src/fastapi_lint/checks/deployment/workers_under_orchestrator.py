"""DPL004 workers-under-orchestrator: a Kubernetes container starts several workers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project

SCALED = frozenset(("Deployment", "StatefulSet", "Rollout"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each worker count above one that a scaled workload uses."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        workload, span = start.launch.workload, start.workers.span
        if workload is None or workload.kind not in SCALED or span is None or span in seen:
            continue
        if (start.workers.value or 0) > 1 and not start.conditional:
            seen.add(span)
            yield _finding(start, span)


def _finding(start: StartCommand, span: Span) -> Finding:
    workload, launch = start.launch.workload, start.launch
    assert workload is not None
    related: tuple[Related, ...] = ()
    if span.path != launch.path:
        related = (Related(launch.span, f"The container `{launch.name}` runs this command", "container"),)
    return Finding(
        span=span,
        message=f"`{server_of(start)}` starts {start.workers.value} workers in each pod of the "
        f"{workload.kind} `{workload.name}`",
        help="Start one worker in each container, and let `replicas` or an autoscaler give the number",
        related=related,
        chain=chain(start),
    )
