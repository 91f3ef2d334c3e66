"""DPL021 broken-exec-form: a command that looks like a JSON list isn't one, or hopes for a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.deployment.exec_form import as_list, through_shell
from fastapi_lint.project.deployment.shells import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.dockerfile import Command
    from fastapi_lint.facts.words import Word
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.project import Project

VARIABLE = re.compile(r"(?<![\\$])\$(?:\{[A-Za-z_]\w*[^}]*\}|[A-Za-z_]\w*)")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each command that isn't a list, and for each variable that nobody replaces."""
    seen: set[Span] = set()
    for image in project.deployment.builds.images:
        for keyword, command in _commands(image):
            for finding in _of_command(project, image, keyword, command):
                if finding.span not in seen:
                    seen.add(finding.span)
                    yield finding


def _commands(image: Image) -> Iterator[tuple[str, Command]]:
    """The commands in force, the inherited ones included."""
    if image.entrypoint is not None:
        yield "ENTRYPOINT", image.entrypoint.command
    if image.cmd is not None and not (image.entrypoint and image.entrypoint.command.form == "shell"):
        yield "CMD", image.cmd.command


def _of_command(project: Project, image: Image, keyword: str, command: Command) -> Iterator[Finding]:
    if command.broken:
        yield _broken(image, keyword, command)
    elif command.form == "exec" and not project.deployment.expands_arguments(image, keyword):
        for index, word in enumerate(command.words):
            match = VARIABLE.search(word.text)
            if match is not None and not _is_program(command.words[:index]):
                yield _unexpanded(image, keyword, command, word, match.group())


def _is_program(before: tuple[Word, ...]) -> bool:
    """Whether a word is the program text of a shell or of `python -c`."""
    if any(word.text.rpartition("/")[2] in FAMILIES for word in before):
        return True
    return bool(before) and before[-1].text in ("-c", "-e")


def _broken(image: Image, keyword: str, command: Command) -> Finding:
    span = command.place.span(image.path)
    text = as_list(command.text)
    return Finding(
        span=span,
        message=f"The {keyword} of `{image.path}` is no JSON list of strings: Docker runs it as shell text",
        help="Write every word in double quotes, with commas between and none at the end",
        fix=Fix("unsafe", "Write it as a JSON list", (text.at(span),)) if text is not None else None,
    )


def _unexpanded(image: Image, keyword: str, command: Command, word: Word, variable: str) -> Finding:
    edit = through_shell(command, command.place.span(image.path))
    return Finding(
        span=word.place.span(image.path),
        message=f"Nothing replaces `{variable}` in the {keyword} of `{image.path}`: "
        f"`{command.words[0].text}` gets it as it is written",
        help='Let a shell replace it: `["sh", "-c", "exec ..."]`',
        fix=Fix("unsafe", "Let a shell replace the variables", (edit,)) if edit else None,
    )
