"""BGT006: each process of an app starts the same scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.background.guards import Guards
from fastapi_lint.project.background.repeated_work import RepeatedWork
from fastapi_lint.project.background.schedulers import Schedulers
from fastapi_lint.project.deployment.processes import is_preloaded, several
from fastapi_lint.project.deployment.wording import chain, of_launch
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.schedulers import SchedulerStart
    from fastapi_lint.project.deployment.processes import Several
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each scheduler whose app is served by several processes."""
    schedulers, jobs = Schedulers(project), _Jobs(project)
    seen: set[tuple[str, int]] = set()
    for app in project.apps:
        served = [one for one in several(project.deployment, app) if one.count is not None]
        for start in schedulers.started_by(app) if served else ():
            found = next(
                (one for one in served if not start.at_import or not is_preloaded(project, one)), None
            )
            job, place = jobs.repeated(start), (start.module.path, start.at)
            if found is not None and job is not None and place not in seen:
                seen.add(place)
                yield _finding(project, start, job, found)


class _Jobs:
    """Which jobs do their work once more for each process."""

    def __init__(self, project: Project) -> None:
        self.guards = Guards(project)
        self.work = RepeatedWork(project)

    def repeated(self, start: SchedulerStart) -> FunctionSymbol | None:
        """The first job that nothing keeps the other processes from running too, and that they notice."""
        if any(self.guards.is_guarded(site.caller or site.module) for site in start.path):
            return None
        return next((job for job in start.jobs if self._is_repeated(start, job)), None)

    def _is_repeated(self, start: SchedulerStart, job: FunctionSymbol) -> bool:
        if self.guards.reaches_guard(job) or self.work.is_about_its_process(job):
            return False
        if self.work.drains_queue(job):
            return False
        return start.kind != "loop" or self.work.changes_outside(job)


def _finding(project: Project, start: SchedulerStart, job: FunctionSymbol, found: Several) -> Finding:
    where = of_launch(found.start.launch)
    runs = "it" if start.name == job.name else f"`{name_of(job)}`"
    return Finding(
        span=project.span(start.module, start.at),
        message=f"`{start.name}` starts in each process, and {where} starts {found.said}: "
        f"{runs} runs {found.count} times",
        help="Start it once, in a service of its own, or let a lock in Redis or the database choose one",
        related=(
            Related(found.span, f"{found.said[0].upper()}{found.said[1:]} are asked for here", "workers"),
        ),
        chain=(*call_hops(project, start.path if len(start.path) > 1 else ()), *chain(found.start)),
    )
