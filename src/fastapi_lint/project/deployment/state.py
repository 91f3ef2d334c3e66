"""What holds where a command is run: directory, variables, arguments, and the way that led there."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fastapi_lint.project.deployment.variables import NONE, Variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.project.deployment.model import Argument, Family, Step, Value

MAX_DEPTH = 16
"""How many programs one start command is followed through."""


class State(msgspec.Struct, frozen=True):
    """The surroundings of one command.

    `workdir` is absolute inside the container (or, outside of one, below the root as `/...`), None if it
    isn't known. `positional` is what `"$@"` stands for, None if that isn't known. `sh` is the shell behind
    `/bin/sh`. `activated` tells that a script has entered a virtual environment.
    """

    path: str
    workdir: str | None
    variables: Variables = NONE
    positional: tuple[Argument, ...] | None = ()
    steps: tuple[Step, ...] = ()
    conditional: bool = False
    loop: bool = False
    sh: Family = ""
    wrappers: tuple[str, ...] = ()
    activated: bool = False
    depth: int = 0
    script: str = ""
    """The path, as the process sees it, of the script that is read."""
    seen: frozenset[str] = frozenset()

    def then(self, *steps: Step) -> State:
        """One program further."""
        return replace(self, steps=(*self.steps, *steps), depth=self.depth + 1)

    def inside(self, path: str) -> str | None:
        """A path as the process writes it, made absolute; None if the directory isn't known."""
        if path.startswith("/"):
            return posixpath.normpath(path)
        return posixpath.normpath(posixpath.join(self.workdir, path)) if self.workdir is not None else None

    def setting(self, variables: Mapping[str, Value[str]]) -> State:
        """The same with further variables."""
        return replace(self, variables=self.variables.under(Variables(variables))) if variables else self
