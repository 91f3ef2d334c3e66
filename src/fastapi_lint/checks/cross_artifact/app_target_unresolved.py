"""XAR001 app-target-unresolved: a start command names an app that isn't there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related, Span
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.model import StartCommand, Target
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that names a missing module or attribute."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        target = start.target
        if target is None or target.span in seen or start.environment == "test":
            continue
        if target.status in ("found", "unknown") or not project.deployment.is_certain(start):
            continue
        seen.add(target.span)
        yield _finding(project, start, target)


def _finding(project: Project, start: StartCommand, target: Target) -> Finding:
    related: tuple[Related, ...] = ()
    if target.module:
        related = (Related(Span(target.module, 1, 1, 1, 1), "The module that the command names", "module"),)
    return Finding(
        span=target.span,
        message=_message(start, target),
        help=_help(project, start, target),
        related=related,
        chain=chain(start),
    )


def _message(start: StartCommand, target: Target) -> str:
    server = server_of(start)
    module, _, attribute = (target.text or "").partition(":")
    if target.status == "attribute missing":
        return f"`{server}` loads `{target.text}`, but `{target.module}` defines no `{attribute or 'app'}`"
    if target.status == "not found":
        return (
            f"`{server}` is given no app, and its working directory holds none of the files that it looks for"
        )
    what = f"the module `{module}`" if not module.endswith(".py") else f"`{module}`"
    return f"`{server}` loads `{target.text}`, but there is no {what.removeprefix('the ')} to import"


def _help(project: Project, start: StartCommand, target: Target) -> str:
    if target.status == "not found":
        return "Name the file, or give `[tool.fastapi] entrypoint` in the `pyproject.toml` of that directory"
    near = project.deployment.suggestion(start)
    return f"Did you mean `{near}`?" if near else "Name the module and the variable that holds the app"
