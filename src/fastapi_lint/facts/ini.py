"""Sections and options of INI-like files: setup.cfg, supervisord, systemd. Nothing is interpolated."""

from __future__ import annotations

import re

import msgspec

from fastapi_lint.facts.place import Lines, Place

_SECTION = re.compile(r"\[([^\]\r\n]+)\]")
_OPTION = re.compile(r"([^=:\s#;\[][^=:\r\n]*)[=:][ \t]*(.*)\Z")
_MAX_LINES = 50_000


class Option(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An option: its lines of value, each with its place, and the place of its name."""

    name: str
    place: Place
    lines: tuple[tuple[str, Place], ...]

    @property
    def text(self) -> str:
        """The whole value, lines joined by newlines."""
        return "\n".join(text for text, _ in self.lines).strip("\n")

    @property
    def value_place(self) -> Place:
        """Where the value stands; the name if it is empty."""
        filled = [place for text, place in self.lines if text]
        return filled[0].to(filled[-1]) if filled else self.place


class Section(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A section and its options, in order; an option may occur several times."""

    name: str
    place: Place
    options: tuple[Option, ...]

    def option(self, name: str) -> Option | None:
        """The last option of that name."""
        return next((option for option in reversed(self.options) if option.name == name), None)


def read_ini(text: str, *, continuation: str = "", inline_comment: str = "") -> tuple[Section, ...]:
    """The sections of an INI-like text. Never raises.

    Indented lines continue an option; with `continuation`, a line that ends with it is continued by the
    next one. `inline_comment` begins a comment after white space.
    """
    lines = Lines.of(text)
    sections: list[tuple[str, Place, list[tuple[str, Place, list[tuple[str, Place]]]]]] = []
    continues = False
    for number, start in enumerate(lines.starts[:_MAX_LINES]):
        end = lines.starts[number + 1] - 1 if number + 1 < len(lines.starts) else len(text)
        raw = text[start:end].rstrip("\r")
        line = raw.rstrip()
        stripped = line.lstrip()
        at = start + len(line) - len(stripped)
        if not stripped or (stripped[0] in "#;" and not continues):
            continues = False
            continue
        if inline_comment:
            stripped = re.split(rf"\s{re.escape(inline_comment)}", stripped)[0].rstrip()
        carries = bool(continuation) and stripped.endswith(continuation)
        body = stripped[:-1].rstrip() if carries else stripped
        place = lines.place(at, at + len(body))
        options = sections[-1][2] if sections else None
        if options and (continues or line[0] in " \t"):
            options[-1][2].append((body, place))
        else:
            _begin(body, at, lines, sections)
        continues = carries
    return tuple(
        Section(name, place, tuple(Option(n, p, tuple(values)) for n, p, values in options))
        for name, place, options in sections
    )


def _begin(
    body: str,
    at: int,
    lines: Lines,
    sections: list[tuple[str, Place, list[tuple[str, Place, list[tuple[str, Place]]]]]],
) -> None:
    section = _SECTION.match(body)
    if section:
        sections.append((section.group(1), lines.place(at, at + section.end()), []))
        return
    option = _OPTION.match(body)
    if option and sections:
        value = (option.group(2), lines.place(at + option.start(2), at + option.end(2)))
        name = lines.place(at, at + len(option.group(1).rstrip()))
        sections[-1][2].append((option.group(1).strip(), name, [value]))
