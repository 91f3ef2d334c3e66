"""Reads a start script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.shell.commands import MAX_TEXT, split_command
from fastapi_lint.facts.shell.model import ShellFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.facts.shell.model import SimpleCommand

_SHEBANG = re.compile(r"#!\s*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?")
_SHORT_OPTIONS = re.compile(r"-(?=[a-zA-Z]*\Z)[^e]*e")


def read(text: str) -> ShellFacts:
    """The commands of a script. Never raises; a script beyond 256 KiB has none and is not complete."""
    shebang = _SHEBANG.match(text)
    program = shebang.group(1).rpartition("/")[2] if shebang else ""
    argument = (shebang.group(2) or "") if shebang else ""
    interpreter = argument.rpartition("/")[2] if program == "env" else program
    commands = split_command(text)
    errexit = _errexit(commands) or (program != "env" and bool(_SHORT_OPTIONS.match(argument)))
    return ShellFacts(interpreter, commands, errexit, len(text) <= MAX_TEXT)


def _errexit(commands: Iterable[SimpleCommand]) -> bool:
    for command in commands:
        if command.name == "set" and not command.is_conditional:
            words = [word.text for word in command.words[1:]]
            if any(_SHORT_OPTIONS.match(word) for word in words) or "errexit" in words:
                return True
    return False
