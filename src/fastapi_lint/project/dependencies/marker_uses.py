"""`Depends(...)` used as if it were what the dependency hands over, outside of any signature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import expressions_of, walk_statements
from fastapi_lint.project.dependencies.markers import left_out, marked
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.bodies import receiver_of, self_assignments

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

_OF_THE_MARKER = frozenset({"dependency", "use_cache", "scope", "scopes"})
"""What `Depends` objects themselves have."""

_MARKERS = frozenset({"Depends", "Security"})


class MarkerUse(msgspec.Struct, frozen=True, eq=False):
    """A call of `Depends` or `Security`, the name that holds it, and where that is used like the value."""

    site: CallSite
    name: str
    used_at: int


class LeftOut(msgspec.Struct, frozen=True, eq=False):
    """A parameter with a marker as its default, and a call of the project that leaves it to that default."""

    function: FunctionSymbol
    parameter: s.Parameter
    call: CallSite


class MarkerUses:
    """Answers where markers are taken for values."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    # --- kept in names ---------------------------------------------------------------------------

    def kept(self, module: Module) -> Iterator[MarkerUse]:
        """The markers of a module that functions call, await, index or take attributes of."""
        for site in self.project.calls.named(module, *_MARKERS):
            owner = site.scope.owner
            if isinstance(owner, ClassSymbol) or not self.types.is_depends(site.call, site.scope):
                continue
            if owner is None or site.caller is not None:
                used = next(self._used(site), None)
                if used is not None:
                    yield MarkerUse(site, *used)

    def _used(self, site: CallSite) -> Iterator[tuple[str, int]]:
        scope = site.scope
        for name, bindings in scope.bindings.items():
            if len(bindings) == 1 and bindings[0].value is site.call and not bindings[0].path:
                yield from ((name, at) for at in self._uses_of_name(name, scope))
        if site.caller is not None:
            body, call = site.caller.node.body, site.call
            yield from (("Depends(...)", at) for at in _values(body, lambda expr: expr is call))
            yield from self._uses_of_attribute(site, site.caller)

    def _uses_of_name(self, name: str, scope: Scope) -> Iterator[int]:
        """The uses inside functions, where the name can't be meant for a signature."""
        for use in self.project.name_uses.of(scope, name):
            if not isinstance(use.owner, FunctionSymbol):
                continue
            if use.attributes and use.attributes[0] not in _OF_THE_MARKER:
                yield use.at
            elif not use.attributes:
                yield from _values(use.owner.node.body, _stands_at(use.at))

    def _uses_of_attribute(self, site: CallSite, method: FunctionSymbol) -> Iterator[tuple[str, int]]:
        """Uses of `self.x` where a method says `self.x = Depends(...)` and nothing else is assigned to it."""
        for statement in walk_statements(method.node.body) if method.owner is not None else ():
            if not isinstance(statement, s.Assign) or statement.value is not site.call:
                continue
            target = statement.targets[0]
            receiver = receiver_of(method)
            if receiver is None or not _is_own(target, receiver.name):
                continue
            assert isinstance(target, s.Attribute)
            assert method.owner is not None
            methods = self.types.methods(method.owner)
            if sum(len(self_assignments(one, target.attr)) for one in methods) == 1:
                for one in methods:
                    yield from (
                        (f"self.{target.attr}", at) for at in _values(one.node.body, _is_same(target))
                    )

    # --- left to the default ---------------------------------------------------------------------

    def left_to_default(self) -> Iterator[LeftOut]:
        """The parameters of functions that only the project itself calls, each with the first such call."""
        candidates = [f for module in self.project.application_modules() for f in self._with_markers(module)]
        if not candidates:
            return
        injected = self._injected()
        for function in candidates:
            if id(function) in injected or self.project.endpoints.of(function) is not None:
                continue
            for parameter in self._used_parameters(function):
                call = next(self._calls_without(function, parameter), None)
                if call is not None:
                    yield LeftOut(function, parameter, call)

    def _with_markers(self, module: Module) -> Iterator[FunctionSymbol]:
        if module.facts.names.isdisjoint(_MARKERS):
            return
        for function in self.project.resolver.index(module).functions:
            if any(name in _MARKERS for _, name in marked(self.types, function)) and all(
                found.effect == "keeps" for found in self.project.decorators.of(function)
            ):
                yield function

    def _injected(self) -> frozenset[int]:
        """Functions that some signature of the project names as a dependency, whoever uses that."""
        dependencies, endpoints = self.project.dependencies, self.project.endpoints
        found = {id(called.function) for called in endpoints.called}
        for module in self.project.application_modules():
            if module.facts.names.isdisjoint(_MARKERS):
                continue
            for function in self.project.resolver.index(module).functions:
                for given in dependencies.of_function(function):
                    found.add(id(dependencies.function_of(given)))
        return frozenset(found)

    def _used_parameters(self, function: FunctionSymbol) -> Iterator[s.Parameter]:
        scope = self.project.resolver.scope(function)
        for parameter, name in marked(self.types, function):
            uses = self.project.name_uses.of(scope, parameter.name)
            if name in _MARKERS and uses and len(scope.bindings.get(parameter.name, ())) == 1:
                yield parameter

    def _calls_without(self, function: FunctionSymbol, parameter: s.Parameter) -> Iterator[CallSite]:
        """The calls in the application's functions that give the parameter no value."""
        name = function.name
        if name == "__init__" and function.owner is not None:
            name = function.owner.name
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, name):
                if site.caller is function or self.project.calls.entered(site) is not function:
                    continue
                missing = left_out(self.types, site.call, site.scope, function)
                if any(one is parameter for one, _ in missing):
                    yield site


def _values(body: Iterable[s.Statement], is_it: Callable[[Expr], bool]) -> Iterator[int]:
    """The places where an expression is called, awaited, indexed, or asked for an attribute."""
    for expr in expressions_of(body):
        if isinstance(expr, s.Call):
            inner = expr.func
        elif isinstance(expr, s.Await | s.Subscript) or (
            isinstance(expr, s.Attribute) and expr.attr not in _OF_THE_MARKER
        ):
            inner = expr.value
        else:
            continue
        if is_it(inner):
            yield expr.at


def _stands_at(at: int) -> Callable[[Expr], bool]:
    return lambda expr: expr.at == at


def _is_own(target: Expr, receiver: str) -> bool:
    return (
        isinstance(target, s.Attribute) and isinstance(target.value, s.Name) and target.value.id == receiver
    )


def _is_same(target: s.Attribute) -> Callable[[Expr], bool]:
    """Whether an expression is the same attribute of the same name."""
    return lambda expr: (
        isinstance(expr, s.Attribute)
        and expr.attr == target.attr
        and isinstance(expr.value, s.Name)
        and isinstance(target.value, s.Name)
        and expr.value.id == target.value.id
    )
