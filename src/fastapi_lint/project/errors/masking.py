"""`except` clauses around the yield of a dependency that put another error in the place of an endpoint's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.dependencies.commits import Commits
from fastapi_lint.project.dependencies.yielding import YieldPoint, yield_points
from fastapi_lint.project.errors.hiding import HiddenError, Hiding, looks_at
from fastapi_lint.project.errors.raising import is_caught_name, reraises

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.errors.raising import Raised
    from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
    from fastapi_lint.project.project import Project


class Masking(msgspec.Struct, frozen=True, eq=False):
    """A clause of a yield dependency that takes an endpoint's HTTP error and raises another one."""

    hiding: Hiding
    endpoint: Endpoint

    @property
    def first(self) -> HiddenError:
        """The error that is known to get there."""
        return self.hiding.hidden[0]


class MaskedErrors:
    """Answers which dependencies change the HTTP errors of their endpoints."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.raising = project.raising
        self.commits = Commits(project)

    def by(self, function: FunctionSymbol) -> Iterator[Masking]:
        """The clauses of a yield dependency, each with the first endpoint whose error it takes."""
        scope = self.project.resolver.scope(function)
        points = [point for point in yield_points(function) if point.tries]
        seen: set[int] = set()
        for endpoint, _ in self.commits.uses(function) if points else ():
            for raised in self.raising.by(endpoint.function):
                if not raised.is_http:
                    continue
                for point in points:
                    found = self._masked(function, point, raised, scope)
                    if found is not None and id(found.handler) not in seen:
                        seen.add(id(found.handler))
                        yield Masking(found, endpoint)

    def _masked(
        self, function: FunctionSymbol, point: YieldPoint, raised: Raised, scope: Scope
    ) -> Hiding | None:
        """The innermost clause that takes an error; one that raises it again hands it on."""
        for one in point.tries:
            assert isinstance(one.statement, s.Try)
            handler = self.raising.handler_of(one.statement, raised, scope)
            if handler is None:
                continue
            if _only_reraises(handler):
                continue
            if one.statement.star or not self.project.hidden_errors.is_broad(handler, scope):
                return None
            ending = handler.body[-1] if handler.body else None
            if not isinstance(ending, s.Raise) or self._lets_pass(handler, ending, scope):
                return None
            hidden, status = self._statuses(raised, ending, scope)
            if status is not None and status == hidden.status:
                return None
            return Hiding(function, one.statement, handler, (hidden,), ending, status)
        return None

    def _lets_pass(self, handler: s.Handler, ending: s.Raise, scope: Scope) -> bool:
        """Whether a clause may raise what it has caught, or looks at what that is."""
        if ending.error is None or is_caught_name(ending.error, scope):
            return True
        return reraises(handler) or looks_at(handler)

    def _statuses(self, raised: Raised, ending: s.Raise, scope: Scope) -> tuple[HiddenError, int | None]:
        made, error = self.project.made_errors, raised.statement.error
        inner = self.project.resolver.scope(raised.function)
        status = made.status(error, inner) if error is not None else None
        return HiddenError(raised, status), made.status(ending.error, scope) if ending.error else None


def _only_reraises(handler: s.Handler) -> bool:
    return bool(handler.body) and isinstance(handler.body[-1], s.Raise) and handler.body[-1].error is None
