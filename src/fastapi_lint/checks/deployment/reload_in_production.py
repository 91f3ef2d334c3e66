"""DPL001 reload-in-production: a start command for production watches its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.wording import chain, of_launch, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that turns reloading on."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        span = start.reload.span if start.reload.value and not start.conditional else None
        if span is not None and start.may_be_production and span not in seen:
            seen.add(span)
            yield _finding(project, start, span)


def _finding(project: Project, start: StartCommand, span: Span) -> Finding:
    where = of_launch(start.launch)
    messages = {
        "argument": f"`{server_of(start)}` runs with `{start.reload.written}` in {where}",
        "variable": f"`{start.reload.written}` makes `{server_of(start)}` reload in {where}",
        "code": f"`{server_of(start)}` is told to reload, and {where} starts it",
        "file": f"The configuration makes `{server_of(start)}` reload, and {where} starts it",
    }
    if start.subcommand == "dev" and start.reload.written == "dev":
        messages["argument"] = f"{where[0].upper()}{where[1:]} starts the development server `fastapi dev`"
    return Finding(
        span=span,
        message=messages[start.reload.origin],
        help=_help(start),
        chain=chain(start),
        fix=_fix(project, start, span),
    )


def _help(start: StartCommand) -> str:
    if start.reload.written == "dev":
        return "Use `fastapi run`, and keep `fastapi dev` for a compose override or a development stage"
    if start.reload.origin == "argument":
        return f"Remove `{start.reload.written}`, or move it to a compose override or a development stage"
    return "Turn it off here, and turn it on in a compose override or a development stage"


def _fix(project: Project, start: StartCommand, span: Span) -> Fix | None:
    artifacts, written = project.artifacts, start.reload.written
    if start.reload.origin == "variable":
        edit = edits.replaced(artifacts, span, edits.text_at(artifacts, span).strip("\"'"), "false")
        return Fix("safe", f"Set `{written}` to false", (edit,)) if edit else None
    if start.reload.origin != "argument":
        return None
    if written == "dev":
        edit = edits.replaced(artifacts, span, "dev", "run")
        return Fix("safe", "Start with `fastapi run`", (edit,)) if edit else None
    taken = [word for word in start.words if word.span == span]
    edit = edits.without(artifacts, start.words, taken)
    return Fix("safe", f"Remove `{written}`", (edit,)) if edit else None
