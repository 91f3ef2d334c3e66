"""What variables and the working directory are, instruction by instruction."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

import msgspec

from fastapi_lint.facts.dockerfile.model import Arg, DockerfileFacts, Env, Instruction, Stage, Workdir
from fastapi_lint.facts.words import Word

_MAX_VARIABLES = 2_000


class Step(msgspec.Struct, frozen=True):
    """One instruction and what holds before it.

    `env` holds the ENV variables (they exist at run time as well), `args` the ARG variables; a value is None
    where it isn't known. ARGs have their default. `workdir` is absolute, or None if it isn't known.
    """

    stage: Stage
    instruction: Instruction
    env: Mapping[str, str | None]
    args: Mapping[str, str | None]
    workdir: str | None

    def value(self, word: Word) -> str | None:
        """A word's value in this instruction, while the image is built."""
        return word.value(self.lookup)

    def lookup(self, name: str) -> str | None:
        """A variable's value while the image is built; ENV wins over ARG."""
        return self.env[name] if name in self.env else self.args.get(name)


class _State(msgspec.Struct):
    env: dict[str, str | None]
    workdir: str | None


def image_of(facts: DockerfileFacts, stage: Stage) -> str | None:
    """The image or stage that a stage builds upon, with ARG defaults, or None if it isn't known."""
    defaults = _global_arguments(facts)
    return stage.base.value(defaults.get)


def parent_of(facts: DockerfileFacts, stage: Stage) -> Stage | None:
    """The earlier stage that a stage builds upon, or None if it builds upon an image."""
    base = image_of(facts, stage)
    if base is None:
        return None
    return next((s for s in reversed(facts.stages[: stage.index]) if s.name and s.name == base.lower()), None)


def lineage(facts: DockerfileFacts, stage: Stage) -> list[Stage]:
    """The stage and the stages that it builds upon, the first one first."""
    found = [stage]
    while (parent := parent_of(facts, found[0])) is not None:
        found.insert(0, parent)
    return found


def steps(facts: DockerfileFacts, stage: Stage) -> Iterator[Step]:
    """The instructions that make a stage's image, those of the stages it builds upon first."""
    defaults = _global_arguments(facts)
    state = _State({}, None)
    for part in lineage(facts, stage):
        args: dict[str, str | None] = {}
        for instruction in part.instructions:
            step = Step(part, instruction, state.env, args, state.workdir)
            yield step
            args = _apply(step, state, args, defaults)


def _apply(
    step: Step, state: _State, args: dict[str, str | None], defaults: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Let the instruction take effect; the ARGs after it. Mappings that a step holds are never changed."""
    instruction = step.instruction
    if isinstance(instruction, Env):
        pairs = instruction.pairs[: _MAX_VARIABLES - len(state.env)]
        values = {pair.name: step.value(pair.value) if pair.value else None for pair in pairs}
        state.env = {**state.env, **values}
    elif isinstance(instruction, Arg):
        pairs = instruction.pairs[: _MAX_VARIABLES - len(args)]
        known = {p.name: step.value(p.value) if p.value else defaults.get(p.name) for p in pairs}
        return {**args, **known}
    elif isinstance(instruction, Workdir):
        state.workdir = _workdir(state.workdir, step.value(instruction.path))
    return args


def _workdir(current: str | None, path: str | None) -> str | None:
    if path is None or (current is None and not path.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(current or "/", path))


def _global_arguments(facts: DockerfileFacts) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for pair in facts.arguments:
        known[pair.name] = pair.value.value(known.get) if pair.value else None
    return known
