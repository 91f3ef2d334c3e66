"""What shells run: `sh -c`, scripts, and their commands one after the other."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, cast

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.shell import split_word
from fastapi_lint.project.deployment.branches import Branches, alternatives
from fastapi_lint.project.deployment.model import Shell, Step, Value
from fastapi_lint.project.deployment.variables import Variables
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.facts.words import Word
    from fastapi_lint.project.deployment.model import Argument, Family
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State

FAMILIES = {"sh": "", "bash": "bash", "dash": "dash", "ash": "ash", "busybox": "ash", "zsh": "", "ksh": ""}
"""Shells by name, and the family that decides whether they give way to their last command."""

_MAX_CALLS = 400
_MAX_ARGUMENTS = 1_000
_DECLARES = frozenset(("export", "declare", "local", "readonly", "typeset"))
_BUILTINS = frozenset(
    "set shift trap umask ulimit return true false wait echo printf popd exit break continue read shopt "
    "test [ [[".split()
)
"""What a shell does itself, and starts nothing by."""
_OWN_FOLDER = re.compile(r"dirname.*(?:\$0|\$\{0|BASH_SOURCE)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TAKES_VALUE = frozenset(("-o", "+o", "-O", "+O", "--init-file", "--rcfile"))


def run(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    """A shell with its words: `sh -c text`, `bash script`, or an interactive shell, which serves nothing."""
    name = (words[0].text or "").rpartition("/")[2]
    family = cast("Family", FAMILIES[name] or (state.sh if name == "sh" else ""))
    at = 2 if name == "busybox" else 1
    while at < len(words):
        text = words[at].text
        if text is None:
            runner.stop(words, "what the shell is given isn't known")
            return
        if text.startswith("-") and not text.startswith("--") and "c" in text:
            if at + 1 < len(words):
                _run_text(runner, words[at + 1], words[at + 2 :], family, state)
            return
        if not text.startswith(("-", "+")):
            break
        at += 2 if text in _TAKES_VALUE else 1
    if at >= len(words):
        runner.stop(words, "a shell without a command")
        return
    inside = state.inside(words[at].text or "")
    path = runner.files.locate(inside) if inside is not None else None
    if inside is None or path is None or path in runner.project.artifacts.folders:
        runner.stop(words, f"the script `{words[at].written}` is not in the repository, or not copied there")
        return
    run_script(runner, inside, path, words[at:], state, family)


def _run_text(runner: Runner, text: Argument, rest: Sequence[Argument], family: Family, state: State) -> None:
    """`sh -c text`; the first word after the text is `$0`."""
    if text.commands is not None:
        commands = text.commands
    elif text.word is not None:
        commands = split_word(text.word)
    else:
        runner.stop((text,), f"the value of `{text.written}` isn't known")
        return
    step = Step(
        "shell form" if text.commands is not None else "shell", text.span, text.written, family=family
    )
    hidden: dict[str, Value[str]] = {name: Value(None, "variable", text.span, name) for name in text.hidden}
    inner = replace(
        state.setting(hidden).then(step), positional=tuple(rest[1:]), path=text.span.path, wrappers=()
    )
    _Reader(runner, "text", family, commands).read(commands, inner)


def run_script(
    runner: Runner, inside: str, path: str, words: Sequence[Argument], state: State, family: Family
) -> None:
    """A script at the path `inside`, which is the file `path` of the repository, with its arguments."""
    facts = runner.project.artifacts.script(path)
    if facts is None or not facts.complete:
        runner.stop(words, f"`{path}` can't be read as a script")
        return
    if path in state.seen:
        runner.stop(words, f"`{path}` starts itself")
        return
    own = cast("Family", FAMILIES.get(facts.interpreter, "")) or (
        state.sh if facts.interpreter == "sh" else ""
    )
    step = Step("script", words[0].span, words[0].written, family=family or own, path=path)
    inner = replace(
        state.then(step),
        positional=tuple(words[1:]),
        path=path,
        script=inside,
        wrappers=(),
        seen=state.seen | {path},
    )
    _Reader(runner, "script", family or own, facts.commands).read(facts.commands, inner)


def read_text(runner: Runner, commands: Sequence[SimpleCommand], state: State, family: Family) -> None:
    """Shell text that is no program of its own: a recipe of make, a process of a Procfile."""
    _Reader(runner, "text", family, commands).read(commands, state)


class _Reader(msgspec.Struct):
    """Reads one text or script. Functions are entered where they are called."""

    runner: Runner
    form: str
    family: Family
    all: Sequence[SimpleCommand]
    functions: dict[str, list[SimpleCommand]] = msgspec.field(default_factory=dict)
    calls: int = 0
    traps: bool = False

    def __post_init__(self) -> None:
        for command in self.all:
            for block in command.blocks:
                if block.kind == "function":
                    self.functions.setdefault(block.label, []).append(command)
        self.traps = any(command.name == "trap" for command in self.all)

    def read(self, commands: Sequence[SimpleCommand], state: State, level: int = 0) -> State:
        """Follow commands in order; the state after the last one."""
        plain = [command for command in commands if _function_of(command, level) is None]
        branches = Branches(plain, lambda text: _value(text, state))
        for command in plain:
            if self.calls > _MAX_CALLS or not self.runner.may_read():
                self.runner.give_up(command.place.span(state.path))
                break
            self.calls += 1
            chosen = branches.runs(command)
            if chosen is False:
                continue
            state = self._one(
                command, state, self._is_conditional(command, chosen), command is plain[-1], level
            )
        return state

    def _is_conditional(self, command: SimpleCommand, chosen: bool | None) -> bool:
        open_kinds = ("group", "subshell", "function", *(("case",) if chosen else ()))
        return command.guarded or any(block.kind not in open_kinds for block in command.blocks)

    def _one(
        self, command: SimpleCommand, state: State, conditional: bool, is_last: bool, level: int
    ) -> State:
        own = self._assigned(command, state, conditional)
        if not command.words or command.words[0].text.startswith("(("):
            return own
        here = replace(
            own,
            conditional=state.conditional or conditional,
            loop=state.loop or any(block.kind in ("while", "until", "for") for block in command.blocks),
        )
        words = [
            argument
            for word in command.words
            for argument in expanded(
                word, state.path, own.variables.certain, state.positional, source=self.runner.text_of
            )
        ]
        if not words or len(words) > _MAX_ARGUMENTS:
            return state
        after = self._builtin(words, command, state, conditional)
        if after is not None:
            return after
        name = words[0].text or ""
        if name in self.functions and level < 8:
            inner = replace(here, positional=tuple(words[1:]), depth=here.depth + 1)
            done = self.read(self.functions[name], inner, level + 1)
            return replace(state, variables=done.variables, workdir=done.workdir, activated=done.activated)
        self.runner.run(words, self._stepped(here, command, words, is_last))
        return state

    def _stepped(
        self, state: State, command: SimpleCommand, words: Sequence[Argument], is_last: bool
    ) -> State:
        """The state with the last shell's step completed: does the shell stay as the command's parent?"""
        step = state.steps[-1] if state.steps else None
        if step is None or step.kind not in ("shell", "shell form", "script"):
            return state
        shell, why = self._fate(command, words, is_last)
        return replace(state, steps=(*state.steps[:-1], replace(step, shell=shell, why=why, is_last=is_last)))

    def _fate(self, command: SimpleCommand, words: Sequence[Argument], is_last: bool) -> tuple[Shell, str]:
        """Whether the shell waits for a command or is replaced by it.

        Observed: `dash -c` never gives way; `bash -c` and `busybox sh -c` give way to their last command;
        no shell gives way in a script.
        """
        if command.connector == "&":
            return ("unknown" if self.traps else "waits"), "background"
        if command.piped:
            return "waits", "pipe"
        if words[0].text == "exec":
            return "replaced", ""
        if self.traps:
            return "unknown", ""
        if self.form == "script":
            return "waits", "no exec"
        plain = not any(block.kind not in ("group",) for block in command.blocks)
        if is_last and plain and self.family in ("bash", "ash"):
            return "replaced", ""
        return ("waits", "no exec") if self.family in ("dash", "bash", "ash") else ("unknown", "")

    # --- builtins --------------------------------------------------------------------------------

    def _assigned(self, command: SimpleCommand, state: State, conditional: bool) -> State:
        found: dict[str, Value[str]] = {}
        for assignment in command.assignments:
            value = assignment.value.value(lambda name: _lookup(name, state))
            known = None if conditional and not command.words else value
            span = assignment.value.place.span(state.path)
            found[assignment.name] = Value(
                None if assignment.appends else known, "variable", span, assignment.name
            )
        return state.setting(found)

    def _builtin(
        self, words: Sequence[Argument], command: SimpleCommand, state: State, conditional: bool
    ) -> State | None:
        """The state after a builtin that changes it, or None if the command is something else."""
        name = words[0].text or ""
        if name in _DECLARES:
            return _declared(words[1:], state, conditional)
        if name == ":":
            return _defaults(command.words[1:], state)
        if name == "unset":
            known = {
                key: value for key, value in state.variables if key not in {word.text for word in words[1:]}
            }
            return replace(state, variables=Variables(known, state.variables.open))
        if name in ("cd", "pushd"):
            return state if _in_subshell(command) else replace(state, workdir=_entered(words[1:], state))
        if name in (".", "source"):
            return self._sourced(words, state)
        if name in _BUILTINS:
            self.runner.note(words, replace(state, conditional=state.conditional or conditional))
            return _shifted(words, state)
        return None

    def _sourced(self, words: Sequence[Argument], state: State) -> State:
        target = words[1] if len(words) > 1 else None
        text = (target.text or target.written) if target is not None else ""
        if text.endswith("/activate") or text == "activate":
            return replace(state, activated=True)
        located = self.runner.locate(text, state) if text else None
        if located is None or state.depth > 12 or located[1] in state.seen:
            return state
        facts = self.runner.project.artifacts.script(located[1])
        if facts is None:
            return state
        inner = replace(state, path=located[1], depth=state.depth + 1, seen=state.seen | {located[1]})
        after = _Reader(self.runner, "script", self.family, facts.commands).read(facts.commands, inner)
        return replace(after, path=state.path, depth=state.depth, seen=state.seen)


def _shifted(words: Sequence[Argument], state: State) -> State:
    if words[0].text == "shift" and state.positional:
        count = words[1].text if len(words) > 1 else "1"
        return replace(state, positional=state.positional[int(count) if count and count.isdecimal() else 1 :])
    if words[0].text == "set" and len(words) > 1 and words[1].text == "--":
        return replace(state, positional=tuple(words[2:]))
    return state


def _function_of(command: SimpleCommand, level: int) -> str | None:
    """The function that a command stands in, beyond those that were entered already."""
    names = [block.label for block in command.blocks if block.kind == "function"]
    return names[level] if len(names) > level else None


def _lookup(name: str, state: State) -> str | None:
    if name.isdecimal():
        index = int(name[:4]) - 1
        if state.positional is None:
            return None
        return state.positional[index].text if 0 <= index < len(state.positional) else ""
    return state.variables.certain(name)


def _value(text: str, state: State) -> str | None:
    """The value of a word that `case` compares, written as in the script."""
    parts = alternatives(text)
    return parts(lambda name: _lookup(name, state))


def _declared(words: Sequence[Argument], state: State, conditional: bool) -> State:
    found: dict[str, Value[str]] = {}
    for word in words:
        written = word.written if word.text is None else word.text
        name, equals, value = written.partition("=")
        if equals and _NAME.match(name):
            known = None if word.text is None or conditional else value
            found[name] = Value(known, "variable", word.span, name)
    return state.setting(found)


def _defaults(words: Sequence[Word], state: State) -> State:
    """`: "${NAME:=value}"`"""
    found: dict[str, Value[str]] = {}
    for word in words:
        for part in word.parts:
            if not isinstance(part, str) and getattr(part, "operator", "") in (":=", "="):
                value = word.value(lambda name: _lookup(name, state)) if len(word.parts) == 1 else None
                found[part.name] = Value(value, "variable", word.place.span(state.path), part.name)  # type: ignore[union-attr]
    return state.setting(found)


def _in_subshell(command: SimpleCommand) -> bool:
    return any(block.kind == "subshell" for block in command.blocks)


def _entered(words: Sequence[Argument], state: State) -> str | None:
    if not words:
        return None
    target = words[0]
    if target.text is not None:
        return state.inside(target.text)
    if _OWN_FOLDER.search(target.written) and state.script:
        _, _, rest = target.written.rpartition(")")
        return posixpath.normpath(posixpath.dirname(state.script) + rest.strip("\"'"))
    return None
