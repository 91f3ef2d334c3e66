"""What is kept of shell text."""

from __future__ import annotations

from typing import Literal

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.words import Word

Construct = Literal["if", "while", "until", "for", "case", "function", "subshell", "group"]


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A construct around a command.

    `label` is the function's name, or the pattern of the `case` branch; `subject` the word that `case`
    compares.
    """

    kind: Construct
    label: str = ""
    subject: str = ""


class Assignment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`NAME=value`; the place covers both. `appends` for `+=`."""

    name: str
    value: Word
    place: Place
    appends: bool = False


class SimpleCommand(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A program with its arguments, without redirections.

    `words` is empty if the command only assigns. `connector` is what follows: `&&`, `||`, `;`, `|`, `&`, or
    empty at the end of the text or of a construct; a line's end counts as `;`. `blocks` are the constructs
    around it, outermost first. `guarded` tells that an earlier command of the same list decides whether it
    runs (`[ -f x ] && y`, `a || b`). `piped` tells that its output or input belongs to a pipe. `redirected`
    tells that its output goes to a file. `heredoc` tells that it reads text which stands below it.
    """

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    connector: str
    blocks: tuple[Block, ...]
    guarded: bool
    piped: bool
    place: Place
    redirected: bool = False
    heredoc: bool = False

    @property
    def name(self) -> str:
        """The program's word as written, or an empty text."""
        return self.words[0].text if self.words else ""

    @property
    def is_conditional(self) -> bool:
        """Whether it may not run, or not once: inside a branch, loop or function, or guarded."""
        return self.guarded or any(block.kind not in ("group", "subshell") for block in self.blocks)


class ShellFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One script.

    `interpreter` is the last path segment of the shebang's program (`sh`, `bash`), or empty. `errexit` tells
    whether `set -e` is in force. `complete` is False if the script was too long to be read to its end.
    """

    interpreter: str
    commands: tuple[SimpleCommand, ...]
    errexit: bool
    complete: bool
