"""RTE005: an event handler is never called, because its app has a lifespan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.calls.event_handlers import EventHandlers
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.event_handlers import Handled
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration that no app calls."""
    for lost in EventHandlers(project).lost:
        if not project.roles.is_outside(lost.handler.site.module):
            yield _finding(project, lost)


def _finding(project: Project, lost: Handled) -> Finding:
    handler, app = lost.handler, lost.lifecycle
    function = f" `{name_of(handler.function)}`" if handler.function is not None else ""
    name = f"`{app.name}`" if app.name else "The app"
    of = f" of `{lost.receiver}`" if handler.receiver is not app.site and lost.receiver else ""
    lifespan = f"`{name_of(app.lifespan)}`"
    when = "before" if handler.event == "startup" else "after"
    return Finding(
        span=project.span(handler.site.module, handler.site.at),
        message=f"{name} has a lifespan, so the {handler.event} handler{function}{of} is never called",
        help=f"Do its work in the lifespan {lifespan}, {when} the `yield`",
        related=(
            Related(project.span(app.site.module, app.site.at), f"the lifespan {lifespan} is given here"),
        ),
    )
