"""How many processes serve an app at once, and what says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


class Several(msgspec.Struct, frozen=True):
    """A start command that serves an app with several processes.

    `count` is the number that is written, None if a variable without default holds it. `said` is how it is
    written, in words; `span` where.
    """

    start: StartCommand
    count: int | None
    said: str
    span: Span


def several(deployment: Deployment, app: App) -> Iterator[Several]:
    """What serves an app with more than one process, certain counts first."""
    found = [one for start in deployment.started_apps.get(app, ()) for one in _of_start(start)]
    yield from sorted(found, key=lambda one: one.count is None)


def _of_start(start: StartCommand) -> Iterator[Several]:
    workers, replicas = start.workers, start.launch.replicas
    if workers.span is not None and (workers.value or 0) > 1:
        yield Several(start, workers.value, f"{workers.value} workers", workers.span)
    elif workers.span is not None and workers.value is None and "$" in workers.written:
        yield Several(start, None, f"`{workers.written}`", workers.span)
    if replicas.span is not None and (replicas.value or 0) > 1:
        yield Several(start, replicas.value, f"{replicas.value} replicas", replicas.span)


def is_preloaded(project: Project, one: Several) -> bool:
    """Whether gunicorn may import the app once, before it starts its workers."""
    if one.start.server != "gunicorn":
        return False
    asked = any(word.text == "--preload" for word in one.start.words)
    return asked or one.start.open or any("preload_app" in m.facts.names for m in project.code_modules)
