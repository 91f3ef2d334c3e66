"""The image that a stage of a Dockerfile makes: what it starts, with which variables, from which files."""

from __future__ import annotations

import posixpath
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.dockerfile import (
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Run,
    Shell,
    Workdir,
    image_of,
    parent_of,
    steps,
)
from fastapi_lint.project.deployment.bases import Base, base_of
from fastapi_lint.project.deployment.model import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.dockerfile import Command, DockerfileFacts, Stage, Step
    from fastapi_lint.facts.words import Word
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import Family

_MAX_PARENTS = 50
_MAX_COPIES = 500


class Copied(msgspec.Struct, frozen=True):
    """A COPY or ADD of an image: where it takes its files, and where it puts them.

    `sources` and `destination` are None where a variable isn't known; the destination is absolute, and ends
    with a slash if it is written as a folder. `origin` is the stage or image of `--from`, empty for the
    build context.
    """

    step: Step
    instruction: Copy
    sources: tuple[str | None, ...]
    destination: str | None
    origin: str
    stage: Stage


class Exposed(msgspec.Struct, frozen=True):
    """A port of EXPOSE; `port` is None if it isn't known."""

    port: int | None
    span: Span


class Image:
    """One stage of a Dockerfile with all that it inherits from the stages it builds upon."""

    def __init__(self, path: str, facts: DockerfileFacts, stage: Stage) -> None:
        self.path = path
        self.facts = facts
        self.stage = stage

        self._others: dict[int, Image] = {stage.index: self}

    def __repr__(self) -> str:
        return f"<image {self.path}:{self.name}>"

    def other(self, stage: Stage) -> Image:
        """The image of another stage of the same Dockerfile."""
        if stage.index not in self._others:
            self._others[stage.index] = Image(self.path, self.facts, stage)
            self._others[stage.index]._others = self._others
        return self._others[stage.index]

    @property
    def name(self) -> str:
        """The stage's name, or its number as Docker counts it."""
        return self.stage.name or str(self.stage.index)

    @property
    def is_last(self) -> bool:
        """Whether it is what `docker build` makes without a target."""
        return self.stage.index == len(self.facts.stages) - 1

    @cached_property
    def lineage(self) -> tuple[Stage, ...]:
        """The stages that it builds upon, the first one first, and its own at the end."""
        found = [self.stage]
        while len(found) < _MAX_PARENTS and (parent := parent_of(self.facts, found[0])) is not None:
            found.insert(0, parent)
        return tuple(found)

    @cached_property
    def base(self) -> Base | None:
        """The image that the first stage builds upon; None if it isn't known."""
        return base_of(image_of(self.facts, self.lineage[0]))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All instructions that make it, those of its parents first."""
        return tuple(steps(self.facts, self.stage))

    @cached_property
    def variables(self) -> dict[str, Value[str]]:
        """The ENV variables; a value is None where it isn't known."""
        found: dict[str, Value[str]] = {}
        for step in self.steps:
            if isinstance(step.instruction, Env):
                for pair in step.instruction.pairs:
                    text = step.value(pair.value) if pair.value else None
                    place = pair.value.place if pair.value else pair.place
                    found[pair.name] = Value(text, "variable", place.span(self.path), pair.name)
        return found

    @cached_property
    def workdir(self) -> str | None:
        """The working directory at the end, absolute; None if it isn't known."""
        at = self._base_workdir
        for step in self.steps:
            if isinstance(step.instruction, Workdir):
                at = _joined(at, step.value(step.instruction.path))
        return at

    @property
    def _base_workdir(self) -> str | None:
        base = self.base
        if base is None:
            return None
        if base.starts_app:
            return "/app"
        return "/" if base.is_official else None

    @cached_property
    def entrypoint(self) -> Entrypoint | None:
        """The ENTRYPOINT in force, inherited ones included."""
        return next(
            (s.instruction for s in reversed(self.steps) if isinstance(s.instruction, Entrypoint)), None
        )

    @cached_property
    def cmd(self) -> Cmd | None:
        """The CMD in force. A stage's own ENTRYPOINT takes away a CMD that it inherits, as in Docker."""
        found: Cmd | None = None
        owner: Stage | None = None
        for step in self.steps:
            if isinstance(step.instruction, Cmd):
                found, owner = step.instruction, step.stage
            elif isinstance(step.instruction, Entrypoint) and owner is not step.stage:
                found, owner = None, None
        return found

    @property
    def has_own_command(self) -> bool:
        """Whether the stage itself, not a parent, has a CMD or ENTRYPOINT."""
        return any(isinstance(i, Cmd | Entrypoint) for i in self.stage.instructions)

    def shell_for(self, command: Command) -> tuple[str, ...]:
        """The program and arguments that Docker puts before a command in shell form."""
        shell: tuple[Word, ...] = ()
        for step in self.steps:
            if isinstance(step.instruction, Shell):
                shell = step.instruction.words
            if getattr(step.instruction, "command", None) is command:
                break
        return tuple(word.text for word in shell) or ("/bin/sh", "-c")

    @cached_property
    def family(self) -> Family:
        """Which shell `/bin/sh` is; empty if it isn't known."""
        for run in self.runs:
            for command in run.command.commands:
                if command.name == "ln" and command.words[-1].text in ("/bin/sh", "/usr/bin/sh"):
                    return "bash" if any("bash" in word.text for word in command.words) else ""
        return self.base.family if self.base else ""

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The RUN instructions."""
        return tuple(step.instruction for step in self.steps if isinstance(step.instruction, Run))

    @cached_property
    def copies(self) -> tuple[Copied, ...]:
        """The COPY and ADD instructions, in order."""
        return tuple(islice(self._copies(), _MAX_COPIES))

    def _copies(self) -> Iterator[Copied]:
        at = self._base_workdir
        for step in self.steps:
            instruction = step.instruction
            if isinstance(instruction, Workdir):
                at = _joined(at, step.value(instruction.path))
            elif isinstance(instruction, Copy):
                origin = instruction.flag("from")
                sources = tuple(step.value(source) for source in instruction.sources)
                target = step.value(instruction.destination) if instruction.destination else None
                named = (step.value(origin) or "?") if origin else ""
                yield Copied(step, instruction, sources, _destination(at, target), named, step.stage)

    def workdir_at(self, wanted: object) -> str | None:
        """The working directory in force at an instruction; None if it isn't known."""
        at = self._base_workdir
        for step in self.steps:
            if step.instruction is wanted:
                return at
            if isinstance(step.instruction, Workdir):
                at = _joined(at, step.value(step.instruction.path))
        return at

    @cached_property
    def exposed(self) -> tuple[Exposed, ...]:
        """The TCP ports of EXPOSE."""
        found: list[Exposed] = []
        for step in self.steps:
            if isinstance(step.instruction, Expose):
                for word in step.instruction.ports:
                    text = step.value(word)
                    number, _, protocol = (text or "").partition("/")
                    if protocol in ("", "tcp"):
                        port = int(number) if number.isdigit() else None
                        found.append(Exposed(port, word.place.span(self.path)))
        return tuple(found)

    @cached_property
    def healthcheck(self) -> Healthcheck | None:
        """The HEALTHCHECK in force; its command is None for `HEALTHCHECK NONE`."""
        return next(
            (s.instruction for s in reversed(self.steps) if isinstance(s.instruction, Healthcheck)), None
        )

    def stage_named(self, name: str, before: Stage) -> Stage | None:
        """The stage that `--from=name` means in an instruction of the stage `before`."""
        if name.isdigit():
            index = int(name)
            return self.facts.stages[index] if index < before.index else None
        earlier = self.facts.stages[: before.index]
        return next((stage for stage in reversed(earlier) if stage.name and stage.name == name.lower()), None)


def _joined(at: str | None, path: str | None) -> str | None:
    if path is None or (at is None and not path.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(at or "/", path))


def _destination(at: str | None, target: str | None) -> str | None:
    if target is None:
        return None
    found = _joined(at, target)
    is_folder = target.endswith("/") or target in (".", "./", "..")
    return found.rstrip("/") + "/" if found is not None and is_folder else found
