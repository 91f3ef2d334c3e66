"""Dockerfiles with the build arguments that somebody gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.dockerfile import Arg, DockerfileFacts, Instruction, Pair, Stage
from fastapi_lint.facts.words import Opaque, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

Arguments = Mapping[str, "str | None"]


def declared(facts: DockerfileFacts) -> frozenset[str]:
    """The names of all ARGs."""
    return frozenset(pair.name for pair in _pairs(facts))


def _pairs(facts: DockerfileFacts) -> Iterable[Pair]:
    yield from facts.arguments
    for stage in facts.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Arg):
                yield from instruction.pairs


def given(facts: DockerfileFacts, arguments: Arguments) -> DockerfileFacts:
    """The same Dockerfile whose ARGs have the given values instead of their defaults; None is unknown."""
    return msgspec.structs.replace(
        facts,
        arguments=tuple(_pair(pair, arguments) for pair in facts.arguments),
        stages=tuple(_stage(stage, arguments) for stage in facts.stages),
    )


def _stage(stage: Stage, arguments: Arguments) -> Stage:
    instructions = tuple(_instruction(instruction, arguments) for instruction in stage.instructions)
    return msgspec.structs.replace(stage, instructions=instructions)


def _instruction(instruction: Instruction, arguments: Arguments) -> Instruction:
    if not isinstance(instruction, Arg):
        return instruction
    pairs = tuple(_pair(pair, arguments) for pair in instruction.pairs)
    return msgspec.structs.replace(instruction, pairs=pairs)


def _pair(pair: Pair, arguments: Arguments) -> Pair:
    if pair.name not in arguments:
        return pair
    value = arguments[pair.name]
    word = Word(value or "", pair.place, () if value is not None else (Opaque("?"),))
    return msgspec.structs.replace(pair, value=word)
