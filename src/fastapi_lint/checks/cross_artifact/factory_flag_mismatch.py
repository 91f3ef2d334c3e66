"""XAR008 factory-flag-mismatch: the target is no factory and is called one, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix, Related, Severity, Span
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.model import StartCommand, Target
    from fastapi_lint.project.project import Project

KNOWS_FACTORIES = frozenset(("uvicorn", "granian"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such start command."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        target = start.target
        if target is None or start.server not in KNOWS_FACTORIES or start.environment == "test":
            continue
        if target.status == "found" and not target.is_object and start.factory.is_known:
            found = _finding(project, start, target)
            if found is not None and found.span not in seen:
                seen.add(found.span)
                yield found


def _finding(project: Project, start: StartCommand, target: Target) -> Finding | None:
    server, flag = server_of(start), start.factory
    related = (Related(Span(target.module, 1, 1, 1, 1), "The module of the target", "module"),)
    if target.kind == "instance" and flag.value and flag.span is not None:
        return Finding(
            span=flag.span,
            message=f"`{target.text}` is an app, and `{flag.written}` makes `{server}` call it as a factory",
            help=f"Remove `{flag.written}`",
            related=related,
            chain=chain(start),
            fix=_removal(project, start, flag.span),
        )
    if target.kind == "parameters" and not flag.value:
        return Finding(
            span=target.span,
            message=f"`{target.text}` is a function with required parameters: `{server}` calls it as an app, "
            "and every request fails",
            help="Name an app, or a factory without parameters and give `--factory`",
            related=related,
            chain=chain(start),
        )
    if target.kind == "factory" and not flag.value and not start.open:
        return Finding(
            span=target.span,
            message=f"`{target.text}` is a factory, and `{server}` isn't told so",
            help="Add `--factory`" if "." not in server else "Add `factory=True`",
            related=related,
            chain=chain(start),
            severity=Severity.INFO,
            fix=_addition(project, start) if "." not in server else None,
        )
    return None


def _removal(project: Project, start: StartCommand, span: Span) -> Fix | None:
    taken = [word for word in start.words if word.span == span]
    edit = edits.without(project.artifacts, start.words, taken)
    return Fix("safe", "Remove `--factory`", (edit,)) if edit else None


def _addition(project: Project, start: StartCommand) -> Fix | None:
    edit = edits.added(project.artifacts, start.words, ("--factory",))
    return Fix("safe", "Add `--factory`", (edit,)) if edit else None
