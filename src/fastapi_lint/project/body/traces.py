"""The ways through a body: what ran before each `return`, and whether the end is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Statement
from fastapi_lint.project.body.statements import walk_statements

State = frozenset[int]
"""Identities of the marked statements that ran on some way to a place."""

Stops = Callable[[Statement], bool]


class Exit(msgspec.Struct, frozen=True, eq=False):
    """A `return`, or the end of the body (`statement` is None), and what ran before it on some way."""

    statement: s.Return | None
    ran: State


class _Loop(msgspec.Struct):
    """The states that `break` and `continue` carry out of a loop's body."""

    broken: list[State] = msgspec.field(default_factory=list)
    continued: list[State] = msgspec.field(default_factory=list)


def exits(
    body: Iterable[Statement],
    marked: Iterable[Statement] = (),
    stops: Stops | None = None,
    *,
    failing_late: bool = True,
) -> tuple[Exit, ...]:
    """All ways out of a body without an exception, in source order, the end last.

    `marked` are the statements to remember. `stops` tells of a statement that it never completes, such as a
    call that always raises. An exception may come behind any statement of a `try`; with `failing_late` false
    it is taken to come before all marked ones.
    """
    marks = {id(statement) for statement in marked}
    tracer = _Tracer(marks, stops or (lambda _statement: False), failing_late)
    end = tracer.block(tuple(body), frozenset())
    found = [*tracer.returns]
    return (*found, Exit(None, end)) if end is not None else tuple(found)


class _Tracer:
    """Carries the state through the statements; None stands for a place that nothing reaches."""

    def __init__(self, marked: set[int], stops: Stops, failing_late: bool) -> None:
        self.marked = marked
        self.stops = stops
        self.failing_late = failing_late
        self.loops: list[_Loop] = []
        self.returned: dict[int, int] = {}
        self.returns: list[Exit] = []

    def block(self, body: tuple[Statement, ...], state: State | None) -> State | None:
        for statement in body:
            if state is None:
                return None
            state = self.one(statement, state)
        return state

    def one(self, statement: Statement, state: State) -> State | None:
        if id(statement) in self.marked:
            state = state | {id(statement)}
        if isinstance(statement, s.Return):
            self._return(statement, state)
            return None
        if isinstance(statement, s.Raise) or self.stops(statement):
            return None
        if isinstance(statement, s.Control) and self.loops and statement.kind != "pass":
            loop = self.loops[-1]
            (loop.broken if statement.kind == "break" else loop.continued).append(state)
            return None
        if isinstance(statement, s.If):
            return self._if(statement, state)
        if isinstance(statement, s.For | s.While):
            return self._loop(statement, state)
        if isinstance(statement, s.With):
            return self.block(statement.body, state)
        if isinstance(statement, s.Try):
            return self._try(statement, state)
        return self._match(statement, state) if isinstance(statement, s.Match) else state

    def _return(self, statement: s.Return, state: State) -> None:
        """A `return` is noted once, with all that can have run before it."""
        position = self.returned.get(id(statement))
        if position is None:
            self.returned[id(statement)] = len(self.returns)
            self.returns.append(Exit(statement, state))
        else:
            self.returns[position] = Exit(statement, self.returns[position].ran | state)

    def _if(self, statement: s.If, state: State) -> State | None:
        ends = [self.block(branch.body, state) for branch in statement.branches]
        return _joined([*ends, self.block(statement.orelse, state)])

    def _loop(self, statement: s.For | s.While, state: State) -> State | None:
        broken: list[State] = []
        before: State = state
        for _ in range(2):  # what one turn leaves is there in the next
            loop = _Loop()
            self.loops.append(loop)
            end = self.block(statement.body, before)
            self.loops.pop()
            before = _joined([before, end, *loop.continued]) or before
            broken = loop.broken
        endless = isinstance(statement, s.While) and _is_true(statement.test)
        completed = None if endless else self.block(statement.orelse, before)
        return _joined([completed, *broken])

    def _try(self, statement: s.Try, state: State) -> State | None:
        end = self.block(statement.body, state)
        caught = state | (self._marks(statement.body) if statement.handlers else frozenset())
        ends = [self.block(statement.orelse, end)]
        ends += [self.block(handler.body, caught) for handler in statement.handlers]
        joined = _joined(ends)
        if not statement.finalbody:
            return joined
        finished = self.block(statement.finalbody, joined if joined is not None else caught)
        return finished if joined is not None else None

    def _marks(self, body: tuple[Statement, ...]) -> State:
        """The marked statements inside a block: an exception may come behind any of them."""
        if not self.failing_late:
            return frozenset()
        return frozenset(id(inner) for inner in walk_statements(body) if id(inner) in self.marked)

    def _match(self, statement: s.Match, state: State) -> State | None:
        ends: list[State | None] = [self.block(case.body, state) for case in statement.cases]
        if not any(_takes_all(case) for case in statement.cases):
            ends.append(state)
        return _joined(ends)


def _joined(states: Iterable[State | None]) -> State | None:
    known = [state for state in states if state is not None]
    return frozenset().union(*known) if known else None


def _is_true(test: s.Expr) -> bool:
    return isinstance(test, s.Constant) and bool(test.value)


def _takes_all(case: s.Case) -> bool:
    """Whether a `case` matches everything: `case _` or `case name`."""
    if case.guard is not None:
        return False
    pattern = case.pattern
    return isinstance(pattern, s.Name) or (isinstance(pattern, s.Opaque) and not pattern.children)
