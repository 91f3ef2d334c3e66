"""What runs on the event loop: async functions that FastAPI calls, and what they call from there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.calls.colours import Colours
from fastapi_lint.project.calls.once import RepeatedCalls
from fastapi_lint.project.calls.possible_paths import PossiblePaths
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Called
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

Wanted = Callable[["CallSite"], bool]

_MOST = 20_000
"""How many functions one project may have on the event loop before the rest is left out."""


class OnLoop(msgspec.Struct, frozen=True, eq=False):
    """An async function that runs on the event loop: for which function of FastAPI's, through which calls."""

    function: FunctionSymbol
    root: Called
    path: tuple[CallSite, ...]


class Block(msgspec.Struct, frozen=True):
    """A call in an async function that keeps the event loop waiting.

    `site` is the call where async code is left, `inner` the calls from there to the one that blocks; empty if
    `site` itself blocks.
    """

    within: OnLoop
    site: CallSite
    inner: tuple[CallSite, ...]

    @property
    def last(self) -> CallSite:
        """The call that blocks."""
        return self.inner[-1] if self.inner else self.site

    @property
    def chain(self) -> tuple[CallSite, ...]:
        """All calls from the function of FastAPI's to the one that blocks."""
        return (*self.within.path, self.site, *self.inner)


class EventLoop:
    """Answers what runs on the event loop, and what blocks it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.calls = project.calls
        self.colours = Colours(project.types, project.calls)
        self.repeated = RepeatedCalls(project.resolver, project.calls)
        self.possible = PossiblePaths(project.types, project.calls, self.repeated.of)
        self._inner: dict[tuple[str, int], tuple[CallSite, ...] | None] = {}

    @cached_property
    def running(self) -> tuple[OnLoop, ...]:
        """The async functions that run while requests are served, each once, by the shortest way to it."""
        starting = {id(function) for function in self.project.endpoints.lifespans}
        roots = [
            OnLoop(called.function, called, ())
            for called in self.project.endpoints.called
            if called.function.node.is_async and id(called.function) not in starting
        ]
        seen = {id(root.function) for root in roots}
        queue, found = deque(roots), list[OnLoop]()
        while queue and len(found) < _MOST:
            current = queue.popleft()
            found.append(current)
            if len(current.path) < self.project.options.max_call_depth:
                for site, inner in self._async_calls(current.function):
                    if id(inner) not in seen:
                        seen.add(id(inner))
                        queue.append(OnLoop(inner, current.root, (*current.path, site)))
        return tuple(found)

    def _async_calls(self, function: FunctionSymbol) -> Iterator[tuple[CallSite, FunctionSymbol]]:
        for site in self.repeated.of(function):
            inner = self.calls.entered(site)
            if inner is not None and inner.node.is_async and self.colours.keeps_colour(inner):
                yield site, inner

    def blocks(self) -> Iterator[Block]:
        """The calls that block the event loop behind at least one call of a function of the project.

        A function that queries through a synchronous session, which `sync_queries` tells of, may open the
        session's connection by hand.
        """
        for block in self._reached("blocking", self.project.blocking.blocks):
            opens = _is_engine(block.last) and id(block.within.function) in self._querying
            if (block.within.path or block.inner) and not opens:
                yield block

    @cached_property
    def _querying(self) -> frozenset[int]:
        return frozenset(id(block.within.function) for block in self.sync_queries())

    def sync_queries(self) -> Iterator[Block]:
        """The calls on the event loop that query through a synchronous session, or lead to such a query."""
        yield from self._reached("session", self.project.queries.is_sync_query)

    def would_block(self, function: FunctionSymbol) -> bool:
        """Whether a plain function calls something that blocks or queries synchronously, directly or not."""

        def blocks(site: CallSite) -> bool:
            return self.project.blocking.blocks(site) or self.project.queries.is_sync_query(site)

        return self.calls.path_to(function, blocks) is not None

    def _reached(self, question: str, wanted: Wanted) -> Iterator[Block]:
        """The calls in async functions that are wanted, or that lead to a wanted one through plain ones."""
        for current in self.running:
            for site in self.repeated.of(current.function):
                if wanted(site):
                    yield Block(current, site, ())
                elif not site.awaited:
                    inner = self._leads_to(site, question, wanted)
                    depth = len(current.path) + len(inner or ())
                    if inner is not None and depth <= self.project.options.max_call_depth:
                        yield Block(current, site, inner)

    def _leads_to(self, site: CallSite, question: str, wanted: Wanted) -> tuple[CallSite, ...] | None:
        """The calls from a plain function of the project, that a call runs, to one that is wanted."""
        function = self.calls.entered(site)
        if function is None or not self.colours.runs_here(function):
            return None
        most = self.project.options.max_call_depth
        key = (question, id(function))
        if key not in self._inner:
            self._inner[key] = self.calls.path_to(
                function, wanted, lambda _, inner: self.colours.runs_here(inner), most, self.repeated.of
            )
        found = self._inner[key]
        if found is None or self.possible.is_possible(site, found):
            return found
        return self.possible.path_to(site, wanted, self.colours.runs_here, most)


def _is_engine(site: CallSite) -> bool:
    return isinstance(site.callee, External) and site.callee.name.startswith("sqlalchemy.Engine.")
