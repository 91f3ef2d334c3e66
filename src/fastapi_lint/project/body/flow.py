"""Whether the end of a block can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Statement
from fastapi_lint.project.body.statements import walk_statements

_DEPTH = 60

Stops = Callable[[s.Call], bool]


def _never(_call: s.Call) -> bool:
    return False


def can_complete(body: Iterable[Statement], stops: Stops = _never, depth: int = 0) -> bool:
    """Whether some way through a block ends without an exception, at its end or by `return` and its like.

    `stops` tells which calls never return.
    """
    for statement in body:
        if isinstance(statement, s.Return) or _leaves(statement):
            return True
        if _may_return(statement):
            return True
        if not _passes(statement, stops, depth):
            return False
    return True


def _leaves(statement: Statement) -> bool:
    return isinstance(statement, s.Control) and statement.kind in ("break", "continue")


def _may_return(statement: Statement) -> bool:
    """Whether a compound statement holds a `return` on some way; what comes before it isn't looked at."""
    if isinstance(statement, s.Function | s.Class):
        return False
    return any(isinstance(inner, s.Return) for inner in walk_statements((statement,)))


def _passes(statement: Statement, stops: Stops, depth: int) -> bool:
    """Whether the place behind a statement can be reached."""
    if depth > _DEPTH:
        return True
    if isinstance(statement, s.Raise):
        return False
    if isinstance(statement, s.Expression):
        value = statement.value.value if isinstance(statement.value, s.Await) else statement.value
        return not (isinstance(value, s.Call) and stops(value))
    if isinstance(statement, s.If):
        blocks = [*(branch.body for branch in statement.branches), statement.orelse]
        return any(can_complete(block, stops, depth + 1) for block in blocks)
    if isinstance(statement, s.With):
        return can_complete(statement.body, stops, depth + 1)
    if isinstance(statement, s.Try):
        return _passes_try(statement, stops, depth)
    if isinstance(statement, s.While):
        return not _is_endless(statement)
    if isinstance(statement, s.Match):
        last = statement.cases[-1] if statement.cases else None
        exhaustive = last is not None and last.guard is None and isinstance(last.pattern, s.Opaque | s.Name)
        completes = any(can_complete(case.body, stops, depth + 1) for case in statement.cases)
        return completes or not exhaustive
    return True


def _passes_try(statement: s.Try, stops: Stops, depth: int) -> bool:
    if statement.finalbody and not can_complete(statement.finalbody, stops, depth + 1):
        return False
    if can_complete((*statement.body, *statement.orelse), stops, depth + 1):
        return True
    return any(can_complete(handler.body, stops, depth + 1) for handler in statement.handlers)


def _is_endless(statement: s.While) -> bool:
    """`while True:` without a `break`."""
    if not (isinstance(statement.test, s.Constant) and statement.test.value):
        return False
    return not any(_leaves(inner) for inner in walk_statements(statement.body))
