"""Calls that query or change the database through a session or a connection."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, expressions_of, walk_statements
from fastapi_lint.project.calls.effects import Effects
from fastapi_lint.project.calls.graph import Calls, CallSite
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import return_values
from fastapi_lint.project.types.infer import Types
from fastapi_lint.project.types.symbol_kinds import SymbolKinds

STATEMENT_CALLS = frozenset("execute scalar scalars exec query get get_one".split())
"""Methods of a session that take a statement or a mapped class."""

_SESSION_CALLS = STATEMENT_CALLS | frozenset("add add_all delete merge flush commit rollback".split())
_SYNC_CALLS = STATEMENT_CALLS | frozenset({"flush", "commit", "rollback", "refresh"})
"""Methods of a session that wait for the database."""

_RUNS = frozenset(
    "all first one one_or_none scalar scalars count get update delete exists yield_per values execute exec "
    "paginate list set tuple dict len sorted next iter".split()
)
"""Methods that run a `Query`, and functions that run one that they are given."""

_ENDS = frozenset({"flush", "commit", "rollback"})
_CONNECTION_CALLS = frozenset("execute scalar scalars commit rollback stream exec_driver_sql".split())
_STATEMENTS = frozenset("select insert update delete query".split())
_DEPTH = 8


class Queries:
    """Answers which calls use a session or a connection, and on which tables."""

    def __init__(self, types: Types, calls: Calls, effects: Effects, kinds: SymbolKinds) -> None:
        self.types = types
        self.calls = calls
        self.effects = effects
        self.kinds = kinds

    def is_query(self, site: CallSite) -> bool:
        """Whether a call queries or changes the database through a known session or connection."""
        func = site.call.func
        if not isinstance(func, s.Attribute) or func.attr not in _SESSION_CALLS | _CONNECTION_CALLS:
            return False
        receiver = self.types.infer(func.value, site.scope)
        if self.effects.is_session(receiver):
            return func.attr in _SESSION_CALLS
        return self.effects.is_connection(receiver) and func.attr in _CONNECTION_CALLS

    def ends_transaction(self, site: CallSite) -> bool:
        """Whether a query only sends, commits or rolls back what others did."""
        return isinstance(site.call.func, s.Attribute) and site.call.func.attr in _ENDS

    def is_sync_query(self, site: CallSite) -> bool:
        """Whether a call asks the database through a session that is known to be synchronous."""
        func = site.call.func
        if site.awaited or not isinstance(func, s.Attribute) or func.attr not in _SYNC_CALLS:
            return False
        receiver = self.types.infer(func.value, site.scope)
        if not self.effects.is_session(receiver) or self.effects.is_async_session(receiver):
            return False
        return func.attr != "query" or site.caller is None or self._runs_queries(site.caller)

    def _runs_queries(self, function: FunctionSymbol) -> bool:
        """Whether a function may run a query that it builds with `session.query(...)`, or returns it to a
        caller that does, instead of only putting it into an object.

        It loops, indexes or unpacks, calls a method that fetches or counts, or returns a chain of methods.
        """
        body = function.node.body
        if any(isinstance(statement, s.For) for statement in walk_statements(body)):
            return True
        if any(_is_chain(value) for value in return_values(function)):
            return True
        return any(
            isinstance(expr, s.Comprehension | s.Starred | s.Subscript)
            or (isinstance(expr, s.Call) and _name_of(expr) in _RUNS)
            for expr in expressions_of(body)
        )

    def is_constant_probe(self, site: CallSite) -> bool:
        """Whether a query runs a constant statement such as `text("SELECT 1")` or `select(1)`."""
        statement = argument(site.call, 0, "statement")
        if isinstance(statement, s.Constant):
            return True
        if not isinstance(statement, s.Call):
            return False
        callee = self.types.callee(statement, site.scope)
        return isinstance(callee, External) and all(isinstance(arg, s.Constant) for arg in statement.args)

    # --- queries of a function -------------------------------------------------------------------

    def made_by(self, function: FunctionSymbol) -> list[tuple[CallSite, ...]]:
        """The queries of a function's body, and those of private helpers that it hands its session to.

        Helpers stand in the same module and begin with an underscore. Each query is given with the calls that
        lead to it.
        """
        found: list[tuple[CallSite, ...]] = []
        for site in self.calls.of(function):
            if self.is_query(site):
                found.append((site,))
            elif self._hands_session_on(site, function):
                helper = self.calls.entered(site)
                deeper = self.calls.path_to(helper, self.is_query, self._hands_session_on) if helper else None
                if deeper is not None:
                    found.append((site, *deeper))
        return found

    def _hands_session_on(self, site: CallSite, function: FunctionSymbol) -> bool:
        """Whether a call runs a private helper of the caller's module and gives it a session.

        A method finds the session of its own instance.
        """
        helper = self.calls.entered(site)
        if helper is None or helper.module is not function.module or not helper.name.startswith("_"):
            return False
        if helper.name.startswith("__"):
            return False
        if helper.owner is not None and site.caller is not None and site.caller.owner is not None:
            return True
        given = (*site.call.args, *(keyword.value for keyword in site.call.keywords))
        return any(self._is_handle(self.types.infer(expr, site.scope)) for expr in given)

    def _is_handle(self, value: object) -> bool:
        return self.effects.is_session(value) or self.effects.is_connection(value)  # type: ignore[arg-type]

    # --- tables ----------------------------------------------------------------------------------

    def tables(self, site: CallSite) -> tuple[ClassSymbol, ...]:
        """The mapped classes that a query selects, inserts, updates or deletes; none if they can't be told.

        `select(M)`, `select(M.column)`, `select(func.count()).select_from(M)`, `session.get(M, ...)`,
        `session.query(M)`; a statement in a variable is followed. Classes that are only joined don't count.
        """
        func = site.call.func
        if not isinstance(func, s.Attribute) or func.attr not in STATEMENT_CALLS or not self.is_query(site):
            return ()
        if func.attr == "query":
            roots: tuple[Expr, ...] = site.call.args
        else:
            roots = site.call.args[:1]
        found: dict[int, ClassSymbol] = {}
        for root in roots:
            for cls in self._named(root, site.scope, 0):
                found[id(cls)] = cls
        return tuple(found.values())

    def _named(self, expr: Expr, scope: Scope, depth: int) -> Iterator[ClassSymbol]:
        """The mapped classes that a statement, a column or an entity stands for."""
        if depth > _DEPTH:
            return
        if isinstance(expr, s.Call):
            yield from self._stated(expr, scope, depth)
        elif isinstance(expr, s.Name | s.Attribute):
            symbol = self.types.resolver.resolve(expr, scope)
            if isinstance(symbol, ClassSymbol):
                if self.kinds.is_table(symbol):
                    yield symbol
            elif isinstance(expr, s.Attribute):
                yield from self._named(expr.value, scope, depth + 1)
            elif isinstance(symbol, Variable):
                for binding in symbol.scope.bindings.get(symbol.name, ()):
                    if binding.value is not None and not binding.path and binding.value is not expr:
                        yield from self._named(binding.value, symbol.scope, depth + 1)

    def _stated(self, call: s.Call, scope: Scope, depth: int) -> Iterator[ClassSymbol]:
        """Those of `select(M).where(...)`: of the call that begins the chain, and of `select_from`."""
        func = call.func
        name = func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""
        if name in _STATEMENTS or name == "select_from" or self._is_sql_function(call, scope):
            for arg in call.args:
                yield from self._named(arg, scope, depth + 1)
        if isinstance(func, s.Attribute) and isinstance(func.value, s.Call | s.Name):
            yield from self._named(func.value, scope, depth + 1)

    def _is_sql_function(self, call: s.Call, scope: Scope) -> bool:
        callee = self.types.callee(call, scope)
        return isinstance(callee, External) and callee.name.startswith(("sqlalchemy.func.", "sqlmodel.func."))


def _name_of(call: s.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""


def _is_chain(expr: Expr) -> bool:
    """Whether an expression is a name, or methods and attributes of one: `query.filter(...)`."""
    while True:
        inner = expr.func if isinstance(expr, s.Call) else expr
        if not isinstance(inner, s.Attribute):
            return isinstance(expr, s.Name)
        expr = inner.value
