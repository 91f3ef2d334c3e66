"""Procfiles: one process type a line, run by a shell (devcenter.heroku.com/articles/procfile)."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.comments import Comments
from fastapi_lint.facts.place import Lines, Place, Shifted
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.facts.shell import SimpleCommand, split_command

_PROCESS = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*:[ \t]*(.*)$", re.M)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.M)
_MAX_PROCESSES = 1_000


class Process(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`name: command`. The place of the name, the command's text and what it consists of."""

    name: str
    place: Place
    text: str
    commands: tuple[SimpleCommand, ...]


class ProcfileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One Procfile."""

    processes: tuple[Process, ...]
    comments: tuple[Comment, ...]


def read(text: str) -> ProcfileFacts:
    """The processes of a Procfile, at most 1,000. Never raises; other lines are passed over."""
    lines = Lines.of(text)
    found: list[Process] = []
    for match in _PROCESS.finditer(text):
        if len(found) == _MAX_PROCESSES:
            break
        command = match.group(2).rstrip()
        commands = split_command(command, Shifted(lines, match.start(2))) if command else ()
        found.append(Process(match.group(1), lines.place(*match.span(1)), command, commands))
    return ProcfileFacts(tuple(found), _comments(text, lines))


def _comments(text: str, lines: Lines) -> tuple[Comment, ...]:
    comments = Comments()
    first = _PROCESS.search(text)
    for match in _COMMENT.finditer(text):
        comments.first_block = first is None or match.start() < first.start()
        place = lines.place(*match.span())
        written = match.group().lstrip()
        comments.add(written, place.line, place.column + len(match.group()) - len(written), alone=True)
    return comments.found()
