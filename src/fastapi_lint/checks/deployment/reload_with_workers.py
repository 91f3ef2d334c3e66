"""DPL019 reload-with-workers: one command asks for reloading and for several workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related, Severity
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such command."""
    seen: set[Span] = set()
    for start in (*project.deployment.starts, *project.deployment.local_starts):
        if start.reload.value and (start.workers.value or 0) > 1 and start.server in ("uvicorn", "fastapi"):
            span, other = _places(start)
            if span is not None and span not in seen:
                seen.add(span)
                yield _finding(project, start, span, other)


def _places(start: StartCommand) -> tuple[Span | None, Span | None]:
    """What has to go, and what stays."""
    if start.may_be_production:
        return start.reload.span, start.workers.span
    return start.workers.span, start.reload.span


def _finding(project: Project, start: StartCommand, span: Span, other: Span | None) -> Finding:
    goes, stays = start.reload, start.workers
    if not start.may_be_production:
        goes, stays = stays, goes  # type: ignore[assignment]
    reload, workers = start.reload.written, start.workers.written
    return Finding(
        span=span,
        message=f"`{server_of(start)}` is given `{workers}` and `{reload}`, and ignores the workers",
        help=f"Remove `{goes.written}`",
        related=(Related(other, f"`{stays.written}` stands here", "option"),) if other else (),
        chain=chain(start),
        severity=None if start.may_be_production else Severity.INFO,
        fix=_fix(project, start, span),
    )


def _fix(project: Project, start: StartCommand, span: Span) -> Fix | None:
    taken = [word for word in start.words if span.path == word.span.path and _inside(word.span, span)]
    edit = edits.without(project.artifacts, start.words, taken)
    name = " ".join(word.written for word in taken)
    return Fix("safe", f"Remove `{name}`", (edit,)) if edit else None


def _inside(inner: Span, outer: Span) -> bool:
    start = (inner.line, inner.column) >= (outer.line, outer.column)
    return start and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
