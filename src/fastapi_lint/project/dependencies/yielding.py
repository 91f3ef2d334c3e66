"""Dependencies that yield, and what stands around and behind their yields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.enclosures import Enclosure, Enclosures, placed_statements
from fastapi_lint.project.body.statements import blocks, expressions, walk_expressions

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


class YieldPoint(msgspec.Struct, frozen=True, eq=False):
    """One `yield` of a function's body: the statement that holds it, and what stands around that."""

    expr: s.Yield
    statement: s.Statement
    around: Enclosures

    @property
    def tries(self) -> tuple[Enclosure, ...]:
        """The `try` statements whose bodies hold it, the innermost first."""
        found = [one for one in self.around if isinstance(one.statement, s.Try) and one.part == "body"]
        return tuple(reversed(found))

    @property
    def contexts(self) -> tuple[s.WithItem, ...]:
        """The items of all `with` statements around it, the outermost first."""
        return tuple(
            item for one in self.around if isinstance(one.statement, s.With) for item in one.statement.items
        )

    def comes_before(self, at: int) -> bool:
        """Whether a place stands behind the yield, and in no other branch of a condition around it."""
        if s.start_of(at) < s.end_of(self.statement.at):
            return False
        return not any(
            isinstance(one.statement, s.If | s.Match)
            and _block(one.statement, at) not in (None, _block(one.statement, self.statement.at))
            for one in self.around
        )


def _block(statement: s.Statement, at: int) -> int | None:
    """Which of a statement's blocks holds a place."""
    for position, block in enumerate(blocks(statement)):
        if block and s.start_of(block[0].at) <= s.start_of(at) < s.end_of(block[-1].at):
            return position
    return None


def yield_points(function: FunctionSymbol) -> tuple[YieldPoint, ...]:
    """The yields of a function's own body, in source order."""
    return tuple(
        YieldPoint(expr, statement, around)
        for statement, around in placed_statements(function.node.body)
        if not isinstance(statement, s.Function | s.Class)
        for expr in walk_expressions(expressions(statement), into_lambdas=False)
        if isinstance(expr, s.Yield)
    )


def yield_dependencies(project: Project) -> Iterator[FunctionSymbol]:
    """The application's generator functions that FastAPI runs as dependencies, by path and place."""
    for function in project.endpoints.dependency_functions:
        if not function.node.is_generator or project.roles.is_outside(function.module):
            continue
        if all(found.effect == "keeps" for found in project.decorators.of(function)):
            yield function
