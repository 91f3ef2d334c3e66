"""BGT002: background tasks are given to an object that nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.background.task_objects import TaskObjects
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.edits.tasks import inject
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.task_objects import LostTasks, ReplacedTasks
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each object whose tasks never run, and for each response that drops injected ones."""
    objects = TaskObjects(project)
    for module in project.application_modules():
        if not project.calls.named(module, "BackgroundTasks", "BackgroundTask"):
            continue
        for function in project.resolver.index(module).functions:
            for lost in objects.lost(function):
                yield _lost(project, lost)
            if project.endpoints.of(function) is not None:
                for replaced in objects.replaced(function):
                    yield _replaced(project, replaced)


def _lost(project: Project, lost: LostTasks) -> Finding:
    made = dotted_name(lost.call.func) or "BackgroundTasks"
    what = f"The tasks of `{lost.name}`" if lost.name else f"This `{made}`"
    never = "never run: no response gets them" if lost.name else "never runs: no response gets it"
    return Finding(
        span=project.span(lost.function.module, lost.call.at),
        message=f"{what} in `{name_of(lost.function)}` {never}",
        help="Let FastAPI inject `BackgroundTasks` as a parameter, or return a response with `background=`",
        fix=inject(project, lost),
        symbol=lost.function.qualname,
    )


def _replaced(project: Project, replaced: ReplacedTasks) -> Finding:
    name = replaced.parameter.name
    module = replaced.function.module
    return Finding(
        span=project.span(module, replaced.background.at),
        message=f"The tasks of `{name}` never run: this response has a `background` of its own",
        help=f"Add both to `{name}`, and leave `background` out",
        related=(Related(project.span(module, replaced.added.at), "A task is added here"),),
        symbol=replaced.function.qualname,
    )
