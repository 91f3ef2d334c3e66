"""Configuration of supervisord: its programs. It runs commands without a shell."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.ini import Section, read_ini
from fastapi_lint.facts.place import Place, Whole, Within
from fastapi_lint.facts.shell import SimpleCommand, split_command

_MAX_PROGRAMS = 1_000


class Program(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`[program:name]`. `commands` holds one command, unless the text has what only a shell understands."""

    name: str
    place: Place
    text: str
    text_place: Place
    commands: tuple[SimpleCommand, ...]
    directory: str
    environment: tuple[tuple[str, str], ...]
    autostart: bool
    processes: str


class SupervisordFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One configuration file. `includes` are the file patterns of `[include]`."""

    programs: tuple[Program, ...]
    includes: tuple[str, ...]


def read(text: str) -> SupervisordFacts:
    """The programs of a configuration file. Never raises."""
    sections = read_ini(text, inline_comment=";")
    programs = [section for section in sections if section.name.startswith("program:")]
    includes = [section.option("files") for section in sections if section.name == "include"]
    return SupervisordFacts(
        tuple(_program(section) for section in programs[:_MAX_PROGRAMS]),
        tuple(pattern for option in includes if option for pattern in option.text.split()),
    )


def _program(section: Section) -> Program:
    command = section.option("command")
    text = " ".join(line for line, _ in command.lines) if command else ""
    place = command.value_place if command else section.place
    is_single = command is not None and len(command.lines) == 1
    locator = Within(place.line, place.column) if is_single else Whole(place)
    return Program(
        section.name.partition(":")[2].strip(),
        section.place,
        text,
        place,
        split_command(text, locator),
        _text(section, "directory"),
        _environment(_text(section, "environment")),
        _text(section, "autostart").lower() not in ("false", "no", "off", "0"),
        _text(section, "numprocs") or "1",
    )


def _text(section: Section, name: str) -> str:
    option = section.option(name)
    return option.text.strip() if option else ""


def _environment(text: str) -> tuple[tuple[str, str], ...]:
    """`KEY="value",KEY2=value2`"""
    found: list[tuple[str, str]] = []
    for command in split_command(text.replace(",", " ").replace("\n", " ")):
        found += [(assignment.name, assignment.value.text) for assignment in command.assignments]
    return tuple(found)
