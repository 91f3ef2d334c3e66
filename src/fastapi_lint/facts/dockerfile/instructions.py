"""Turns one logical line into an instruction."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.dockerfile.lines import Body, Logical, keyword_of
from fastapi_lint.facts.dockerfile.model import (
    Arg,
    Cmd,
    Command,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Heredoc,
    Instruction,
    Onbuild,
    Other,
    Pair,
    Run,
    Shell,
    User,
    Workdir,
)
from fastapi_lint.facts.dockerfile.words import (
    flags_of,
    json_words,
    plain_words,
    quoted_words,
    scan_word,
    whole_word,
)
from fastapi_lint.facts.place import Joined, Locator, Place, Shifted
from fastapi_lint.facts.shell import SimpleCommand, split_command
from fastapi_lint.facts.words import Part, Word

_CMD = re.compile(r"CMD\s+", re.I)
_SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh", "/bin/sh", "/bin/bash"))
_NOT_SHELL = re.compile(r"#!(?![^\n]*\b(?:sh|bash|ash|dash|zsh)\b)")
_MAX_PAIRS = 5_000


class Context(msgspec.Struct, frozen=True):
    """One instruction while it is read: `text` follows the keyword, `locator` knows its places."""

    keyword: str
    logical: Logical
    text: str
    locator: Locator
    escape: str
    place: Place
    source: str

    def after(self, offset: int) -> Context:
        """The same instruction, from `offset` of the text on."""
        locator = Shifted(self.locator, offset)
        return replace(self, text=self.text[offset:], locator=locator)


def instruction_of(logical: Logical, escape: str, source: str) -> Instruction:
    """The instruction on a logical line; `source` is the file's text."""
    keyword, rest = keyword_of(logical.joined.text)
    last = max([logical.end, *(body.end for body in logical.heredocs)])
    place = logical.joined.lines.place(logical.start, last if not logical.heredocs else logical.end)
    text = logical.joined.text
    context = Context(keyword, logical, text[rest:], Shifted(logical.joined, rest), escape, place, source)
    return _build(context)


def _build(context: Context) -> Instruction:
    keyword = context.keyword
    if keyword == "ONBUILD":
        inner, rest = keyword_of(context.text)
        found = _build(replace(context.after(rest), keyword=inner)) if inner != "ONBUILD" else None
        if found is not None and not isinstance(found, Onbuild):
            return Onbuild(context.place, found)
    build = _BUILDERS.get(keyword)
    return build(context) if build else Other(context.place, keyword, context.text)


def command_of(context: Context) -> Command:
    """The command in the context's text, in the form that Docker takes it for."""
    text, locator = context.text, context.locator
    place = locator.place(0, len(text))
    words = json_words(text, locator)
    if words is not None:
        return Command("exec", words, "", (), False, place)
    broken = text.startswith("[") and text[1:2] != "["
    return Command("shell", (), text, split_command(text, locator), broken, place)


def _arg(context: Context) -> Instruction:
    return Arg(context.place, _pairs(context))


def _env(context: Context) -> Instruction:
    words = quoted_words(context.text, context.locator, context.escape)
    if words and "=" not in context.text[slice(*words[0])]:
        name = context.text[slice(*words[0])]
        value = _rest_of_line(context, words[0][1])
        place = context.locator.place(0, len(context.text))
        return Env(context.place, (Pair(name, value, context.locator.place(*words[0]), place),))
    return Env(context.place, _pairs(context))


def _rest_of_line(context: Context, offset: int) -> Word:
    rest = context.text[offset:]
    lead = len(rest) - len(rest.lstrip())
    return _spaced_word(context.after(offset + lead))


def _spaced_word(context: Context) -> Word:
    """All of the text as one word whose quotes are removed, white space included."""
    text = context.text
    words = [
        scan_word(text, start, end, context.locator, context.escape)[0]
        for start, end in quoted_words(text, context.locator, context.escape)
    ]
    if len(words) == 1:
        return words[0]
    parts: list[Part] = []
    for index, word in enumerate(words):
        parts.extend(([" "] if index else []) + list(word.parts or (word.text,)))
    variable = any(word.parts for word in words)
    value = " ".join(word.text for word in words)
    return Word(value, context.locator.place(0, len(text)), tuple(parts) if variable else ())


def _pairs(context: Context) -> tuple[Pair, ...]:
    found: list[Pair] = []
    text, locator = context.text, context.locator
    for start, end in quoted_words(text, locator, context.escape)[:_MAX_PAIRS]:
        equals = text.find("=", start, end)
        name_end = end if equals < 0 else equals
        value = scan_word(text, equals + 1, end, locator, context.escape)[0] if equals >= 0 else None
        name = text[start:name_end].strip("\"'")
        found.append(Pair(name, value, locator.place(start, name_end), locator.place(start, end)))
    return tuple(found)


def _run(context: Context) -> Instruction:
    flags, offset = flags_of(context.text, context.locator, context.escape)
    heredocs = _heredocs(context)
    rest = context.after(offset)
    command = command_of(rest)
    if heredocs and command.form == "shell":
        inner = _heredoc_commands(context, rest)
        if inner is not None:
            command = Command("shell", (), command.text, inner, False, command.place)
    return Run(context.place, flags, command, heredocs)


def _heredoc_commands(context: Context, rest: Context) -> tuple[SimpleCommand, ...] | None:
    """The commands of a heredoc that is itself the script, or None if it is some program's input."""
    bodies = context.logical.heredocs
    if len(bodies) != 1:
        return None
    text, (start, end) = context.logical.joined.text, bodies[0].mark
    words = (text[len(text) - len(rest.text) : start] + text[end:]).split()
    if (words and words[0] not in _SHELLS) or len(words) > 3:
        return None
    body = context.source[bodies[0].start : bodies[0].end]
    if _NOT_SHELL.match(body):
        return ()
    lines = context.logical.joined.lines
    return split_command(body, Joined(body, (0,), (bodies[0].start,), lines))


def _heredocs(context: Context) -> tuple[Heredoc, ...]:
    lines = context.logical.joined.lines
    return tuple(
        Heredoc(
            body.name, context.source[body.start : body.end], body.expands, lines.place(body.start, body.end)
        )
        for body in context.logical.heredocs
    )


def _cmd(context: Context) -> Instruction:
    return Cmd(context.place, command_of(context))


def _entrypoint(context: Context) -> Instruction:
    return Entrypoint(context.place, command_of(context))


def _healthcheck(context: Context) -> Instruction:
    flags, offset = flags_of(context.text, context.locator, context.escape)
    rest = context.after(offset)
    match = _CMD.match(rest.text)
    return Healthcheck(context.place, flags, command_of(rest.after(match.end())) if match else None)


def _copy(context: Context) -> Instruction:
    flags, offset = flags_of(context.text, context.locator, context.escape)
    rest = context.after(offset)
    words = json_words(rest.text, rest.locator)
    if words is None:
        words = plain_words(rest.text, rest.locator, context.escape)
    bodies: tuple[Body, ...] = context.logical.heredocs
    sources = tuple(
        word for word in words[:-1] if not (bodies and word.text.lstrip("0123456789").startswith("<<"))
    )
    destination = words[-1] if len(words) > 1 else None
    return Copy(context.place, context.keyword, flags, sources, destination, _heredocs(context))


def _workdir(context: Context) -> Instruction:
    return Workdir(context.place, whole_word(context.text, context.locator, context.escape))


def _user(context: Context) -> Instruction:
    return User(context.place, whole_word(context.text, context.locator, context.escape))


def _expose(context: Context) -> Instruction:
    return Expose(context.place, plain_words(context.text, context.locator, context.escape))


def _shell(context: Context) -> Instruction:
    words = json_words(context.text, context.locator)
    return Other(context.place, "SHELL", context.text) if words is None else Shell(context.place, words)


_BUILDERS: dict[str, Callable[[Context], Instruction]] = {
    "ARG": _arg,
    "ENV": _env,
    "RUN": _run,
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "HEALTHCHECK": _healthcheck,
    "COPY": _copy,
    "ADD": _copy,
    "WORKDIR": _workdir,
    "USER": _user,
    "EXPOSE": _expose,
    "SHELL": _shell,
}
