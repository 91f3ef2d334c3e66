"""BGT005: a background task loops for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.background.endless import EndlessLoops
from fastapi_lint.project.background.outliving import background_tasks
from fastapi_lint.project.calls.threads import called_later
from fastapi_lint.project.names.wording import call_hops, callee_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.endless import PeriodicLoop
    from fastapi_lint.project.background.outliving import OutlivingTask
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each task that holds an endless loop with a pause, or calls a function that does."""
    loops = EndlessLoops(project)
    for task in background_tasks(project):
        first = called_later(project.types, task.site, task.runs, task.given)
        found = loops.begun(first)
        if found is not None:
            yield _finding(project, task, *found)


def _finding(
    project: Project, task: OutlivingTask, path: tuple[CallSite, ...], periodic: PeriodicLoop
) -> Finding:
    return Finding(
        span=project.span(task.site.module, task.site.call.at),
        message=f"The background task `{task.name}` never ends: "
        f"it loops with `{callee_name(periodic.sleep)}`, once more for each time that it is added",
        help="Start it once: as a job of a scheduler such as APScheduler or Celery beat, or in the lifespan",
        related=(Related(project.span(periodic.function.module, periodic.loop.at), "The loop"),),
        chain=call_hops(project, path[1:]),
        symbol=task.site.caller.qualname if task.site.caller else "",
    )
