"""BGT007: a background task is added right before an error that drops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.background.lost_tasks import LostTasks
from fastapi_lint.project.body.statements import argument, dotted_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.lost_tasks import LostTask
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each task that an `HTTPException` behind it drops."""
    for lost in LostTasks(project).all():
        yield _finding(project, lost)


def _finding(project: Project, lost: LostTask) -> Finding:
    site = lost.site
    task = dotted_name(argument(site.call, 0, "func")) or "the task"
    tasks = (dotted_name(site.call.func) or "tasks.add_task").rpartition(".")[0]
    return Finding(
        span=project.span(site.module, site.call.at),
        message=f"`{task}` never runs: the error raised behind it drops all background tasks",
        help=f"Return a response with the status and `background={tasks}`, or do the work before raising",
        related=(Related(project.span(site.module, lost.raised.at), "The error is raised here"),),
        symbol=lost.function.qualname,
    )
