"""What runs each time that an app starts, whatever the settings say: in its lifespan, its start-up handlers,
or when its modules are imported.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.enclosures import placed_calls, placed_statements
from fastapi_lint.project.body.statements import dotted_name, walk_expressions
from fastapi_lint.project.calls.graph import CallSite
from fastapi_lint.project.names.symbols import FunctionSymbol, Module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.body.enclosures import Enclosure, Enclosures, PlacedCall
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_VISITS = 2_000


class StartUpCall(msgspec.Struct, frozen=True, eq=False):
    """A call that runs whenever the app starts, with the calls that lead there.

    `at_import` tells that a module makes it and not the app's lifespan.
    """

    site: CallSite
    path: tuple[CallSite, ...] = ()
    at_import: bool = False


class StartUps:
    """Answers what runs when an app starts. Calls under a condition are left out."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    def functions(self, app: App) -> tuple[FunctionSymbol, ...]:
        """The lifespan of an app, or its start-up handlers, which Starlette leaves out beside a lifespan."""
        if app.lifespan is not None or "lifespan" in app.options:
            return (app.lifespan,) if app.lifespan is not None else ()
        handlers = (event.function for event in app.events if event.event == "startup")
        return tuple(function for function in handlers if function is not None)

    def modules(self, app: App) -> Iterator[Module]:
        """The modules that are always imported when the app's module is."""
        graph = self.project.import_graph
        yield from graph.reachable(app.module, lambda edge: edge.kind == "runtime" and not edge.guarded)

    def calls(self, app: App) -> Iterator[StartUpCall]:
        """The calls, those of functions of the project included, breadth first."""
        queue: deque[tuple[FunctionSymbol | Module, tuple[CallSite, ...], bool]] = deque()
        queue.extend((function, (), False) for function in self.functions(app))
        made_in = app.site.scope.owner
        if isinstance(made_in, FunctionSymbol):
            queue.append((made_in, (), True))
        queue.extend((module, (), True) for module in self.modules(app))
        seen = {id(start) for start, _, _ in queue}
        while queue and len(seen) < _VISITS:
            current, path, at_import = queue.popleft()
            for site in self._certain(current):
                yield StartUpCall(site, path, at_import)
                inner = self.project.calls.entered(site)
                if inner is None or id(inner) in seen or len(path) >= self.project.options.max_call_depth:
                    continue
                seen.add(id(inner))
                queue.append((inner, (*path, site), at_import))

    def _certain(self, where: FunctionSymbol | Module) -> Iterator[CallSite]:
        """The calls of a body that no condition stands before."""
        body = where.facts.body if isinstance(where, Module) else where.node.body
        scope = self.types.resolver.scope(where)
        caller = where if isinstance(where, FunctionSymbol) else None
        returns = [
            (s.start_of(statement.at), around)
            for statement, around in placed_statements(body)
            if isinstance(statement, s.Return)
        ]
        for placed in placed_calls(body):
            if not _is_conditional(placed, returns):
                yield self._site(placed, scope, caller)

    def _site(self, placed: PlacedCall, scope: Scope, caller: FunctionSymbol | None) -> CallSite:
        callee = self.types.callee(placed.call, scope)
        return CallSite(placed.call, scope, callee, placed.awaited, caller)


def _is_conditional(placed: PlacedCall, returns: list[tuple[int, Enclosures]]) -> bool:
    """Whether a call is skipped in some cases: it stands in a branch, or behind a `return` in one."""
    receiver = placed.call.func.value if isinstance(placed.call.func, s.Attribute) else None
    owner = dotted_name(receiver)
    place = s.start_of(placed.call.at)
    if any(_skips(enclosure, owner) for enclosure in placed.enclosures):
        return True
    return any(
        start < place and any(_skips(enclosure, owner) for enclosure in around) for start, around in returns
    )


def _skips(enclosure: Enclosure, owner: str | None) -> bool:
    """Whether a block may be left out, for another reason than the state of the object that is called."""
    statement = enclosure.statement
    if isinstance(statement, s.With):
        return False
    if isinstance(statement, s.Try):
        return enclosure.part == "handler"
    if isinstance(statement, s.If) and owner is not None:
        return not all(_is_about(branch.test, owner) for branch in statement.branches)
    return True


def _is_about(test: Expr, owner: str) -> bool:
    """Whether a condition only asks an object itself: `if not scheduler.running`."""
    names = [
        dotted_name(expr) for expr in walk_expressions((test,)) if isinstance(expr, s.Name | s.Attribute)
    ]
    return bool(names) and all(
        name is not None and (name == owner or name.startswith(f"{owner}.") or owner.startswith(f"{name}."))
        for name in names
    )
