"""DEP007: a session is opened for a request and never closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.database.open_sessions import OpenSessions
from fastapi_lint.project.edits.sessions import yield_in_with
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.database.open_sessions import OpenSession
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_ROLES = frozenset({"router", "service", "repository"})


def check(project: Project) -> Iterator[Finding]:
    """One finding for each session that a dependency hands over, or other code drops, without closing it."""
    sessions = OpenSessions(project)
    dependencies = {id(function) for function in project.endpoints.dependency_functions}
    for function in _functions(project):
        if any(found.effect != "keeps" for found in project.decorators.of(function)):
            continue
        if id(function) in dependencies:
            for found in sessions.given_by(function):
                yield _finding(project, found)
        for found in sessions.dropped_by(function):
            yield _finding(project, found)


def _functions(project: Project) -> Iterator[FunctionSymbol]:
    """The functions that run for requests, and all of routers, services and repositories."""
    served = {id(called.function) for called in project.endpoints.called}
    served |= {id(one.function) for one in project.served.functions}
    for module in project.application_modules():
        for function in project.resolver.index(module).functions:
            if id(function) in served or project.roles.of(function).name in _ROLES:
                yield function


def _finding(project: Project, found: OpenSession) -> Finding:
    name = name_of(found.function)
    what = f"`{found.name}`" if found.name else "The session"
    messages = {
        "returned": f"The dependency `{name}` returns a session that nothing closes",
        "yielded": f"The dependency `{name}` yields a session and never closes it",
        "dropped": f"{what} is opened in `{name}` and never closed",
    }
    helps = {
        "returned": "Yield it from a `with` block, so that it is closed when the request ends",
        "yielded": "Open it in a `with` block around the `yield`",
        "dropped": "Open it in a `with` block",
    }
    return Finding(
        span=project.span(found.function.module, found.call.at),
        message=messages[found.how],
        help=helps[found.how],
        fix=yield_in_with(project, found) if found.how == "returned" else None,
        symbol=found.function.qualname,
    )
