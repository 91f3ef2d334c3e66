"""Calls that run once in a process: what they make is kept, and the code asks first whether it is there.

`if _engine is None: _engine = connect()`, with `_engine` a global or an attribute of a class.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import blocks, dotted_name, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol
from fastapi_lint.project.types.bodies import is_decorated, receiver_of

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr, Statement
    from fastapi_lint.project.calls.graph import Calls, CallSite
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.names.symbols import FunctionSymbol

Block = tuple["Statement", ...]


class RepeatedCalls:
    """Answers which calls of a function run each time that it is called."""

    def __init__(self, resolver: Resolver, calls: Calls) -> None:
        self.resolver = resolver
        self.calls = calls
        self._known: dict[int, tuple[CallSite, ...]] = {}

    def of(self, function: FunctionSymbol) -> tuple[CallSite, ...]:
        """The calls of a function's own body without those that run once in a process."""
        key = id(function)
        if key not in self._known:
            sites = self.calls.of(function)
            once = list(self._once(function.node.body, function)) if sites else []
            self._known[key] = tuple(
                site for site in sites if not any(_holds(block, site.call.at) for block in once)
            )
        return self._known[key]

    def _once(self, body: Block, function: FunctionSymbol) -> Iterator[Block]:
        """The blocks that run only while something that is kept isn't there yet."""
        for position, statement in enumerate(body):
            if isinstance(statement, s.If):
                for branch in statement.branches:
                    if self._is_kept_by(_missing(branch.test), branch.body, function):
                        yield branch.body
                first, rest = statement.branches[0], body[position + 1 :]
                returns = bool(first.body) and isinstance(first.body[-1], s.Return)
                if returns and self._is_kept_by(_present(first.test), rest, function):
                    yield rest
            for block in blocks(statement) if not isinstance(statement, s.Function | s.Class) else ():
                yield from self._once(block, function)

    def _is_kept_by(self, expr: Expr | None, body: Block, function: FunctionSymbol) -> bool:
        """Whether a block assigns to an expression that outlives the call."""
        name = dotted_name(expr) if expr is not None else None
        if expr is None or name is None or not self._outlives(expr, function):
            return False
        return any(
            dotted_name(target) == name
            for statement in walk_statements(body)
            for target in _targets(statement)
        )

    def _outlives(self, expr: Expr, function: FunctionSymbol) -> bool:
        if isinstance(expr, s.Name):
            return any(
                isinstance(statement, s.Global) and expr.id in statement.names
                for statement in walk_statements(function.node.body)
            )
        if not isinstance(expr, s.Attribute):
            return False
        receiver = receiver_of(function) if function.owner is not None else None
        if isinstance(expr.value, s.Name) and receiver is not None and expr.value.id == receiver.name:
            return is_decorated(function, "classmethod")
        return isinstance(self.resolver.resolve(expr.value, self.resolver.scope(function)), ClassSymbol)


def _missing(test: Expr) -> Expr | None:
    """`x` of `x is None` and `not x`."""
    if isinstance(test, s.Unary) and test.operator == "not":
        return test.operand
    return _compared_with_none(test, "is")


def _present(test: Expr) -> Expr | None:
    """`x` of `x is not None` and `x`."""
    return test if isinstance(test, s.Name | s.Attribute) else _compared_with_none(test, "is not")


def _compared_with_none(test: Expr, operator: str) -> Expr | None:
    if isinstance(test, s.Compare) and test.operators == (operator,):
        other = test.comparators[0]
        if isinstance(other, s.Constant) and other.value is None:
            return test.left
    return None


def _targets(statement: Statement) -> tuple[Expr, ...]:
    if isinstance(statement, s.Assign):
        return statement.targets
    return (statement.target,) if isinstance(statement, s.Declaration) else ()


def _holds(block: Block, at: int) -> bool:
    return bool(block) and s.start_of(block[0].at) <= s.start_of(at) < s.end_of(block[-1].at)
