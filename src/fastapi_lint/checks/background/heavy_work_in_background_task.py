"""BGT004: a background task does work that belongs to a job queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.background.heavy import HeavyWork
from fastapi_lint.project.background.outliving import background_tasks
from fastapi_lint.project.names.wording import call_hops, callee_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.outliving import OutlivingTask
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each task that is heavy itself, or reaches a heavy call."""
    work = HeavyWork(project)
    for task in background_tasks(project):
        path = work.reached(task)
        if path is not None:
            yield _finding(project, task, path)


def _finding(project: Project, task: OutlivingTask, path: tuple[CallSite, ...]) -> Finding:
    heavy, direct = path[-1], path[0].caller is task.site.caller
    named = "" if direct else f" `{task.name}`"
    return Finding(
        span=project.span(task.site.module, task.site.call.at),
        message=f"The background task{named} does heavy work in the web server: `{callee_name(heavy)}`",
        help="Hand the job to a queue such as Celery, ARQ or Dramatiq, whose workers run it on their own",
        chain=call_hops(project, path),
        symbol=task.site.caller.qualname if task.site.caller else "",
    )
