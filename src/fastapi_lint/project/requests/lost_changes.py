"""Changes of the injected response that are lost, because the endpoint returns another one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.enclosures import Enclosures, placed_statements
from fastapi_lint.project.body.traces import Exit, exits
from fastapi_lint.project.calls.completion import never_completes
from fastapi_lint.project.requests.own_responses import OwnResponses
from fastapi_lint.project.requests.response_changes import ResponseChanges
from fastapi_lint.project.types.bodies import return_values, yielded_at
from fastapi_lint.project.types.local_objects import mentions

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.response_changes import Change


class LostChange(msgspec.Struct, frozen=True, eq=False):
    """A change that `function`, the endpoint or a dependency of it, makes to the response in `parameter`,
    and the response that the endpoint returns instead.
    """

    endpoint: FunctionSymbol
    function: FunctionSymbol
    parameter: str
    change: Change
    returned: Expr
    returned_class: str


class LostChanges:
    """Answers which changes of responses no client sees."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.changes = ResponseChanges(project)
        self.own = OwnResponses(project)

    def of(self, endpoint: Endpoint) -> Iterator[LostChange]:
        """The first lost change of an endpoint, and the first one of each of its dependencies."""
        function = endpoint.function
        if function.node.is_generator or all(route.raw for route in endpoint.routes):
            return
        if not self.project.decorators.gives_results_back(function):
            return
        names = tuple(self.changes.injected(function))
        for name in names:
            yield from self._in_endpoint(function, name)
        if any(self.changes.by(function, name) is None for name in names):
            return  # what dependencies have set may be copied
        returns = [way for way in self._ways(function, ()) if self._made(way, function) is not None]
        if returns:
            yield from self._in_dependencies(endpoint, returns)

    def _ways(self, function: FunctionSymbol, marked: tuple[Statement, ...]) -> tuple[Exit, ...]:
        scope = self.project.resolver.scope(function)
        stops = partial(never_completes, self.project.types, scope)
        return exits(function.node.body, marked, stops, failing_late=False)

    def _made(self, way: Exit, function: FunctionSymbol) -> Expr | None:
        value = way.statement.value if way.statement is not None else None
        return self.own.made(value, self.project.resolver.scope(function))

    # --- the endpoint ----------------------------------------------------------------------------

    def _in_endpoint(self, function: FunctionSymbol, name: str) -> Iterator[LostChange]:
        changes = self.changes.by(function, name)
        if not changes:
            return
        ways = self._ways(function, tuple(change.statement for change in changes))
        around = {id(statement): places for statement, places in placed_statements(function.node.body)}
        for change in changes:
            for way in ways:
                made = self._made(way, function)
                if made is None or way.statement is None or id(change.statement) not in way.ran:
                    continue
                if self._is_lost(change, made, function, around, way.statement):
                    yield self._lost(function, function, name, change, made)
                    return

    def _is_lost(
        self,
        change: Change,
        made: Expr,
        function: FunctionSymbol,
        around: dict[int, Enclosures],
        statement: s.Return,
    ) -> bool:
        """Errors lose what was set before, however they are answered: they count if the change is theirs."""
        scope = self.project.resolver.scope(function)
        if self.own.may_have(made, change, scope):
            return False
        inside = around[id(statement)]
        same_block = around[id(change.statement)][: len(inside)] == inside
        return same_block or not self.own.may_be_error(made, scope)

    # --- dependencies ----------------------------------------------------------------------------

    def _in_dependencies(self, endpoint: Endpoint, returns: list[Exit]) -> Iterator[LostChange]:
        seen: set[int] = set()
        scope = self.project.resolver.scope(endpoint.function)
        for path in self.project.endpoints.paths(endpoint):
            function = self.project.dependencies.function_of(path.last)
            if function is None or id(function) in seen:
                continue
            seen.add(id(function))
            for name, change in self._left_by(function):
                made = (self._made(way, endpoint.function) for way in returns)
                lost = [
                    one
                    for one in made
                    if one is not None
                    and not self.own.may_have(one, change, scope)
                    and not self.own.may_be_error(one, scope)
                ]
                if lost:
                    yield self._lost(endpoint.function, function, name, change, lost[0])
                    break

    def _left_by(self, function: FunctionSymbol) -> Iterator[tuple[str, Change]]:
        """The changes of a dependency that are there when it has handed over what it provides."""
        for name in self.changes.injected(function):
            changes = self.changes.by(function, name) or ()
            if any(mentions(value, name) for value in return_values(function)):
                continue  # the endpoint gets the response itself
            ways = self._ways(function, tuple(change.statement for change in changes))
            first = yielded_at(function)
            for change in changes:
                runs = any(id(change.statement) in way.ran for way in ways)
                if runs and (first is None or s.start_of(change.at) < first):
                    yield name, change

    def _lost(
        self, endpoint: FunctionSymbol, function: FunctionSymbol, name: str, change: Change, made: Expr
    ) -> LostChange:
        cls = self.own.class_of(made, self.project.resolver.scope(endpoint))
        return LostChange(endpoint, function, name, change, made, cls)
