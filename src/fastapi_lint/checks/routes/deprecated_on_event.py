"""RTE016: an app or router registers event handlers, which FastAPI has deprecated in favour of lifespans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding
from fastapi_lint.project.calls.event_handlers import EventHandlers
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.event_handlers import Handled
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import EventHandler


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration."""
    for handled in EventHandlers(project).deprecated:
        if not project.roles.is_outside(handled.handler.site.module):
            yield _finding(project, handled)


def _finding(project: Project, handled: Handled) -> Finding:
    handler = handled.handler
    function = f"`{name_of(handler.function)}`" if handler.function is not None else "A handler"
    when = "before" if handler.event == "startup" else "after"
    way = _way(handler)
    fate = "Starlette 1.0 has removed" if _is_removed(project, handled, way) else "is deprecated"
    return Finding(
        span=project.span(handler.site.module, handler.site.at),
        message=f"{function} is registered by `{way}`, which {fate}",
        help=f"Move it into a lifespan, {when} the `yield`: `FastAPI(lifespan=...)`",
    )


def _is_removed(project: Project, handled: Handled, way: str) -> bool:
    """Whether the app has no such method any more; FastAPI's routers keep theirs."""
    versions = project.versions.for_file(handled.lifecycle.site.module.path)
    return way == "add_event_handler" and handled.is_on_app and versions.all_at_least("starlette", "1.0")


def _way(handler: EventHandler) -> str:
    """How the handler is registered."""
    call = handler.site.expr
    func = call.func if isinstance(call, s.Call) else None
    name = func.attr if isinstance(func, s.Attribute) else ""
    return name if name in ("on_event", "add_event_handler") else f"on_{handler.event}="
