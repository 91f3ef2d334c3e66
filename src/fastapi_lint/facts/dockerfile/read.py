"""Reads a Dockerfile into stages."""

from __future__ import annotations

from fastapi_lint.facts.comments import Comments
from fastapi_lint.facts.dockerfile.instructions import instruction_of
from fastapi_lint.facts.dockerfile.lines import Logical, Source, keyword_of, logical_lines
from fastapi_lint.facts.dockerfile.model import Arg, DockerfileFacts, Instruction, Pair, Stage
from fastapi_lint.facts.dockerfile.words import flags_of, plain_words
from fastapi_lint.facts.place import Lines, Shifted

_MAX_INSTRUCTIONS = 5_000
_MAX_STAGES = 200


def read(text: str) -> DockerfileFacts:
    """The stages of a Dockerfile. Never raises: what Docker would refuse is left out or kept as `Other`.

    A byte order mark at the start is passed over. At most 5,000 instructions and 200 stages are read.
    """
    text = text[1:] if text.startswith("\ufeff") else text
    source = Source(text, Lines.of(text), Comments())
    logical = logical_lines(source)[:_MAX_INSTRUCTIONS]
    arguments: list[Pair] = []
    stages: list[Stage] = []
    instructions: list[Instruction] = []
    for line in logical:
        if keyword_of(line.joined.text)[0] == "FROM":
            _close(stages, instructions)
            instructions = []
            if len(stages) == _MAX_STAGES:
                break
            stages.append(_stage(line, len(stages), source.escape))
            continue
        instruction = instruction_of(line, source.escape, text)
        if stages:
            instructions.append(instruction)
        elif isinstance(instruction, Arg):
            arguments.extend(instruction.pairs)
    _close(stages, instructions)
    return DockerfileFacts(tuple(arguments), tuple(stages), source.comments.found(), source.escape)


def _close(stages: list[Stage], instructions: list[Instruction]) -> None:
    if stages:
        last = stages[-1]
        stages[-1] = Stage(last.index, last.name, last.base, last.platform, last.place, tuple(instructions))


def _stage(line: Logical, index: int, escape: str) -> Stage:
    _, rest = keyword_of(line.joined.text)
    text, locator = line.joined.text[rest:], Shifted(line.joined, rest)
    flags, offset = flags_of(text, locator, escape)
    words = plain_words(text[offset:], Shifted(locator, offset), escape)
    named = len(words) == 3 and words[1].text.lower() == "as"
    platform = next((flag.value for flag in flags if flag.name == "platform"), None)
    place = line.joined.lines.place(line.start, line.end)
    base = words[0] if words else plain_words(line.joined.text, line.joined, escape)[0]
    return Stage(index, words[2].text.lower() if named else "", base, platform, place, ())
