"""ASY004: coroutines that run at the same time use one asynchronous session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.body.statements import dotted_name
from fastapi_lint.project.calls.concurrent import concurrent_coroutines
from fastapi_lint.project.database.shared_sessions import SharedSessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.shared_sessions import SessionUse, SharedSession
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `gather`, task group or run of tasks whose coroutines share a session."""
    sessions = SharedSessions(project)
    for module in project.application_modules():
        for group in concurrent_coroutines(project, module):
            shared = sessions.of(group)
            if shared is not None:
                yield _finding(project, shared)


def _finding(project: Project, shared: SharedSession) -> Finding:
    function = shared.group.function
    names = [_name(use) for use in shared.uses]
    if len(names) == 1:
        message = f"All the coroutines of {names[0]} work with one session at the same time"
    elif names[0] == names[1]:
        message = f"Two coroutines of {names[0]} work with one session at the same time"
    else:
        message = f"{names[0]} and {names[1]} work with one session at the same time"
    return Finding(
        span=project.span(function.module, shared.group.at),
        message=message,
        help="Open a session in each coroutine, or await them one after the other",
        related=tuple(
            Related(project.span(use.module, use.at), f"{_name(use)} works with the session here")
            for use in shared.uses
        ),
        symbol=function.qualname,
    )


def _name(use: SessionUse) -> str:
    name = dotted_name(use.started.call.func)
    return f"`{name}`" if name is not None else "a call"
