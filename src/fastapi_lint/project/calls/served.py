"""The functions that run while a request is served: those that FastAPI calls, and those that they call."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Called, Kind
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_KINDS: tuple[Kind, ...] = ("endpoint", "dependency")
_DEPTH = 8
"""Through how many calls an endpoint's or dependency's code is followed."""


class ServedFunction(msgspec.Struct, frozen=True, eq=False):
    """A function that runs for a request, what FastAPI calls to begin with, and the calls from there."""

    function: FunctionSymbol
    start: Called
    calls: tuple[CallSite, ...] = ()

    @property
    def is_called_by_fastapi(self) -> bool:
        """Whether it is the endpoint or dependency itself."""
        return not self.calls


class Served:
    """Answers which functions run for requests to endpoints, their dependencies included."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def functions(self) -> tuple[ServedFunction, ...]:
        """Each function once, with the shortest way to it, in the order of path and place."""
        found = {id(one.function): one for one in self._walk()}
        return tuple(sorted(found.values(), key=lambda one: (one.function.module.path, one.function.node.at)))

    def _walk(self) -> Iterator[ServedFunction]:
        roles, calls = self.project.roles, self.project.calls
        starts = [called for called in self.project.endpoints.called if called.kind in _KINDS]
        queue = deque(
            ServedFunction(c.function, c) for c in starts if not roles.is_outside(c.function.module)
        )
        seen = {id(one.function) for one in queue}
        while queue:
            one = queue.popleft()
            yield one
            if len(one.calls) >= _DEPTH:
                continue
            for site in calls.of(one.function):
                inner = calls.entered(site)
                if inner is not None and id(inner) not in seen and not roles.is_outside(inner.module):
                    seen.add(id(inner))
                    queue.append(ServedFunction(inner, one.start, (*one.calls, site)))
