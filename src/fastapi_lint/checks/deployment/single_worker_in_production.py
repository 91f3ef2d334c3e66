"""DPL003 single-worker-in-production: one process serves everything, and nothing starts a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.deployment.orchestration import has_orchestrator, keeps_state, run_together
from fastapi_lint.project.deployment.wording import chain, of_launch, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project

SERVERS = frozenset(("uvicorn", "gunicorn", "hypercorn", "fastapi"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each image, or each command without one, that starts a single worker."""
    seen: set[tuple[str, object] | Span] = set()
    for start in project.deployment.starts:
        launch, image = start.launch, start.launch.image
        key = (image.path, image.stage.index) if image is not None else (launch.path, launch.name)
        span = start.workers.span or start.span
        if seen & {key, span} or not _starts_one(start):
            continue
        if run_together(project, start) == 1 and not _is_deliberate(project, start):
            seen.update((key, span))
            yield _finding(start, span)


def _starts_one(start: StartCommand) -> bool:
    if start.server not in SERVERS or start.environment not in ("production", "unknown"):
        return False
    if start.workers.value != 1 or start.open or start.conditional or start.reload.value is not False:
        return False
    return "$" not in start.workers.written


def _is_deliberate(project: Project, start: StartCommand) -> bool:
    """Whether something else adds processes, or the app would not bear a second one."""
    if has_orchestrator(project):
        return True
    return start.app is not None and keeps_state(project, start.app)


def _finding(start: StartCommand, span: Span) -> Finding:
    said = f"`{start.workers.written}`" if start.workers.is_given else "one worker, its default,"
    return Finding(
        span=span,
        message=f"`{server_of(start)}` starts with {said} in {of_launch(start.launch)}, "
        "and nothing in the repository starts a second one",
        help="Start several workers with `--workers` or `WEB_CONCURRENCY`, or replicas of the container",
        chain=chain(start),
    )
