"""Broad `except` clauses that take HTTP errors which were meant for the client."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import expressions_of, walk_statements
from fastapi_lint.project.errors.catching import BROAD, Catching
from fastapi_lint.project.errors.made_errors import MadeErrors
from fastapi_lint.project.errors.raising import Raised, Raising, is_caught_name, reraises
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Instance

_READS_OF_ERROR = frozenset({"status_code", "detail", "headers"})
_NEAR = 3
"""Through how many calls an error may come that was still meant for the client of this function."""

_TESTS = frozenset({"isinstance", "issubclass", "getattr", "hasattr", "type"})


Ending = s.Raise | s.Return
Answer = tuple[ClassSymbol | External | None, int | None]


class HiddenError(msgspec.Struct, frozen=True, eq=False):
    """An HTTP error that a clause hides, and its status if that is a constant."""

    raised: Raised
    status: int | None


class Hiding(msgspec.Struct, frozen=True, eq=False):
    """A broad clause, the HTTP errors of the `try` body that end in it, and how it ends them.

    `ending` is the statement of the clause that answers in their place: it raises another HTTP error, with
    `status` if that is known, or returns.
    """

    function: FunctionSymbol
    statement: s.Try
    handler: s.Handler
    hidden: tuple[HiddenError, ...]
    ending: Ending
    status: int | None


class HiddenErrors:
    """Answers which HTTP errors broad clauses hide."""

    def __init__(self, raising: Raising, catching: Catching, made: MadeErrors) -> None:
        self.raising = raising
        self.catching = catching
        self.made = made
        self.types = raising.types

    def by(self, function: FunctionSymbol) -> Iterator[Hiding]:
        """The broad clauses of a function's own body that hide HTTP errors, in source order."""
        scope = self.types.resolver.scope(function)
        for statement in walk_statements(function.node.body):
            if not isinstance(statement, s.Try) or statement.star:
                continue
            for handler in statement.handlers:
                ending = self._ending(handler, scope) if self.is_broad(handler, scope) else None
                if ending is not None:
                    hidden = tuple(self._hidden(statement, handler, function, ending, scope))
                    if hidden:
                        status = self._answer(ending, scope)[1]
                        yield Hiding(function, statement, handler, hidden, ending, status)

    def is_broad(self, handler: s.Handler, scope: Scope) -> bool:
        """Whether a clause is bare, or takes `Exception` or `BaseException`."""
        if handler.type is None:
            return True
        return any(name in BROAD for name in self.catching.exception_names(handler.type, scope))

    def _hidden(
        self, statement: s.Try, handler: s.Handler, function: FunctionSymbol, ending: Ending, scope: Scope
    ) -> Iterator[HiddenError]:
        answered = self._answer(ending, scope)
        for raised in self.raising.within(statement.body, function):
            if not raised.is_http or self.raising.handler_of(statement, raised, scope) is not handler:
                continue
            hidden = HiddenError(raised, self._status(raised))
            if not self._is_same_answer(hidden, answered) and self._is_meant(hidden, ending):
                yield hidden

    def _status(self, raised: Raised) -> int | None:
        error = raised.statement.error
        return (
            self.made.status(error, self.types.resolver.scope(raised.function)) if error is not None else None
        )

    def _answer(self, ending: Ending, scope: Scope) -> Answer:
        """The class and status of the error that a clause raises instead."""
        if not isinstance(ending, s.Raise) or ending.error is None:
            return None, None
        return self._class(ending.error, scope), self.made.status(ending.error, scope)

    def _is_same_answer(self, hidden: HiddenError, answer: Answer) -> bool:
        """Whether the client gets the same status as without the clause, or the same class of the project."""
        cls, status = answer
        if isinstance(cls, ClassSymbol) and cls is hidden.raised.error:
            return True
        return status is not None and status == hidden.status

    def _is_meant(self, hidden: HiddenError, ending: Ending) -> bool:
        """Whether an error that a called function raises was certainly meant for this client.

        Not if it is far away, reports a failure of the server, or stands for "nothing" to the caller.
        """
        if hidden.raised.is_direct:
            return True
        if len(hidden.raised.calls) > _NEAR or (hidden.status or 0) >= 500:
            return False
        return not (isinstance(ending, s.Return) and _is_nothing(ending.value))

    # --- how a clause ends -----------------------------------------------------------------------

    def _ending(self, handler: s.Handler, scope: Scope) -> Ending | None:
        """The last statement of a clause that raises another HTTP error or returns.

        None if the clause goes on behind the `try`, raises what it has caught, or looks at what that is.
        """
        if reraises(handler) or looks_at(handler):
            return None
        last = handler.body[-1] if handler.body else None
        if isinstance(last, s.Return):
            return last
        if isinstance(last, s.Raise) and last.error is not None and not is_caught_name(last.error, scope):
            return last if self._is_http(last.error, scope) else None
        return None

    def _is_http(self, error: Expr, scope: Scope) -> bool:
        cls = self._class(error, scope)
        return cls is not None and self.made.is_http_exception(cls)

    def _class(self, error: Expr, scope: Scope) -> ClassSymbol | External | None:
        value = self.types.infer(error, scope)
        cls = value.cls if isinstance(value, Instance) else value
        return cls if isinstance(cls, ClassSymbol | External) else None


def looks_at(handler: s.Handler) -> bool:
    """Whether a clause asks what kind of exception it has, or reads an HTTP error's own attributes of it."""
    for expr in expressions_of(handler.body):
        if isinstance(expr, s.Attribute) and expr.attr in _READS_OF_ERROR and _is(expr.value, handler.name):
            return True
        if isinstance(expr, s.Call) and _is_test(expr, handler.name):
            return True
    return any(
        isinstance(node, s.Match) and _is(node.subject, handler.name)
        for node in walk_statements(handler.body)
    )


def _is_test(call: s.Call, name: str | None) -> bool:
    """Whether a call asks what an exception is, or for an attribute by name."""
    func = call.func
    return isinstance(func, s.Name) and func.id in _TESTS and bool(call.args) and _is(call.args[0], name)


def _is_nothing(expr: Expr | None) -> bool:
    """None, False, or an empty display: what an optional lookup gives."""
    if expr is None or isinstance(expr, s.Constant):
        return expr is None or not expr.value
    if isinstance(expr, s.Collection):
        return not expr.items or all(_is_nothing(item) for item in expr.items)
    return isinstance(expr, s.Mapping) and not expr.values


def _is(expr: Expr, name: str | None) -> bool:
    return isinstance(expr, s.Name) and expr.id == name
