"""What Docker starts: ENTRYPOINT and CMD, what compose and Kubernetes put in their place, as one command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeGuard

import msgspec

from fastapi_lint.facts.words import Variable, Word, expand
from fastapi_lint.project.deployment.model import Argument, Step
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.facts.dockerfile import Command
    from fastapi_lint.facts.words import Lookup, Part
    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.images import Image


class Process(msgspec.Struct, frozen=True):
    """The words of a process and where they come from. `span` is where the command is written."""

    words: tuple[Argument, ...]
    steps: tuple[Step, ...]
    span: Span


def of_image(image: Image) -> Process | None:
    """What the image starts by itself, or None if its Dockerfile doesn't say."""
    return combined(image, None, None)


def combined(image: Image | None, entrypoint: Process | None, command: Process | None) -> Process | None:
    """The process of a container. `entrypoint` and `command` replace what the image has.

    A replaced ENTRYPOINT takes the image's CMD away with it.
    """
    own_entry = _own(image, "ENTRYPOINT") if entrypoint is None else entrypoint
    own_command = command
    if command is None and entrypoint is None:
        own_command = _own(image, "CMD")
    if entrypoint is None and own_entry is not None and _is_shell(image):
        return own_entry
    parts = [part for part in (own_entry, own_command) if part is not None]
    words = tuple(word for part in parts for word in part.words)
    if not words:
        return None
    return Process(words, tuple(step for part in parts for step in part.steps), parts[-1].span)


def _is_shell(image: Image | None) -> bool:
    """Whether ENTRYPOINT is in shell form, which ignores CMD."""
    return image is not None and image.entrypoint is not None and image.entrypoint.command.form == "shell"


def _own(image: Image | None, keyword: str) -> Process | None:
    if image is None:
        return None
    instruction = image.entrypoint if keyword == "ENTRYPOINT" else image.cmd
    if instruction is None:
        return None
    command = instruction.command
    span = instruction.place.span(image.path)
    words = _exec(image, command) if command.form == "exec" else _shell(image, command)
    step = Step(keyword.lower(), span, keyword)
    return Process(words, (step,), span) if words else None


def _exec(image: Image, command: Command) -> tuple[Argument, ...]:
    return tuple(Argument(word.text, word.place.span(image.path), word.text, word) for word in command.words)


def _shell(image: Image, command: Command) -> tuple[Argument, ...]:
    span = command.place.span(image.path)
    program = tuple(Argument(word, span, word) for word in image.shell_for(command))
    return (*program, Argument(command.text, span, command.text, commands=command.commands))


def listed(
    words: Sequence[Word],
    path: str,
    place: Span,
    keyword: str,
    lookup: Lookup,
    source: Callable[[str], str],
) -> Process:
    """A command that a YAML file gives as a list of words, with that file's own variables replaced."""
    found: list[Argument] = []
    for word in words:
        replaced = _replaced(word, lookup)
        hidden = frozenset(part.name for part in word.parts if _is_unknown(part, lookup))
        got = expanded(word, path, lookup, splits=False, source=source)
        found += [Argument(a.text, a.span, a.written, replaced, hidden=hidden) for a in got]
    return Process(tuple(found), (Step(keyword, place, keyword),), place)


def _replaced(word: Word, lookup: Lookup) -> Word:
    """A word as a shell gets it: only the variables of others that aren't known are still there."""
    text = word.known(lookup)
    return word if text == word.text else Word(text, word.place, word.parts)


def _is_unknown(part: Part, lookup: Lookup) -> TypeGuard[Variable]:
    return isinstance(part, Variable) and expand((part,), lookup) is None
