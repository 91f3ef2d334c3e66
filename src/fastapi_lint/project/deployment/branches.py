"""Which branches of `case` a script takes, where the word that it compares is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from fastapi_lint.facts.words import expand, parts_of

if TYPE_CHECKING:
    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.facts.words import Lookup


class Branches:
    """Answers whether a command's `case` branches are taken.

    Branches are known by subject and pattern; a branch without a command isn't seen, and a second `case`
    on the same word counts as the same one.
    """

    def __init__(self, commands: Sequence[SimpleCommand], value: Callable[[str], str | None]) -> None:
        self._labels: dict[str, list[str]] = {}
        self._value = value
        for command in commands:
            for block in command.blocks:
                if block.kind == "case" and block.label not in self._labels.setdefault(block.subject, []):
                    self._labels[block.subject].append(block.label)

    def runs(self, command: SimpleCommand) -> bool | None:
        """True if it stands in branches that are taken, False if in one that isn't, None if that isn't
        known.
        """
        answer: bool | None = None
        for block in command.blocks:
            if block.kind != "case":
                continue
            value = self._value(block.subject)
            if value is None:
                return None
            taken = next((label for label in self._labels[block.subject] if matches(label, value)), None)
            if taken != block.label:
                return False
            answer = True
        return answer


def matches(label: str, value: str) -> bool:
    """Whether one of the patterns of a branch (`start|serve`) matches."""
    return any(fnmatchcase(value, pattern.strip().strip("\"'")) for pattern in label.split("|"))


def alternatives(text: str) -> Callable[[Lookup], str | None]:
    """A function that gives the value of a word as written in a script, quotes around it dropped."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    parts = parts_of(text)
    return lambda lookup: expand(parts, lookup) if parts else text
