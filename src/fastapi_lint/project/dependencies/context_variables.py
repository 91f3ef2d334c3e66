"""Context variables that a dependency sets where nobody else sees it: in the thread of a plain function."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import FunctionSymbol, Variable
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_CONTEXT_VARIABLE = "contextvars.ContextVar"
_DEPTH = 4

_Way = tuple[tuple["CallSite | None", FunctionSymbol], ...]
"""Functions that call each other, each with the call that runs it; the first one has none."""


class LostValue(msgspec.Struct, frozen=True, eq=False):
    """A plain dependency that sets a context variable, the calls that lead there, and a place that reads it.

    `path` ends with the call of `set`.
    """

    dependency: FunctionSymbol
    variable: Variable
    path: tuple[CallSite, ...]
    read: CallSite


class ContextVariables:
    """Answers which values of context variables are gone when they are read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.calls = project.calls

    def lost(self) -> Iterator[LostValue]:
        """The values that plain dependencies set, each once for each dependency and variable."""
        if not any("ContextVar" in module.facts.names for module in self.project.code_modules):
            return
        for function in self.project.endpoints.dependency_functions:
            if not function.node.is_async and not self.project.roles.is_outside(function.module):
                yield from self._lost_by(function)

    def _lost_by(self, dependency: FunctionSymbol) -> Iterator[LostValue]:
        inside = self._run_with(dependency)
        seen: set[tuple[int, str]] = set()
        for way in inside.values():
            for site in self.calls.of(way[-1][1]):
                variable = self.variable(site, "set")
                key = (id(variable.scope), variable.name) if variable is not None else None
                if variable is None or key is None or key in seen:
                    continue
                seen.add(key)
                read = self._read(variable, inside)
                if read is not None:
                    calls = (call for call, _ in way if call is not None)
                    yield LostValue(dependency, variable, (*calls, site), read)

    def _run_with(self, start: FunctionSymbol) -> dict[int, _Way]:
        """A function and the plain ones that it calls, which run in the same thread, with the way to each."""
        found: dict[int, _Way] = {id(start): ((None, start),)}
        queue = deque([found[id(start)]])
        while queue:
            path = queue.popleft()
            for site in self.calls.of(path[-1][1]) if len(path) <= _DEPTH else ():
                inner = self.calls.entered(site)
                if inner is not None and not inner.node.is_async and id(inner) not in found:
                    found[id(inner)] = (*path, (site, inner))
                    queue.append(found[id(inner)])
        return found

    def variable(self, site: CallSite, method: str) -> Variable | None:
        """The context variable of a module that a call sets or reads."""
        func = site.call.func
        if not isinstance(func, s.Attribute) or func.attr != method:
            return None
        symbol = self.types.resolver.resolve(func.value, site.scope)
        if not isinstance(symbol, Variable) or symbol.scope.owner is not None:
            return None
        is_one = class_name(self.types.of_symbol(symbol)) == _CONTEXT_VARIABLE
        return symbol if is_one else None

    def _read(self, variable: Variable, inside: dict[int, _Way]) -> CallSite | None:
        """The first place that reads a variable outside of the functions that run in the same thread."""
        for module in self.project.application_modules():
            for site in self.calls.named(module, "get"):
                if site.caller is None or id(site.caller) in inside:
                    continue
                found = self.variable(site, "get")
                if found is not None and (found.scope, found.name) == (variable.scope, variable.name):
                    return site
        return None
