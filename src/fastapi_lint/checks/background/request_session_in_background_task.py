"""BGT003: work that outlives the request is given the request's database session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Severity
from fastapi_lint.project.background.outliving import background_tasks, started_tasks
from fastapi_lint.project.database.request_sessions import RequestSessions
from fastapi_lint.project.names.wording import dependency_hops
from fastapi_lint.project.types.infer import Bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.background.outliving import OutlivingTask
    from fastapi_lint.project.database.request_sessions import Held
    from fastapi_lint.project.project import Project

_DATABASE = frozenset({"database"})


def check(project: Project) -> Iterator[Finding]:
    """One finding for each task that is given a request's session, or an object that works with it."""
    sessions = RequestSessions(project)
    started = (task for module in project.application_modules() for task in started_tasks(project, module))
    for task in (*background_tasks(project), *started):
        found = _first_held(project, sessions, task)
        severity = _severity(project, task, found[1]) if found is not None else None
        if found is not None and severity is not None:
            yield _finding(project, task, *found, severity)


def _first_held(project: Project, sessions: RequestSessions, task: OutlivingTask) -> tuple[Expr, Held] | None:
    """The first argument that holds the session, or the object whose method the task runs."""
    scope = task.site.scope
    for expr in task.given:
        held = sessions.held(expr, scope)
        if held is not None:
            return expr, held
    method = project.types.infer(task.runs, scope)
    if not isinstance(task.runs, s.Attribute) or not isinstance(method, Bound):
        return None
    if project.effects.reach(method.function, _DATABASE) is None:
        return None
    owner = task.runs.value
    held = sessions.held(owner, scope) or sessions.held_by_self(owner, scope)
    return (task.runs, held) if held is not None else None


def _severity(project: Project, task: OutlivingTask, held: Held) -> Severity | None:
    """An error where the session is closed when the task runs, a warning where it is only kept open.

    FastAPI closes it before background tasks from 0.106 to 0.117, and after them from 0.118 on (its release
    notes). A row that was loaded keeps no connection of its own.
    """
    if task.kind == "started":
        return None if held.is_row else Severity.ERROR
    versions = project.versions.for_file(task.site.module.path)
    if held.ends_before_response or versions.all_within("fastapi", "0.106", "0.118"):
        return Severity.ERROR
    if held.is_row or not versions.all_at_least("fastapi", "0.106"):
        return None
    return Severity.WARNING


def _finding(project: Project, task: OutlivingTask, expr: Expr, held: Held, severity: Severity) -> Finding:
    what = f"`{held.name}`" if held.is_session else f"the session of `{held.name}`"
    if severity is Severity.WARNING:
        message = f"The background task `{task.name}` keeps {what} and its connection until it ends"
    elif task.kind == "started":
        message = f"The request closes {what} while the task `{task.name}` may still use it"
    else:
        message = f"The request closes {what} before the background task `{task.name}` runs"
    return Finding(
        span=project.span(task.site.module, expr.at),
        message=message,
        help="Hand over ids or plain values, and let the task open a session of its own",
        chain=dependency_hops(project, held.steps),
        symbol=task.site.caller.qualname if task.site.caller else "",
        severity=severity,
    )
