"""Commands of click and typer applications: which functions the words of a command line choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, dotted_name
from fastapi_lint.project.calls.graph import raw_calls
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fastapi_lint.project.deployment.model import Argument
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.names.symbols import FunctionSymbol, Module

_COMMANDS = frozenset(("command", "group", "callback", "cli_command"))
_SERVERS = {"uvicorn.main": "uvicorn", "uvicorn.main.main": "uvicorn", "hypercorn.__main__.main": "hypercorn"}
"""The command lines of servers as objects that another application can take in."""


def server(
    runner: Runner, module: Module, words: Sequence[Argument]
) -> tuple[str, tuple[Argument, ...]] | None:
    """The server whose command line the module takes in as a command (`cli.add_command(uvicorn.main,
    name="start")`), with its words, if the command line chooses it.
    """
    scope = runner.project.resolver.scope(module)
    for call, _ in raw_calls(module.facts.body):
        if not isinstance(call.func, s.Attribute) or call.func.attr != "add_command":
            continue
        given, named = argument(call, 0, "cmd"), argument(call, 1, "name")
        callee = runner.project.resolver.resolve(given, scope) if given is not None else None
        taken = _SERVERS.get(callee.name) if isinstance(callee, External) else None
        if taken is None or not isinstance(named, s.Constant):
            continue
        for index, word in enumerate(words):
            if index and word.text == named.value:
                return taken, tuple(words[index:])
    return None


def chosen(runner: Runner, module: Module, words: frozenset[str]) -> Iterator[FunctionSymbol]:
    """Functions of a module that the words of the command line choose (`@app.command("start")`)."""
    functions = [f for f in runner.project.resolver.index(module).functions if _command_name(f) is not None]
    for function in functions:
        if len(functions) == 1 or _command_name(function) in words:
            yield function


def _command_name(function: FunctionSymbol) -> str | None:
    """How the command line names a function that a decorator makes a command; None for other functions."""
    for decorator in function.node.decorators:
        target = decorator.func if isinstance(decorator, s.Call) else decorator
        name = dotted_name(target) or ""
        if "." not in name or name.rpartition(".")[2] not in _COMMANDS:
            continue
        if isinstance(decorator, s.Call):
            given = [*decorator.args[:1], *(k.value for k in decorator.keywords if k.name == "name")]
            texts = [arg.value for arg in given if isinstance(arg, s.Constant) and isinstance(arg.value, str)]
            if texts:
                return texts[0]
        return function.name.replace("_", "-")
    return None
