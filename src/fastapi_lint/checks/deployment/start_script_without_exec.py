"""DPL020 start-script-without-exec: a shell stays between the container and its server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Span
from fastapi_lint.project.deployment import edits
from fastapi_lint.project.deployment.shell_form import of_start as shell_form_of
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.project.deployment.model import StartCommand, Step
    from fastapi_lint.project.project import Project

SHELLS = frozenset(("shell", "shell form", "script"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each script or instruction whose shell waits for a server."""
    seen: set[str | Span] = set()
    for start in project.deployment.starts:
        if not start.launch.in_container or start.environment == "test" or _is_deliberate(project, start):
            continue
        own = shell_form_of(start)
        for index, step in enumerate(start.steps):
            if _loses_signals(start.steps[:index], step) and step is not own:
                key = step.path or step.span
                if key not in seen:
                    seen.add(key)
                    yield _finding(project, start, step, index)


def _loses_signals(before: Sequence[Step], step: Step) -> bool:
    if step.kind not in SHELLS or step.shell != "waits":
        return False
    # A supervisor, or an init process that signals the whole group, makes up for it.
    return not any(other.kind in ("program", "target") or other.why == "group" for other in before)


def _is_deliberate(project: Project, start: StartCommand) -> bool:
    """Whether several processes are kept on purpose, or only a branch for development runs the server."""
    ran = project.deployment.ran(start.launch)
    waits = any(one.name == "wait" and any(word.text == "-n" for word in one.words) for one in ran)
    return waits or bool(start.conditional and start.reload.value)


def _finding(project: Project, start: StartCommand, step: Step, index: int) -> Finding:
    following = start.steps[index + 1] if index + 1 < len(start.steps) else None
    span = following.span if following is not None else start.span
    where = f"`{step.path}`" if step.path else "the command's shell"
    what = following.text if following is not None else server_of(start)
    causes = {
        "no exec": f"{where} starts `{what}` without `exec`",
        "background": f"{where} starts `{what}` in the background",
        "pipe": f"{where} pipes the output of `{what}`",
    }
    cause = causes[step.why]
    return Finding(
        span=span,
        message=f"{cause[0].upper()}{cause[1:]}, so SIGTERM doesn't reach the server: "
        "the lifespan's shutdown never runs",
        help=_help(step),
        chain=chain(start),
        fix=_fix(project, start, step, span),
    )


def _help(step: Step) -> str:
    if step.why == "no exec":
        return "Put `exec` before the command, so that it takes the shell's place"
    if step.why == "pipe":
        return "Let the server write its logs itself, and start it with `exec`"
    return "Start the server in the foreground with `exec`, and give each process its own container"


def _fix(project: Project, start: StartCommand, step: Step, span: Span) -> Fix | None:
    if step.why != "no exec" or not step.is_last or start.conditional:
        return None
    text = edits.text_at(project.artifacts, span)
    if not text or text[0] in "\"'[{" or not edits.stands_alone(project.artifacts, span):
        return None
    edit = Edit(Span(span.path, span.line, span.column, span.line, span.column), "exec ")
    return Fix("safe", "Put `exec` before the command", (edit,))
