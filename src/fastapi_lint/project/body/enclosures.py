"""What stands around a statement or a call: the loops, tries, conditions and contexts of its function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.statements import children, expressions

Part = Literal["body", "handler", "else", "finally"]


class Enclosure(msgspec.Struct, frozen=True, eq=False):
    """A compound statement around a place, and which of its blocks holds the place.

    `handler` is the `except` clause if the place stands in one. The test of a `while` counts as its body: it
    runs again and again.
    """

    statement: s.If | s.For | s.While | s.With | s.Try | s.Match
    part: Part = "body"
    handler: s.Handler | None = None

    @property
    def is_loop(self) -> bool:
        """Whether the place runs once in every turn of a loop."""
        return isinstance(self.statement, s.For | s.While) and self.part == "body"


Enclosures = tuple[Enclosure, ...]


class PlacedCall(msgspec.Struct, frozen=True, eq=False):
    """A call with the statement that holds it and what stands around that, the outermost first.

    `awaited` tells that it stands directly behind `await`, or is entered or iterated asynchronously; `outer`
    is the call that it is an argument of, if any, and `outer_awaited` whether that one is awaited.
    """

    call: s.Call
    awaited: bool
    statement: Statement
    enclosures: Enclosures = ()
    outer: s.Call | None = None
    outer_awaited: bool = False

    @property
    def in_loop(self) -> bool:
        """Whether it stands in a loop of its function."""
        return any(enclosure.is_loop for enclosure in self.enclosures)


def placed_statements(
    body: Iterable[Statement], around: Enclosures = ()
) -> Iterator[tuple[Statement, Enclosures]]:
    """All statements of a block in source order, with what stands around each; not into definitions."""
    stack: list[Iterator[tuple[Statement, Enclosures]]] = [iter([(node, around) for node in body])]
    while stack:
        found = next(stack[-1], None)
        if found is None:
            stack.pop()
            continue
        yield found
        statement, outside = found
        inner = [(node, (*outside, one)) for one, block in _blocks(statement) for node in block]
        if inner:
            stack.append(iter(inner))


def placed_calls(body: Iterable[Statement], around: Enclosures = ()) -> Iterator[PlacedCall]:
    """The calls of a block in the order in which they run, each with what stands around it."""
    for statement, outside in placed_statements(body, around):
        enclosures = outside
        if isinstance(statement, s.While):
            enclosures = (*outside, Enclosure(statement))
        yield from _calls_of(statement, enclosures)


def _blocks(statement: Statement) -> Iterator[tuple[Enclosure, tuple[Statement, ...]]]:
    if isinstance(statement, s.If):
        for branch in statement.branches:
            yield Enclosure(statement), branch.body
        yield Enclosure(statement, "else"), statement.orelse
    elif isinstance(statement, s.For | s.While):
        yield Enclosure(statement), statement.body
        yield Enclosure(statement, "else"), statement.orelse
    elif isinstance(statement, s.With):
        yield Enclosure(statement), statement.body
    elif isinstance(statement, s.Match):
        for case in statement.cases:
            yield Enclosure(statement), case.body
    elif isinstance(statement, s.Try):
        yield Enclosure(statement), statement.body
        for handler in statement.handlers:
            yield Enclosure(statement, "handler", handler), handler.body
        yield Enclosure(statement, "else"), statement.orelse
        yield Enclosure(statement, "finally"), statement.finalbody


def calls_of_statement(statement: Statement) -> Iterator[tuple[s.Call, bool]]:
    """The calls of a statement's own expressions, without its blocks, in the order in which they run.

    Each with whether it is awaited.
    """
    for placed in _calls_of(statement, ()):
        yield placed.call, placed.awaited


def _calls_of(statement: Statement, enclosures: Enclosures) -> Iterator[PlacedCall]:
    """The calls of a statement's own expressions, arguments before the call that takes them."""
    definition = isinstance(statement, s.Function | s.Class)
    roots = statement.decorators if isinstance(statement, s.Function | s.Class) else expressions(statement)
    is_async = isinstance(statement, s.With | s.For) and statement.is_async
    awaited = {id(root) for root in roots} if is_async and not definition else set[int]()
    outer: dict[int, s.Call] = {}
    for root in roots:
        for call in _in_order(root, awaited, outer):
            taker = outer.get(id(call))
            yield PlacedCall(call, id(call) in awaited, statement, enclosures, taker, id(taker) in awaited)


def _in_order(root: Expr, awaited: set[int], outer: dict[int, s.Call]) -> Iterator[s.Call]:
    """Post-order walk without recursion; notes what is awaited, and what is an argument of what."""
    stack: list[tuple[Expr, bool]] = [(root, False)]
    while stack:
        expr, done = stack.pop()
        if done:
            assert isinstance(expr, s.Call)
            yield expr
            continue
        if isinstance(expr, s.Lambda):
            continue
        if isinstance(expr, s.Await):
            awaited.add(id(expr.value))
        elif isinstance(expr, s.Comprehension):
            awaited.update(id(clause.iterable) for clause in expr.clauses if clause.is_async)
        elif isinstance(expr, s.Call):
            stack.append((expr, True))
            for arg in (*expr.args, *(keyword.value for keyword in expr.keywords)):
                if isinstance(arg, s.Call):
                    outer[id(arg)] = expr
        stack.extend((child, False) for child in reversed(children(expr)))
