"""ERR006: a broad `except` clause takes an HTTP error that was meant for the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.edits.clauses import let_http_errors_pass
from fastapi_lint.project.errors.http_errors import error_name
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.hiding import HiddenError, Hiding
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each broad clause that hides HTTP errors.

    In an endpoint or dependency it also counts what called functions raise; in a function that they call,
    only what its own `try` raises: the clause is then wrong whoever calls it.
    """
    for served in project.served.functions:
        for hiding in project.hidden_errors.by(served.function):
            if served.is_called_by_fastapi or hiding.hidden[0].raised.is_direct:
                yield _finding(project, hiding)


def _finding(project: Project, hiding: Hiding) -> Finding:
    first = hiding.hidden[0]
    by = "its `try`" if first.raised.is_direct else f"`{name_of(first.raised.function)}`"
    clause = f"{_clause(hiding.handler)} in `{name_of(hiding.function)}`"
    return Finding(
        span=project.span(hiding.function.module, _header(hiding.handler)),
        message=f"{clause} hides the {_error(first)} that {by} raises, so the client gets {_answer(hiding)}",
        help="Let it pass before: `except HTTPException: raise`",
        related=tuple(_related(project, hidden) for hidden in hiding.hidden),
        chain=call_hops(project, first.raised.calls),
        fix=let_http_errors_pass(project, hiding),
        symbol=hiding.function.qualname,
    )


def _clause(handler: s.Handler) -> str:
    if handler.type is None:
        return "The bare `except`"
    return "`except BaseException`" if error_name(handler.type) == "BaseException" else "`except Exception`"


def _error(hidden: HiddenError) -> str:
    name = name_of(hidden.raised.error).rpartition(".")[2]
    return f"`{name}` {hidden.status}" if hidden.status is not None else f"`{name}`"


def _answer(hiding: Hiding) -> str:
    """What the client gets instead."""
    if isinstance(hiding.ending, s.Return):
        return "what the clause returns"
    if hiding.status is not None:
        return str(hiding.status)
    return f"`{error_name(hiding.ending.error)}`" if hiding.ending.error is not None else "another error"


def _related(project: Project, hidden: HiddenError) -> Related:
    raised = hidden.raised
    return Related(
        project.span(raised.function.module, raised.statement.at),
        f"The {_error(hidden)} is raised here",
        symbol=raised.function.qualname,
    )


def _header(handler: s.Handler) -> int:
    """From `except` to the end of what it names."""
    start = s.start_of(handler.at)
    return s.pack(start, s.end_of(handler.type.at) if handler.type is not None else start + len("except"))
