"""What `python` runs: modules, files and the console scripts of the project."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.deployment import code, servers, wrappers
from fastapi_lint.project.deployment.model import Step
from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.project.deployment.model import Argument
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State

_TAKES_VALUE = frozenset(("-X", "-W", "--check-hash-based-pycs"))
_DEBUGGER_VALUES = frozenset(("--listen", "--connect", "--log-to", "--pid", "--adapter-access-token"))
_PASSED_ON = ("poetry", "pipenv", "uv", "pdm", "coverage", "hatch")


def run(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    """`python` with its words."""
    at = 1
    while at < len(words):
        text = words[at].text
        if text is None:
            break
        if text in ("-m", "--module") or (
            text.startswith("-") and not text.startswith("--") and text.endswith("m")
        ):
            _module(runner, words, at + 1, state)
            return
        if text == "-c" or not text.startswith("-"):
            break
        at += 2 if text in _TAKES_VALUE else 1
    word = words[at] if at < len(words) else None
    if word is None or word.text is None or word.text == "-c":
        runner.stop(words, "which Python file runs isn't known" if word else "an interactive Python")
        return
    inside = state.inside(word.text)
    path = runner.files.locate(inside) if inside is not None else None
    if inside is None or path is None:
        path = runner.targets.only_file(word.text)
        if path is None:
            runner.stop(words, f"`{word.written}` is not in the repository, or not copied there")
            return
        inside = "/" + path
    run_file(runner, inside, path, words[at:], state, words[0])


def run_file(
    runner: Runner,
    inside: str,
    path: str,
    words: Sequence[Argument],
    state: State,
    program: Argument | None = None,
) -> None:
    """A Python file at the path `inside`, which is the file `path` of the repository.

    `words` begin with the file; `program` is the Python before it.
    """
    if path in runner.project.artifacts.folders:
        path, inside = posixpath.join(path, "__main__.py"), posixpath.join(inside, "__main__.py")
    first = program or words[0]
    text = f"{first.written} {words[0].written}" if program else first.written
    step = Step("python", first.span, text, path=path)
    inner = replace(state.then(step), path=path, script=inside, positional=tuple(words[1:]))
    code.run_module(runner, path, words, inner, posixpath.dirname(inside))


def _module(runner: Runner, words: tuple[Argument, ...], at: int, state: State) -> None:
    """`python -m name`"""
    rest = words[at:]
    name = rest[0].text if rest else None
    if name is None:
        runner.stop(words, "which module runs isn't known")
        return
    inner = replace(state, wrappers=(*state.wrappers, "python -m"))
    if name in servers.SERVERS:
        runner.serve(name, rest, inner)
    elif name == "debugpy":
        _debugged(runner, rest, state)
    elif name in _PASSED_ON and wrappers.unwrap(rest) is not None:
        runner.run(rest, inner)
    else:
        found = runner.targets.find(f"{name}.__main__", state, "") or runner.targets.find(name, state, "")
        if found is None:
            runner.stop(words, f"the module `{name}` is not in the repository")
            return
        step = Step("python", words[0].span, f"{words[0].written} -m {name}", path=found.path)
        program = replace(state.then(step), path=found.path, positional=rest[1:])
        code.run_module(runner, found.path, rest, program, state.workdir)


def _debugged(runner: Runner, words: tuple[Argument, ...], state: State) -> None:
    """`python -m debugpy --listen 5678 -m uvicorn ...`"""
    at = 1
    while at < len(words):
        text = words[at].text or ""
        if text == "-m":
            _module(runner, words, at + 1, state)
            return
        if not text.startswith("-"):
            run(runner, (words[0], *words[at:]), state)
            return
        at += 2 if text in _DEBUGGER_VALUES else 1


def console_script(runner: Runner, name: str, words: tuple[Argument, ...], state: State) -> bool:
    """A command of the project's own packages; False if no package has one of this name."""
    entry = runner.targets.console_script(name)
    if entry is None:
        return False
    module_name, _, attribute = entry.partition(":")
    module = runner.targets.module(module_name, state, "")
    member = runner.project.resolver.module_member(module, attribute.split(".")[0]) if module else None
    symbol = runner.project.resolver.follow(member)
    if module is None or not isinstance(symbol, FunctionSymbol):
        runner.stop(words, f"the console script `{name}` can't be followed into the code")
        return True
    step = Step("console script", words[0].span, f"{name} = {entry}", path=symbol.module.path)
    inner = replace(state.then(step), path=symbol.module.path, positional=tuple(words[1:]))
    code.run_function(runner, symbol, words, inner)
    return True
