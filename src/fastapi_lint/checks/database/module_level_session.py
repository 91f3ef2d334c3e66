"""DBS003: all requests work with one session, which a module creates when it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.database.module_sessions import ModuleSessions
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.module_sessions import ModuleSession
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each session of a module or class that code which serves requests uses."""
    for session in ModuleSessions(project).shared():
        yield _finding(project, session)


def _finding(project: Project, session: ModuleSession) -> Finding:
    use = session.use
    user = name_of(use.function)
    return Finding(
        span=project.span(session.module, session.call.at),
        message=f"`{session.name}` is one session for all requests, and `{user}` works with it",
        help="Create a session for each request, in a dependency that closes it",
        related=(Related(project.span(use.module, use.at), f"`{user}` uses it here"),),
        symbol=session.owner.qualname if session.owner is not None else "",
    )
