"""What is kept of a Dockerfile. Places of instructions run from the keyword to the end of the last line."""

from __future__ import annotations

from typing import Literal

import msgspec

from fastapi_lint.facts.place import Place
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.shell.model import SimpleCommand
from fastapi_lint.facts.words import Word


class Flag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`--name=value`; `value` is None without `=`. The place covers both."""

    name: str
    value: Word | None
    place: Place

    def fields(self) -> tuple[tuple[str, str], ...]:
        """The pairs of a value such as `type=bind,source=a,target=b`; a bare word has no value."""
        text = self.value.text if self.value else ""
        pairs = (field.partition("=") for field in text.split(","))
        return tuple((name.strip(), value) for name, _, value in pairs)


class Heredoc(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A text that stands below its instruction; the place covers the text without the delimiter.

    `expands` tells that variables in it are replaced (the delimiter isn't quoted).
    """

    name: str
    text: str
    expands: bool
    place: Place


class Command(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What RUN, CMD, ENTRYPOINT or HEALTHCHECK runs.

    `form` is what Docker takes it for. In exec form `words` holds the items, which Docker doesn't expand. In
    shell form `text` is what the shell gets, without line continuations, and `commands` are its commands.
    `broken` tells that the text begins with `[` but is no JSON list of strings, so that it is shell form.
    """

    form: Literal["exec", "shell"]
    words: tuple[Word, ...]
    text: str
    commands: tuple[SimpleCommand, ...]
    broken: bool
    place: Place


class Pair(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`NAME=value` of ENV or ARG; `value` is None for an ARG without default. `place` covers both."""

    name: str
    value: Word | None
    name_place: Place
    place: Place


class _Instruction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    place: Place


class Arg(_Instruction, frozen=True, tag=1):
    """`ARG name=default ...`"""

    pairs: tuple[Pair, ...]


class Env(_Instruction, frozen=True, tag=2):
    """`ENV name=value ...`, or the old form `ENV name value`."""

    pairs: tuple[Pair, ...]


class Run(_Instruction, frozen=True, tag=3):
    """`RUN`. If it has nothing but heredocs, or hands one to a shell, `command` has its commands."""

    flags: tuple[Flag, ...]
    command: Command
    heredocs: tuple[Heredoc, ...]


class Cmd(_Instruction, frozen=True, tag=4):
    """`CMD`."""

    command: Command


class Entrypoint(_Instruction, frozen=True, tag=5):
    """`ENTRYPOINT`."""

    command: Command


class Healthcheck(_Instruction, frozen=True, tag=6):
    """`HEALTHCHECK flags CMD command`; no command for `HEALTHCHECK NONE`."""

    flags: tuple[Flag, ...]
    command: Command | None


class Copy(_Instruction, frozen=True, tag=7):
    """`COPY` or `ADD` (`keyword`). Sources that are heredocs stand in `heredocs` only."""

    keyword: str
    flags: tuple[Flag, ...]
    sources: tuple[Word, ...]
    destination: Word | None
    heredocs: tuple[Heredoc, ...]

    def flag(self, name: str) -> Word | None:
        """Value of the flag `name`, if it is given."""
        return next((flag.value for flag in self.flags if flag.name == name), None)


class Workdir(_Instruction, frozen=True, tag=8):
    """`WORKDIR`."""

    path: Word


class User(_Instruction, frozen=True, tag=9):
    """`USER name:group`."""

    user: Word


class Expose(_Instruction, frozen=True, tag=10):
    """`EXPOSE port port/udp ...`"""

    ports: tuple[Word, ...]


class Shell(_Instruction, frozen=True, tag=11):
    """`SHELL ["program", "argument", ...]`"""

    words: tuple[Word, ...]


class Other(_Instruction, frozen=True, tag=12):
    """Any other instruction, known or not: its keyword in capitals, and its text."""

    keyword: str
    text: str


class Onbuild(_Instruction, frozen=True, tag=13):
    """`ONBUILD instruction`: runs in images that build upon this one."""

    instruction: (
        Arg | Env | Run | Cmd | Entrypoint | Healthcheck | Copy | Workdir | User | Expose | Shell | Other
    )


Instruction = (
    Arg
    | Env
    | Run
    | Cmd
    | Entrypoint
    | Healthcheck
    | Copy
    | Workdir
    | User
    | Expose
    | Shell
    | Other
    | Onbuild
)


class Stage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`FROM base AS name` and the instructions that follow. `place` is that of FROM.

    `name` is in lower case, as Docker compares it, and empty without `AS`; `index` counts from 0.
    """

    index: int
    name: str
    base: Word
    platform: Word | None
    place: Place
    instructions: tuple[Instruction, ...]


class DockerfileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One Dockerfile. `arguments` are the ARGs before the first FROM."""

    arguments: tuple[Pair, ...]
    stages: tuple[Stage, ...]
    comments: tuple[Comment, ...]
    escape: str
