"""systemd service units: what they start (systemd.service(5)). No shell runs the command."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.ini import Option, read_ini
from fastapi_lint.facts.place import Locator, Place, Whole, Within
from fastapi_lint.facts.shell import SimpleCommand, split_command


class SystemdFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One unit. `text` is `ExecStart` without its prefix characters; empty if the unit has none."""

    text: str
    place: Place
    commands: tuple[SimpleCommand, ...]
    working_directory: str
    environment: tuple[tuple[str, str], ...]
    environment_files: tuple[str, ...]


def read(text: str) -> SystemdFacts:
    """The service of a unit file. Never raises; of several `ExecStart` the last one counts."""
    sections = [section for section in read_ini(text, continuation="\\") if section.name == "Service"]
    options = [option for section in sections for option in section.options]
    start = _last(options, "ExecStart")
    written = _joined(start) if start else ""
    line = written.lstrip("@-:+!| ")
    place = start.value_place if start else Place(1, 1, 1, 1)
    directory = _last(options, "WorkingDirectory")
    pairs = [pair for option in options if option.name == "Environment" for pair in _pairs(_joined(option))]
    files = [_joined(option).lstrip("-") for option in options if option.name == "EnvironmentFile"]
    return SystemdFacts(
        line,
        place,
        split_command(line, _locator(start, place, len(written) - len(line))),
        _joined(directory).lstrip("-") if directory else "",
        tuple(pairs),
        tuple(files),
    )


def _last(options: list[Option], name: str) -> Option | None:
    return next((option for option in reversed(options) if option.name == name), None)


def _locator(option: Option | None, place: Place, prefix: int) -> Locator:
    """Exact places in a command on one line; else the whole value."""
    if option is None or len(option.lines) != 1:
        return Whole(place)
    return Within(place.line, place.column + prefix)


def _joined(option: Option) -> str:
    return " ".join(line for line, _ in option.lines).strip()


def _pairs(text: str) -> list[tuple[str, str]]:
    """`A=1 "B=two words"`"""
    found: list[tuple[str, str]] = []
    for command in split_command("x " + text):
        for word in command.words[1:]:
            name, equals, value = word.text.partition("=")
            found += [(name, value)] if equals else []
    return found
