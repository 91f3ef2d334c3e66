"""Loops that never end, and those among them that do something again and again with a pause between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.enclosures import placed_statements
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.body.enclosures import Enclosures
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
    from fastapi_lint.project.project import Project

SLEEPS = frozenset({"time.sleep", "asyncio.sleep", "anyio.sleep", "trio.sleep", "gevent.sleep"})
_CANCELLED = frozenset(
    {"asyncio.CancelledError", "asyncio.exceptions.CancelledError", "builtins.GeneratorExit"}
)
_STOPPED = _CANCELLED | {"builtins.KeyboardInterrupt", "builtins.SystemExit"}
_EXITS = frozenset(
    {"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit", "os.kill", "os.execv"}
)

Loop = s.For | s.While


class PeriodicLoop(msgspec.Struct, frozen=True, eq=False):
    """An endless loop that sleeps in each turn, and the function that holds it."""

    function: FunctionSymbol
    loop: Loop
    sleep: CallSite


class EndlessLoops:
    """Answers which loops only end with the process, or when somebody cancels them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.catching = project.catching

    def periodic(self, function: FunctionSymbol) -> PeriodicLoop | None:
        """The first endless loop of a function's own body that sleeps."""
        if function.node.is_generator:
            return None
        scope = self.types.resolver.scope(function)
        for loop in self.loops(function.node.body, scope):
            for site in self.project.calls.within(loop.body, function):
                if isinstance(site.callee, External) and site.callee.name in SLEEPS:
                    return PeriodicLoop(function, loop, site)
        return None

    def begun(self, start: CallSite) -> tuple[tuple[CallSite, ...], PeriodicLoop] | None:
        """The periodic loop that a call begins in what it runs, or in a function that this calls in turn.

        With the calls that lead there, `start` first.
        """
        function = self.project.calls.entered(start)
        if function is None:
            return None
        own = self.periodic(function)
        if own is not None:
            return (start,), own
        for site in self.project.calls.of(function):
            inner = self.project.calls.entered(site)
            found = self.periodic(inner) if inner is not None else None
            if found is not None and (site.awaited or not found.function.node.is_async):
                return (start, site), found
        return None

    def loops(self, body: tuple[s.Statement, ...], scope: Scope) -> Iterator[Loop]:
        """The endless loops of a block."""
        for statement in walk_statements(body):
            if isinstance(statement, s.For | s.While) and self._is_endless(statement, scope):
                yield statement

    def _is_endless(self, loop: Loop, scope: Scope) -> bool:
        return self._goes_on(loop, scope) and not any(
            self._ends(statement, around, scope) for statement, around in placed_statements(loop.body)
        )

    def _goes_on(self, loop: Loop, scope: Scope) -> bool:
        """Whether the head of a loop never ends it: `while True`, `for _ in itertools.count()`."""
        if isinstance(loop, s.While):
            return isinstance(loop.test, s.Constant) and bool(loop.test.value)
        made = loop.iterable
        return isinstance(made, s.Call) and self.types.callee(made, scope) == External("itertools.count")

    def _ends(self, statement: s.Statement, around: Enclosures, scope: Scope) -> bool:
        """Whether a statement in a loop may end it, other than because the task is cancelled."""
        if self._is_stopped(around, scope):
            return False
        if isinstance(statement, s.Control):
            return statement.kind == "break" and not any(one.is_loop for one in around)
        if isinstance(statement, s.Raise):
            return not self._is_caught(around, scope)
        return isinstance(statement, s.Return) or self._exits(statement, scope)

    def _is_stopped(self, around: Enclosures, scope: Scope) -> bool:
        """Whether a place is only reached when the task is cancelled or the process stopped."""
        for one in around:
            clause = one.handler.type if one.handler is not None else None
            if clause is not None:
                names = list(self.catching.exception_names(clause, scope))
                if names and all(name in _STOPPED for name in names):
                    return True
        return False

    def _is_caught(self, around: Enclosures, scope: Scope) -> bool:
        """Whether what is raised at a place is caught inside the loop: by a clause for all exceptions."""
        return any(
            isinstance(one.statement, s.Try)
            and one.part == "body"
            and any(self._takes_all(handler, scope) for handler in one.statement.handlers)
            for one in around
        )

    def _takes_all(self, handler: s.Handler, scope: Scope) -> bool:
        if handler.type is None:
            return True
        names = self.catching.exception_names(handler.type, scope)
        return any(name in ("builtins.Exception", "builtins.BaseException") for name in names)

    def _exits(self, statement: s.Statement, scope: Scope) -> bool:
        value = statement.value if isinstance(statement, s.Expression) else None
        if not isinstance(value, s.Call):
            return False
        callee = self.types.callee(value, scope)
        return isinstance(callee, External) and callee.name in _EXITS
