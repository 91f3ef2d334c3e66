"""Chains of calls that happen with the constants that the calls are given.

`send(wait=False)` doesn't run what `send` does under `if wait:`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.types.constant_arguments import Constants, constants_of, never_runs

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import Calls, CallSite
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.types.infer import Types

    Sites = Callable[[FunctionSymbol], tuple[CallSite, ...]]
    _Entered = tuple[FunctionSymbol, Constants, tuple[CallSite, ...]]

_VISITS = 500
"""How many functions, with constants or without, one search may enter before it gives up."""


class PossiblePaths:
    """Answers whether a chain of calls is possible, and finds another one."""

    def __init__(self, types: Types, calls: Calls, sites: Sites) -> None:
        """`sites` says which calls a function makes."""
        self.types = types
        self.calls = calls
        self.sites = sites

    def is_possible(self, start: CallSite, path: tuple[CallSite, ...]) -> bool:
        """Whether the constant arguments of `start`, and of the calls behind it, let each call happen."""
        constants: Constants = {}
        for site in (start, *path):
            function = site.caller
            if function is not None and never_runs(function.node.body, site.call.at, constants):
                return False
            inner = self.calls.entered(site)
            constants = self._given(site, inner, constants) if inner is not None else {}
        return True

    def path_to(
        self,
        start: CallSite,
        wanted: Callable[[CallSite], bool],
        enters: Callable[[FunctionSymbol], bool],
        depth: int,
    ) -> tuple[CallSite, ...] | None:
        """The shortest possible chain behind `start` to a call that is `wanted`; as `Calls.path_to`."""
        queue: deque[_Entered] = deque(self._entered(start, {}, ()))
        seen: set[object] = set()
        while queue and len(seen) < _VISITS:
            function, constants, path = queue.popleft()
            sites = [
                site
                for site in self.sites(function)
                if not never_runs(function.node.body, site.call.at, constants)
            ]
            for site in sites:
                if wanted(site):
                    return (*path, site)
            for site in sites if len(path) < depth else ():
                for one in self._entered(site, constants, (*path, site)):
                    key = (id(one[0]), frozenset(one[1].items()))
                    if key not in seen and enters(one[0]):
                        seen.add(key)
                        queue.append(one)
        return None

    def _entered(self, site: CallSite, outer: Constants, path: tuple[CallSite, ...]) -> Iterator[_Entered]:
        inner = self.calls.entered(site)
        if inner is not None:
            yield inner, self._given(site, inner, outer), path

    def _given(self, site: CallSite, inner: FunctionSymbol, outer: Constants) -> Constants:
        return constants_of(self.types, site.call, site.scope, inner, outer)
