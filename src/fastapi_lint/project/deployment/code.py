"""Python code that starts a server: the calls that a program reaches, from its first line on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.calls.graph import raw_calls
from fastapi_lint.project.deployment import calls, cli_commands
from fastapi_lint.project.deployment.model import Step
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.constants import Bindings
    from fastapi_lint.project.deployment.model import Argument
    from fastapi_lint.project.deployment.run import Runner
    from fastapi_lint.project.deployment.state import State
    from fastapi_lint.project.names.symbols import Scope

_MAX_FUNCTIONS = 400
_MAX_DEPTH = 8


class _Frame(msgspec.Struct, frozen=True):
    """A block of code to look through, and the calls that led to it."""

    body: tuple[s.Statement, ...]
    scope: Scope
    conditional: bool
    steps: tuple[Step, ...]
    arguments: Bindings = msgspec.field(default_factory=dict)
    depth: int = 0


def run_module(
    runner: Runner, path: str, words: Sequence[Argument], state: State, directory: str | None
) -> None:
    """A module that runs as a program; `directory` stands first on its import path."""
    module = runner.project.module(path)
    if module is None:
        runner.stop(words, f"`{path}` can't be read")
        return
    scope = runner.project.resolver.scope(module)
    _run(runner, _Frame(module.facts.body, scope, False, ()), words, state, directory)


def run_function(runner: Runner, function: FunctionSymbol, words: Sequence[Argument], state: State) -> None:
    """A function that a console script calls without arguments."""
    server = cli_commands.server(runner, function.module, words)
    if server is not None:
        runner.serve(*server, state)
        return
    frame = _Frame(function.node.body, runner.project.resolver.scope(function), False, ())
    commands = tuple(cli_commands.chosen(runner, function.module, _texts(words)))
    _run(runner, frame, words, state, None, [(command, frame) for command in commands])


def _run(
    runner: Runner,
    start: _Frame,
    words: Sequence[Argument],
    state: State,
    directory: str | None,
    more: Sequence[tuple[FunctionSymbol, _Frame]] = (),
) -> None:
    before = len(runner.found)
    reader = _Reader(runner, state, directory, _texts(words))
    reader.waiting.append(start)
    for function, frame in more:
        reader.enter(function, None, frame, frame.scope)
    reader.read()
    if len(runner.found) == before:
        runner.stop(words, f"no call that serves an app was found from `{state.path}` on")


def _texts(words: Sequence[Argument]) -> frozenset[str]:
    return frozenset(word.text for word in words if word.text)


class _Reader(msgspec.Struct):
    """Looks through blocks breadth first, each function once."""

    runner: Runner
    state: State
    directory: str | None
    words: frozenset[str]
    waiting: deque[_Frame] = msgspec.field(default_factory=deque)
    seen: set[int] = msgspec.field(default_factory=set)

    def read(self) -> None:
        """Look through all that is waiting."""
        while self.waiting and len(self.seen) < _MAX_FUNCTIONS:
            frame = self.waiting.popleft()
            for call, conditional in _calls(frame.body, frame.conditional):
                self._call(call, replace(frame, conditional=conditional))

    def _call(self, call: s.Call, frame: _Frame) -> None:
        project = self.runner.project
        callee = project.resolver.resolve(call.func, frame.scope)
        if not isinstance(callee, External | FunctionSymbol | ClassSymbol):
            callee = project.types.callee(call, frame.scope) or callee
        if isinstance(callee, External) and calls.serves(callee.name):
            state = replace(
                self.state,
                conditional=self.state.conditional or frame.conditional,
                steps=(*self.state.steps, *frame.steps),
            )
            calls.found(self.runner, callee.name, call, frame.scope, frame.arguments, state, self.directory)
        elif isinstance(callee, External) and calls.spawns(callee.name):
            state = replace(self.state, conditional=self.state.conditional or frame.conditional)
            calls.spawned(self.runner, callee.name, call, frame.scope, frame.arguments, state)
        elif isinstance(callee, FunctionSymbol):
            self.enter(callee, call, frame, frame.scope)
            for function in (
                cli_commands.chosen(self.runner, callee.module, self.words) if frame.depth == 0 else ()
            ):
                self.enter(function, None, frame, frame.scope)
        elif isinstance(callee, ClassSymbol):
            member = project.resolver.class_member(callee, "__init__")
            if isinstance(member, FunctionSymbol):
                self.enter(member, None, frame, frame.scope)
        else:
            self._command_line(call, callee, frame)

    def _command_line(self, call: s.Call, callee: object, frame: _Frame) -> None:
        """`typer.run(main)`, and `app()` of a typer or click application."""
        project = self.runner.project
        name = callee.name if isinstance(callee, External) else ""
        if name == "typer.run" and call.args:
            function = project.resolver.resolve(call.args[0], frame.scope)
            if isinstance(function, FunctionSymbol):
                self.enter(function, None, frame, frame.scope)
        elif isinstance(call.func, s.Name) and not call.args and frame.depth == 0:
            for function in cli_commands.chosen(self.runner, frame.scope.module, self.words):
                self.enter(function, None, frame, frame.scope)

    def enter(self, function: FunctionSymbol, call: s.Call | None, frame: _Frame, scope: Scope) -> None:
        """Put a function's body on the list."""
        if id(function) in self.seen or frame.depth >= _MAX_DEPTH:
            return
        self.seen.add(id(function))
        project = self.runner.project
        place = project.span(scope.module, call.at) if call is not None else None
        step = (Step("calls", place, function.qualname, path=function.module.path),) if place else ()
        self.waiting.append(
            _Frame(
                function.node.body,
                project.resolver.scope(function),
                frame.conditional,
                (*frame.steps, *step),
                _bound(function, call, scope, project.resolver.scope(function)),
                frame.depth + 1,
            )
        )


def _bound(
    function: FunctionSymbol, call: s.Call | None, scope: Scope, own: Scope
) -> Mapping[str, tuple[s.Expr, Scope]]:
    """What the parameters of a function are bound to: the call's arguments, else their defaults."""
    found: dict[str, tuple[s.Expr, Scope]] = {}
    parameters = [p for p in function.node.parameters if p.kind not in ("args", "kwargs")]
    if function.owner is not None and parameters:
        parameters = parameters[1:]
    around = own.parent or own
    for parameter in parameters:
        if parameter.default is not None:
            found[parameter.name] = (parameter.default, around)
    if call is None or any(isinstance(arg, s.Starred) for arg in call.args):
        return found
    for parameter, value in zip(parameters, call.args, strict=False):
        found[parameter.name] = (value, scope)
    for keyword in call.keywords:
        if keyword.name is not None:
            found[keyword.name] = (keyword.value, scope)
    return found


def _calls(body: tuple[s.Statement, ...], conditional: bool) -> Iterator[tuple[s.Call, bool]]:
    """The calls of a block in order, and whether each may be passed over."""
    stack = [iter([(statement, conditional) for statement in body])]
    while stack:
        found = next(stack[-1], None)
        if found is None:
            stack.pop()
            continue
        statement, inside = found
        if isinstance(statement, s.Function | s.Class):
            continue
        for call, _ in raw_calls((_head(statement),)):
            yield call, inside
        stack.append(iter(_inner(statement, inside)))


def _head(statement: s.Statement) -> s.Statement:
    """A compound statement without its blocks."""
    empty: tuple[s.Statement, ...] = ()
    if isinstance(statement, s.If):
        branches = tuple(s.Branch(branch.at, branch.test, empty) for branch in statement.branches)
        return s.If(statement.at, branches, empty)
    if isinstance(statement, s.For):
        return s.For(statement.at, statement.target, statement.iterable, empty, empty, statement.is_async)
    if isinstance(statement, s.While):
        return s.While(statement.at, statement.test, empty, empty)
    if isinstance(statement, s.With):
        return s.With(statement.at, statement.items, empty, statement.is_async)
    if isinstance(statement, s.Try):
        return s.Try(statement.at, empty, (), empty, empty, statement.star)
    if isinstance(statement, s.Match):
        return s.Match(statement.at, statement.subject, ())
    return statement


def _inner(statement: s.Statement, conditional: bool) -> list[tuple[s.Statement, bool]]:
    """The statements in the blocks of a statement, each with whether it may be passed over."""
    if isinstance(statement, s.If):
        found: list[tuple[s.Statement, bool]] = []
        for branch in statement.branches:
            found += [(inner, conditional or not _is_main(branch.test)) for inner in branch.body]
        return found + [(inner, True) for inner in statement.orelse]
    if isinstance(statement, s.For | s.While):
        return [(inner, True) for inner in (*statement.body, *statement.orelse)]
    if isinstance(statement, s.With):
        return [(inner, conditional) for inner in statement.body]
    if isinstance(statement, s.Try):
        rest = [inner for handler in statement.handlers for inner in handler.body]
        sure = (*statement.body, *statement.orelse, *statement.finalbody)
        return [*((inner, conditional) for inner in sure), *((inner, True) for inner in rest)]
    if isinstance(statement, s.Match):
        return [(inner, True) for case in statement.cases for inner in case.body]
    return []


def _is_main(test: s.Expr) -> bool:
    """`__name__ == "__main__"`"""
    if not isinstance(test, s.Compare) or test.operators != ("==",):
        return False
    sides = (test.left, test.comparators[0])
    names = {side.id for side in sides if isinstance(side, s.Name)}
    texts = {side.value for side in sides if isinstance(side, s.Constant)}
    return names == {"__name__"} and texts == {"__main__"}
