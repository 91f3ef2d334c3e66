"""`except` clauses around the yield of a dependency that end without raising."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.flow import can_complete
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.dependencies.yielding import YieldPoint, yield_points
from fastapi_lint.project.errors.catching import BROAD, Catching
from fastapi_lint.project.errors.made_errors import HTTP_EXCEPTIONS
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Types

_NEVER = frozenset(
    {"typing.NoReturn", "typing.Never", "typing_extensions.NoReturn", "typing_extensions.Never"}
)
_EXITS = frozenset({"sys.exit", "os._exit", "builtins.exit", "builtins.quit"})


class Swallowed(msgspec.Struct, frozen=True, eq=False):
    """A clause that takes the errors of the request's code and ends without raising; `point` is the yield."""

    point: YieldPoint
    handler: s.Handler


class Swallowing:
    """Answers which clauses keep errors from leaving a generator."""

    def __init__(self, types: Types, catching: Catching) -> None:
        self.types = types
        self.catching = catching

    def by(self, function: FunctionSymbol) -> Iterator[Swallowed]:
        """The clauses for any error, or for HTTP errors, around its yields that can end without raising.

        Left out are those after which the function itself raises.
        """
        scope = self.types.resolver.scope(function)
        seen: set[int] = set()
        for point in yield_points(function):
            for one in point.tries:
                assert isinstance(one.statement, s.Try)
                if one.statement.star or _raises_after(function, one.statement.at):
                    continue
                for handler in one.statement.handlers:
                    if id(handler) not in seen and self._swallows(handler, scope):
                        seen.add(id(handler))
                        yield Swallowed(point, handler)

    def _swallows(self, handler: s.Handler, scope: Scope) -> bool:
        if handler.type is not None:
            names = frozenset(self.catching.exception_names(handler.type, scope))
            if not names & (BROAD | HTTP_EXCEPTIONS):
                return False
        return can_complete(handler.body, lambda call: self.never_returns(call, scope))

    def never_returns(self, call: s.Call, scope: Scope, depth: int = 0) -> bool:
        """Whether a call certainly ends in an exception."""
        callee = self.types.callee(call, scope)
        if isinstance(callee, External):
            return callee.name in _EXITS
        if not isinstance(callee, FunctionSymbol) or callee.node.is_generator or depth > 4:
            return False
        inner = self.types.resolver.scope(callee)
        declared = self.types.resolver.resolve(callee.node.returns, inner.parent or inner)
        if isinstance(declared, External) and declared.name in _NEVER:
            return True
        return not can_complete(callee.node.body, lambda one: self.never_returns(one, inner, depth + 1))


def _raises_after(function: FunctionSymbol, at: int) -> bool:
    """Whether a function's body has a `raise` behind a place."""
    return any(
        isinstance(statement, s.Raise) and s.start_of(statement.at) >= s.end_of(at)
        for statement in walk_statements(function.node.body)
    )
