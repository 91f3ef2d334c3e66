"""Running code whose condition is not known: every branch, and then what is common to them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.routing.choices import chosen
from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import MISSING, Condition, Value

if TYPE_CHECKING:
    from fastapi_lint.project.routing.frames import Frame
    from fastapi_lint.project.routing.interpreter import Interpreter


class Flow(Enum):
    """Where the code goes after a statement."""

    NEXT = 0
    BREAK = 1
    CONTINUE = 2
    RETURN = 3
    RAISE = 4


Branch = tuple[s.Expr, tuple[s.Statement, ...]]


def alternatives(run: Interpreter, branches: Sequence[Branch], frame: Frame) -> Flow:
    """Run each branch from the same start, under a condition of its own, and join what they leave.

    If some branch leaves the function or loop and others go on, what follows stands under a condition
    until the function or loop ends. A branch that raises only checks something: it makes no condition.
    """
    before, start = run.conditions, dict(frame.env)
    flows: list[Flow] = []
    ends: list[dict[str, Value]] = []
    for test, body in branches:
        frame.env.clear()
        frame.env.update(start)
        run.conditions = (*before, Condition(Site(test, frame.scope)))
        flow = run.execute(body, frame) if body else Flow.NEXT
        flows.append(flow)
        if flow is Flow.NEXT:
            ends.append(dict(frame.env))
    run.conditions = before
    frame.env.clear()
    frame.env.update(_joined(ends) if ends else start)
    left = [flow for flow in flows if flow not in (Flow.NEXT, Flow.RAISE)]
    if not ends:
        return left[0] if left else Flow.RAISE
    if left:
        run.conditions = (*before, Condition(Site(branches[0][0], frame.scope)))
    return Flow.NEXT


def _joined(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """The names of all branches; a name with several values is a choice."""
    first, *others = ends
    joined = dict(first)
    for other in others:
        for name, value in other.items():
            known = joined.get(name, MISSING)
            if known is MISSING:
                joined[name] = value
            elif known is not value:
                joined[name] = chosen((known, value))
    return joined


def unbound_in(body: tuple[s.Statement, ...], frame: Frame) -> list[str]:
    """Names that a block may bind and that have no value in the frame yet."""
    names: list[str] = []
    for statement in walk_statements(body):
        if isinstance(statement, s.Import | s.ImportFrom):
            names.extend(alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, s.Function | s.Class):
            names.append(statement.name)
        elif isinstance(statement, s.Assign):
            names.extend(target.id for target in statement.targets if isinstance(target, s.Name))
        elif isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
            names.append(statement.target.id)
    return [name for name in names if name not in frame.env]
