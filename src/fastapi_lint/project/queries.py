"""Calls that query or change the database through a session or a connection."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.calls import Calls, CallSite
from fastapi_lint.project.effects import Effects
from fastapi_lint.project.statements import argument
from fastapi_lint.project.symbols import External, FunctionSymbol
from fastapi_lint.project.types import Types

SESSION_CALLS = frozenset(
    "execute scalar scalars exec query get get_one add add_all delete merge flush commit rollback".split()
)
_CONNECTION_CALLS = frozenset("execute scalar scalars commit rollback stream exec_driver_sql".split())


class Queries:
    """Answers which calls use a session or a connection."""

    def __init__(self, types: Types, calls: Calls, effects: Effects) -> None:
        self.types = types
        self.calls = calls
        self.effects = effects

    def is_query(self, site: CallSite) -> bool:
        """Whether a call queries or changes the database through a value known to be a session or connection."""
        func = site.call.func
        if not isinstance(func, s.Attribute):
            return False
        if func.attr not in SESSION_CALLS and func.attr not in _CONNECTION_CALLS:
            return False
        receiver = self.types.infer(func.value, site.scope)
        if self.effects.is_session(receiver):
            return func.attr in SESSION_CALLS
        return self.effects.is_connection(receiver) and func.attr in _CONNECTION_CALLS

    def made_by(self, function: FunctionSymbol) -> list[tuple[CallSite, ...]]:
        """The queries of a function's body and of private functions of its module, each with the calls to it."""
        found: list[tuple[CallSite, ...]] = []
        for site in self.calls.of(function):
            if self.is_query(site):
                found.append((site,))
                continue
            inner = self.calls.entered(site)
            if inner is not None and inner.module is function.module and inner.name.startswith("_"):
                deeper = self.calls.path_to(
                    inner, self.is_query, lambda _, f: f.module is function.module and f.name.startswith("_")
                )
                if deeper is not None:
                    found.append((site, *deeper))
        return found

    def is_constant_probe(self, site: CallSite) -> bool:
        """Whether a query runs a constant statement such as `text("SELECT 1")` or `select(1)`."""
        statement = argument(site.call, 0, "statement")
        if isinstance(statement, s.Constant):
            return True
        if not isinstance(statement, s.Call):
            return False
        callee = self.types.callee(statement, site.scope)
        constant = all(isinstance(arg, s.Constant) for arg in statement.args)
        return isinstance(callee, External) and constant
