"""Makefiles: targets and the shell lines of their recipes. Only plain rules; no functions are evaluated."""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

from fastapi_lint.facts.place import Joined, Lines, Place
from fastapi_lint.facts.shell import SimpleCommand, split_command

_RULE = re.compile(r"([^\s:=#][^:=#\t]*)::?(?!=)([^=#;]*)(?:;(.*))?")
_VARIABLE = re.compile(r"(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(\?=|:=|::=|\+=|=)(.*)\Z")
_REFERENCE = re.compile(r"(?<!\$)\$[({]([A-Za-z_][\w.-]*)[)}]")
_MAX_LINES = 50_000


class MakeTarget(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One target. `commands` are those of its recipe: `$$` is a shell's `$`, `$(NAME)` is `${NAME}`."""

    name: str
    place: Place
    needs: tuple[str, ...]
    commands: tuple[SimpleCommand, ...]


class MakefileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One makefile. `variables` as written; `targets` without pattern rules and special targets."""

    targets: tuple[MakeTarget, ...]
    variables: tuple[tuple[str, str], ...]


def read(text: str) -> MakefileFacts:
    """The targets of a makefile. Never raises."""
    targets: list[tuple[str, Place, tuple[str, ...], list[SimpleCommand]]] = []
    variables: list[tuple[str, str]] = []
    open_targets: list[tuple[str, Place, tuple[str, ...], list[SimpleCommand]]] = []
    for joined in _logical_lines(text):
        line = joined.text
        if line.startswith("\t"):
            commands = _recipe(joined)
            for target in open_targets:
                target[3].extend(commands)
            continue
        variable = _VARIABLE.match(line)
        rule = _RULE.match(line) if variable is None else None
        if variable:
            variables.append((variable.group(1), variable.group(3).strip()))
        elif rule:
            open_targets = _targets(rule, joined)
            targets.extend(open_targets)
    found = tuple(MakeTarget(name, place, needs, tuple(commands)) for name, place, needs, commands in targets)
    return MakefileFacts(found, tuple(variables))


def _logical_lines(text: str) -> list[Joined]:
    """Lines with their continuations; in recipes these belong to the shell, and mean the same there."""
    lines = Lines.of(text)
    found: list[Joined] = []
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    size = 0
    for number, start in enumerate(lines.starts[:_MAX_LINES]):
        end = lines.starts[number + 1] - 1 if number + 1 < len(lines.starts) else len(text)
        line = text[start:end].rstrip("\r")
        continues = line.endswith("\\")
        piece = line[:-1] if continues else line
        pieces.append(piece)
        starts.append(size)
        sources.append(start)
        size += len(piece)
        if not continues or number + 1 == len(lines.starts):
            found.append(Joined("".join(pieces), tuple(starts), tuple(sources), lines))
            pieces, starts, sources, size = [], [], [], 0
    return found


def _targets(
    rule: re.Match[str], joined: Joined
) -> list[tuple[str, Place, tuple[str, ...], list[SimpleCommand]]]:
    place = joined.place(0, len(rule.group(1).rstrip()))
    needs = tuple(rule.group(2).split())
    names = [name for name in rule.group(1).split() if not name.startswith(".") and "%" not in name]
    inline = rule.group(3) or ""
    commands = _commands(joined, rule.start(3)) if inline.strip() else ()
    return [(name, place, needs, list(commands)) for name in names]


def _recipe(joined: Joined) -> tuple[SimpleCommand, ...]:
    bare = joined.text.lstrip("\t @-+")
    return _commands(joined, len(joined.text) - len(bare))


def _commands(joined: Joined, start: int) -> tuple[SimpleCommand, ...]:
    """The commands from `start` on, with make's references written as the shell's."""
    text = _REFERENCE.sub(r"${\1}", joined.text[start:])
    pieces = text.split("$$")
    starts: list[int] = []
    sources: list[int] = []
    size, at = 0, start
    for index, piece in enumerate(pieces):
        starts.append(size)
        sources.append(at)
        size += len(piece) + (index + 1 < len(pieces))
        at += len(piece) + 2
    shifted = _Shortened("$".join(pieces), tuple(starts), tuple(sources), joined)
    return split_command(shifted.text, shifted)


class _Shortened(msgspec.Struct, frozen=True):
    """Text whose `$$` have become `$`: the offsets of its pieces in it and in the longer text."""

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    longer: Joined

    def place(self, start: int, end: int) -> Place:
        """Place in the file of the characters from `start` up to `end` (exclusive) of the text."""
        return self.longer.place(self._source(start), self._source(end))

    def _source(self, offset: int) -> int:
        index = bisect_right(self.starts, offset) - 1
        return self.sources[index] + offset - self.starts[index]
