"""DPL002 debug-log-level-in-production: the server or the app logs at debug level in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.wording import chain, of_launch, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand, Value
    from fastapi_lint.project.project import Project

NOISY = frozenset(("debug", "trace"))
VARIABLES = ("UVICORN_LOG_LEVEL", "LOG_LEVEL", "LOGLEVEL")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each option or variable that asks for debug logs."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        if not start.may_be_production or start.conditional:
            continue
        for value in _levels(start):
            if value.span is not None and value.span not in seen:
                seen.add(value.span)
                yield _finding(project, start, value, value.span)


def _levels(start: StartCommand) -> Iterator[Value[str]]:
    """The levels that are told to the server on its command line, and to the process by a variable."""
    if start.log_level.origin == "argument" and _is_noisy(start.log_level):
        yield start.log_level
    for name in VARIABLES:
        setting = start.launch.variables.find(name)
        if setting is not None and _is_noisy(setting):
            yield setting


def _is_noisy(value: Value[str]) -> bool:
    return (value.value or "").lower() in NOISY


def _finding(project: Project, start: StartCommand, value: Value[str], span: Span) -> Finding:
    where = of_launch(start.launch)
    message = f"`{server_of(start)}` runs with `{value.written}` in {where}"
    if value.origin == "variable":
        message = f"`{value.written}` asks for `{value.value}` logs in {where}"
    edit = edits.replaced(project.artifacts, span, value.value or "", "info")
    return Finding(
        span=span,
        message=message,
        help="Use `info`, and set the noisier level in a compose override or a development stage",
        chain=chain(start) if value.origin == "argument" else (),
        fix=Fix("safe", "Use the level `info`", (edit,)) if edit else None,
    )
