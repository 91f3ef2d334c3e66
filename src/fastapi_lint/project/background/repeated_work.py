"""What a job that runs again and again changes: the world outside, or only its own process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, walk_statements
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Variable
from fastapi_lint.project.types.bodies import receiver_of
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project

_SENDS = frozenset(
    "delay apply_async send_task enqueue enqueue_job enqueue_in kiq sendmail send_message send_mail "
    "send_email send_messages basic_publish publish lpush rpush xadd".split()
)
_HTTP_CHANGES = frozenset("post put patch delete".split())
_SESSION_CHANGES = frozenset("add add_all delete merge commit flush bulk_save_objects".split())
_OWN = frozenset("heartbeat heartbeats keepalive alive ping watchdog metrics gauge gauges".split())
"""Words in the names of functions that speak for one process only."""

_CLEARS = frozenset("cache_clear clear update append pop popitem refresh reload".split())


class RepeatedWork:
    """Answers what running a function in several processes changes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    def changes_outside(self, function: FunctionSymbol) -> bool:
        """Whether a function writes to a database, calls another service to change it, or sends something."""
        return self.project.calls.path_to(function, self._changes) is not None

    def _changes(self, site: CallSite) -> bool:
        func = site.call.func
        name = func.attr if isinstance(func, s.Attribute) else ""
        if name in _SENDS or name == "commit":
            return True
        if name in _HTTP_CHANGES and self.project.effects.resource(site) == "HTTP":
            return True
        return name in _SESSION_CHANGES and self.project.queries.is_query(site)

    def drains_queue(self, function: FunctionSymbol) -> bool:
        """Whether a function takes what its own process has put into a queue: each process has to."""
        return any(self._takes_from_queue(site) for site in self.project.calls.of(function))

    def _takes_from_queue(self, site: CallSite) -> bool:
        func = site.call.func
        if not isinstance(func, s.Attribute) or func.attr not in ("get", "get_nowait"):
            return False
        if (class_name(self.types.infer(func.value, site.scope)) or "").endswith("Queue"):
            return True
        return "queue" in words((dotted_name(func.value) or "").rpartition(".")[2])

    def is_about_its_process(self, function: FunctionSymbol) -> bool:
        """Whether a function only keeps state of its own process fresh, or tells that the process lives."""
        if not _OWN.isdisjoint(re.split(r"[^a-z]+", function.name.lower())):
            return True
        if self.changes_outside(function):
            return False
        inner = (self.project.calls.entered(site) for site in self.project.calls.of(function))
        return any(self._changes_state(one) for one in (function, *(f for f in inner if f is not None)))

    def _changes_state(self, function: FunctionSymbol) -> bool:
        """Whether a function assigns to a module's names, to objects of a module, or to its own object."""
        scope = self.types.resolver.scope(function)
        receiver = receiver_of(function) if function.owner is not None else None
        own = receiver.name if receiver is not None else ""
        for statement in walk_statements(function.node.body):
            if isinstance(statement, s.Global):
                return True
            for target in _changed(statement):
                root = _root(target)
                if root is not None and (root.id == own or self._is_of_module(root, scope)):
                    return True
        return False

    def _is_of_module(self, name: s.Name, scope: Scope) -> bool:
        symbol = self.types.resolver.resolve(name, scope)
        if isinstance(symbol, Variable):
            return symbol.scope.owner is None
        return isinstance(symbol, Module | FunctionSymbol)


def _changed(statement: s.Statement) -> Iterator[Expr]:
    """The attributes and items that a statement assigns, and the objects whose methods change them."""
    if isinstance(statement, s.Assign):
        yield from (t for t in statement.targets if isinstance(t, s.Attribute | s.Subscript))
    elif isinstance(statement, s.AugmentedAssign | s.Declaration):
        if isinstance(statement.target, s.Attribute | s.Subscript):
            yield statement.target
    elif isinstance(statement, s.Delete):
        yield from statement.targets
    elif isinstance(statement, s.Expression):
        value = statement.value.value if isinstance(statement.value, s.Await) else statement.value
        func = value.func if isinstance(value, s.Call) else None
        if isinstance(func, s.Attribute) and func.attr in _CLEARS:
            yield func.value


def _root(expr: Expr) -> s.Name | None:
    while isinstance(expr, s.Attribute | s.Subscript):
        expr = expr.value
    return expr if isinstance(expr, s.Name) else None
