"""DPL007 server-shell-form: Docker puts a shell between itself and the server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix
from fastapi_lint.project.deployment.shell_form import of_start
from fastapi_lint.project.deployment.wording import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.dockerfile import Command
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.model import StartCommand, Step
    from fastapi_lint.project.project import Project

_SEPARATOR = re.compile(r"&&|\|\||;")
_HADOLINT = ("hadolint.yaml", "hadolint.yml", ".hadolint.yaml", ".hadolint.yml")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each CMD or ENTRYPOINT in shell form that ends with a server."""
    if _uses_hadolint(project):
        return
    seen: set[Span] = set()
    for start in project.deployment.starts:
        step = of_start(start) if start.launch.kind == "image" else None
        if step is None or step.span in seen or start.environment == "test":
            continue
        seen.add(step.span)
        yield _finding(start, step)


def _uses_hadolint(project: Project) -> bool:
    """Whether hadolint's own rule decides about the form of commands here."""
    artifacts = project.artifacts
    if any(path.rpartition("/")[2] in _HADOLINT for path in artifacts.all_files):
        return True
    return any("hadolint" in artifacts.text(path) for path, _ in artifacts.dockerfiles)


def _finding(start: StartCommand, step: Step) -> Finding:
    image = start.launch.image
    assert image is not None
    keyword = "CMD" if any(step.kind == "cmd" for step in start.steps) else "ENTRYPOINT"
    server = server_of(start)
    return Finding(
        span=step.span,
        message=f"`{keyword}` starts `{server}` through a shell, which keeps SIGTERM from it: "
        "the lifespan's shutdown never runs",
        help="Write the command as a JSON list, so that the server is process 1",
        fix=_fix(image, step, keyword),
    )


def _fix(image: Image, step: Step, keyword: str) -> Fix | None:
    if keyword == "ENTRYPOINT" and image.cmd is not None:
        return None  # in JSON form it would get the words of CMD
    command = _command(image, keyword)
    if command is None or command.place.span(image.path) != step.span or not command.commands:
        return None
    only = command.commands[0]
    plain = len(command.commands) == 1 and not only.assignments and not only.redirected
    if plain and all(word.literal is not None for word in only.words):
        words = [word.text for word in only.words]
        return Fix("safe", "Write the command as a JSON list", (Edit(step.span, json.dumps(words)),))
    text = _with_exec(command)
    if text is None:
        return None
    listed = json.dumps(["sh", "-c", text], ensure_ascii=False)
    return Fix("unsafe", "Let the shell give way to the server", (Edit(step.span, listed),))


def _command(image: Image, keyword: str) -> Command | None:
    instruction = image.cmd if keyword == "CMD" else image.entrypoint
    return instruction.command if instruction is not None else None


def _with_exec(command: Command) -> str | None:
    """The command's text with `exec` before its last simple command."""
    words = command.commands[-1].words
    assignments = command.commands[-1].assignments
    first = words[0].text
    if assignments or first == "exec":
        return None
    last = max((match.end() for match in _SEPARATOR.finditer(command.text)), default=0)
    at = command.text.find(first, last)
    return f"{command.text[:at]}exec {command.text[at:]}" if at >= 0 else None
