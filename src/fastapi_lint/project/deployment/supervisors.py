"""Programs that start other programs by a file of their own: make, supervisord, runners of Procfiles."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.facts.words import expand, parts_of
from fastapi_lint.project.deployment import shells
from fastapi_lint.project.deployment.model import Step, Value
from fastapi_lint.project.deployment.options import Grammar, names, parse
from fastapi_lint.project.deployment.variables import Variables
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.makefile import MakefileFacts
    from fastapi_lint.facts.supervisord import Program, SupervisordFacts
    from fastapi_lint.project.deployment.model import Argument
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State

_MAKE = Grammar(
    names("--silent --quiet --always-make --keep-going --no-print-directory --environment-overrides"),
    {"-s": "--silent", "-B": "--always-make", "-k": "--keep-going", "-C": "--directory", "-f": "--file"},
)
_SUPERVISORD = Grammar(
    names("--nodaemon --silent"), {"-n": "--nodaemon", "-c": "--configuration", "-s": "--silent"}
)
_CONFIGURATIONS = (
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
)
_MAX_TARGETS = 20


def run(runner: Runner, name: str, words: tuple[Argument, ...], state: State) -> bool:
    """Follow a supervising program; False if `name` is none."""
    if name in ("make", "gmake"):
        _make(runner, words, state)
    elif name == "supervisord":
        _supervisord(runner, words, state)
    elif name in ("honcho", "foreman", "hivemind", "overmind") and any(w.text == "start" for w in words):
        _procfile(runner, words, state)
    else:
        return False
    return True


def _make(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    line = parse(words[1:], _MAKE)
    folder = line.last("--directory")
    if folder is not None and folder.value is not None:
        workdir = state.inside(folder.value.text) if folder.value.text is not None else None
        state = replace(state, workdir=workdir)
    goals = [word for word in line.positional if word.text and "=" not in word.text]
    path, facts = _makefile(runner, state)
    if facts is None:
        runner.stop(words, "no makefile was found in the working directory")
        return
    wanted = [goal.text or "" for goal in goals] or [next((target.name for target in facts.targets), "")]
    step = Step("target", words[0].span, f"make {' '.join(wanted)}", path=path)
    known = {name: Value(_evaluated(value, facts), "variable", None, name) for name, value in facts.variables}
    own = {
        w.text.partition("=")[0]: Value(w.text.partition("=")[2], "variable", w.span)
        for w in line.positional
        if w.text and "=" in w.text
    }
    variables = Variables(known).under(state.variables).under(Variables(own))
    inner = replace(state.then(step), path=path, variables=variables, wrappers=(), positional=())
    made: set[str] = set()
    for goal in wanted:
        _goal(runner, facts, goal, words, inner, made)


def _evaluated(text: str, facts: MakefileFacts, depth: int = 0) -> str | None:
    parts = parts_of(text.replace("$(", "${").replace(")", "}") if "$(" in text else text)
    values = dict(facts.variables)

    def lookup(name: str) -> str | None:
        return _evaluated(values[name], facts, depth + 1) if name in values and depth < 8 else None

    return expand(parts, lookup) if parts else text


def _makefile(runner: Runner, state: State) -> tuple[str, MakefileFacts | None]:
    known = dict(runner.project.artifacts.makefiles)
    for name in ("GNUmakefile", "makefile", "Makefile"):
        inside = state.inside(name)
        path = runner.files.locate(inside) if inside is not None else None
        if path in known:
            return path or "", known[path or ""]
    return "", None


def _goal(
    runner: Runner,
    facts: MakefileFacts,
    goal: str,
    words: tuple[Argument, ...],
    state: State,
    made: set[str],
) -> None:
    """Make what a target needs, and then the target: each one once."""
    target = next((found for found in facts.targets if found.name == goal), None)
    if target is None and not made:
        runner.stop(words, f"the makefile has no target `{goal}`")
    if target is None or goal in made or len(made) > _MAX_TARGETS:
        return
    made.add(goal)
    for needed in target.needs:
        _goal(runner, facts, needed, words, state, made)
    shells.read_text(runner, target.commands, state, state.sh)


def _supervisord(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    option = parse(words[1:], _SUPERVISORD).last("--configuration")
    text = option.value.text if option is not None and option.value is not None else None
    known = dict(runner.project.artifacts.supervisord)
    for candidate in (text,) if text else _CONFIGURATIONS:
        inside = state.inside(candidate)
        path = runner.files.locate(inside) if inside is not None else None
        if inside is not None and path in known:
            step = Step("program", words[0].span, "supervisord", path=path)
            for own, facts in _included(runner, inside, path, known):
                run_programs(runner, own, facts, replace(state.then(step), wrappers=()))
            return
    runner.stop(words, "the configuration of supervisord is not in the repository")


def _included(
    runner: Runner, inside: str, path: str, known: dict[str, SupervisordFacts]
) -> Iterator[tuple[str, SupervisordFacts]]:
    """A configuration and those that it includes."""
    facts = known[path]
    yield path, facts
    for pattern in facts.includes:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(inside), pattern))
        for other, found in known.items():
            name = posixpath.join(posixpath.dirname(target), posixpath.basename(other))
            if other != path and fnmatchcase(name, target) and runner.files.locate(name) == other:
                yield other, found


def run_programs(runner: Runner, path: str, facts: SupervisordFacts, state: State) -> None:
    """Follow the programs of a configuration of supervisord."""
    runner.read.add(path)
    for program in facts.programs:
        if program.autostart and len(program.commands) == 1:
            run_program(runner, path, program, state)


def run_program(runner: Runner, path: str, program: Program, state: State) -> None:
    """Follow one program of supervisord, which no shell reads."""
    place = program.text_place.span(path)
    variables = {name: Value(value, "variable", place, name) for name, value in program.environment}
    workdir = state.inside(program.directory) if program.directory else state.workdir
    step = Step("program", program.place.span(path), f"program:{program.name}", path=path)
    inner = replace(state.setting(variables).then(step), path=path, workdir=workdir, positional=())
    words = [
        argument
        for word in program.commands[0].words
        for argument in expanded(word, path, inner.variables.get, splits=False)
    ]
    if words:
        runner.run(words, inner)


def _procfile(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    inside = state.inside("Procfile")
    path = runner.files.locate(inside) if inside is not None else None
    facts = dict(runner.project.artifacts.procfiles).get(path or "")
    if path is None or facts is None:
        runner.stop(words, "no Procfile was found in the working directory")
        return
    for process in facts.processes:
        step = Step("program", process.place.span(path), process.name, path=path)
        shells.read_text(runner, process.commands, replace(state.then(step), path=path, wrappers=()), "")
