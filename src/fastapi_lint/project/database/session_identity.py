"""Which asynchronous session an expression stands for, so that two can be told to be the same one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import (
    receiver_of,
    return_values,
    self_assignments,
    yielded_values,
)
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project

Identity = tuple[object, ...]
"""Equal for two expressions only if they certainly are the same object."""

_DEPTH = 12


class Running(msgspec.Struct, frozen=True, eq=False):
    """A function that runs, and what its parameters were given, where that is known.

    The outermost one has no `caller`: its own variables tell objects apart. `varying` are names of it that
    mean something else each time.
    """

    function: FunctionSymbol
    given: Mapping[str, Identity]
    caller: Running | None = None
    varying: frozenset[str] = frozenset()

    @property
    def outermost(self) -> Running:
        """The function that everything began with."""
        return self if self.caller is None else self.caller.outermost


class _Made(msgspec.Struct, frozen=True, eq=False):
    """An instance of a class of the project, and what its constructor was given."""

    cls: ClassSymbol
    given: Mapping[str, Identity]


class SessionIdentities:
    """Answers which object an expression is. What may differ from one use to the next has no answer."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self._made: dict[Identity, _Made] = {}

    def of(self, expr: Expr, scope: Scope, running: Running, depth: int = 0) -> Identity | None:
        """The identity of a name, an attribute or a constructed object."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope, running, depth)
        if isinstance(expr, s.Attribute):
            base = self.of(expr.value, scope, running, depth + 1)
            value = self.types.infer(expr.value, scope)
            cls = value.cls if isinstance(value, Instance) else None
            if base is None or (isinstance(cls, ClassSymbol) and self._is_computed(cls, expr.attr)):
                return None
            return self._of_attribute(base, expr.attr, depth)
        if isinstance(expr, s.Call):
            return self._of_construction(expr, scope, running, depth)
        return None

    def _is_computed(self, cls: ClassSymbol, name: str) -> bool:
        """Whether an attribute is a property, which may give another object each time."""
        return isinstance(self.resolver.class_member(cls, name), FunctionSymbol)

    # --- names -----------------------------------------------------------------------------------

    def _of_name(self, expr: s.Name, scope: Scope, running: Running, depth: int) -> Identity | None:
        symbol = self.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable):
            return None
        bindings = symbol.scope.bindings.get(symbol.name, ())
        if symbol.scope.owner is None:
            return ("variable", id(symbol.scope), symbol.name)
        if len(bindings) != 1 or bindings[0].path or bindings[0].iterable is not None:
            return None
        if symbol.scope.owner is running.function and running.caller is not None:
            return self._in_called(symbol, bindings[0], running, depth)
        outermost = running.outermost
        if symbol.name in outermost.varying or not _is_around(symbol.scope, self._scope(outermost)):
            return None
        return self._in_outermost(symbol, bindings[0], outermost, depth)

    def _scope(self, running: Running) -> Scope:
        return self.resolver.scope(running.function)

    def _in_called(self, symbol: Variable, binding: Binding, running: Running, depth: int) -> Identity | None:
        """A parameter or a local variable of a function that was called."""
        if binding.parameter is not None:
            return running.given.get(symbol.name)
        return self.of(binding.value, symbol.scope, running, depth + 1) if binding.value is not None else None

    def _in_outermost(
        self, symbol: Variable, binding: Binding, running: Running, depth: int
    ) -> Identity | None:
        """A variable of the outermost function or of one around it: there is one of it for all coroutines."""
        itself: Identity = ("variable", id(symbol.scope), symbol.name)
        if binding.value is not None:
            return self.of(binding.value, symbol.scope, running, depth + 1) or itself
        if binding.parameter is None:
            return itself
        function = symbol.scope.owner
        owner = function.owner if isinstance(function, FunctionSymbol) else None
        if isinstance(function, FunctionSymbol) and owner and binding.parameter is receiver_of(function):
            return self._receiver(owner)
        given = self.project.dependencies.of_parameter(binding.parameter, symbol.scope.parent or symbol.scope)
        return self._of_dependency(given, depth) if given is not None else itself

    def _receiver(self, cls: ClassSymbol) -> Identity:
        """`self`, which holds what its constructor was given."""
        itself: Identity = ("self", id(cls))
        init = self.resolver.class_member(cls, "__init__")
        parameters = init.node.parameters if isinstance(init, FunctionSymbol) else ()
        self._made[itself] = _Made(cls, {p.name: ("given", id(init), p.name) for p in parameters[1:]})
        return itself

    # --- objects ---------------------------------------------------------------------------------

    def _of_construction(self, call: s.Call, scope: Scope, running: Running, depth: int) -> Identity | None:
        cls = self.types.infer(call.func, scope)
        if not isinstance(cls, ClassSymbol):
            return None
        itself: Identity = ("made", id(call), *sorted(running.given.items(), key=repr))
        if itself not in self._made:
            init = self.resolver.class_member(cls, "__init__")
            arguments = passed(self.types, call, scope, init) if isinstance(init, FunctionSymbol) else ()
            given = {p.name: self.of(arg, scope, running, depth + 1) for p, arg in arguments}
            self._made[itself] = _Made(cls, {name: one for name, one in given.items() if one is not None})
        return itself

    def _of_attribute(self, base: Identity, name: str, depth: int) -> Identity | None:
        made = self._made.get(base)
        init = self.resolver.class_member(made.cls, "__init__") if made is not None else None
        if made is not None and isinstance(init, FunctionSymbol):
            assigned = [value for value, _ in self_assignments(init, name) if value is not None]
            if len(assigned) == 1:
                inside = Running(init, made.given, Running(init, made.given))
                found = self.of(assigned[0], self.resolver.scope(init), inside, depth + 1)
                if found is not None:
                    return found
        return ("attribute", base, name)

    # --- dependencies ----------------------------------------------------------------------------

    def _of_dependency(self, given: Dependency, depth: int) -> Identity | None:
        """What FastAPI hands over: one object for each request, if the dependency is cached."""
        target = given.target
        if depth > _DEPTH or target is None or keyword(given.call, "use_cache") is not None:
            return None
        if isinstance(target, ClassSymbol):
            itself: Identity = ("made", id(target))
            init = self.resolver.class_member(target, "__init__")
            self._made[itself] = _Made(target, self._injected(init, depth))
            return itself
        if isinstance(target, FunctionSymbol):
            values = (*return_values(target), *yielded_values(target))
            if len(values) == 1 and isinstance(values[0], s.Call):
                inside = Running(target, self._injected(target, depth), Running(target, {}))
                made = self._of_construction(values[0], self.resolver.scope(target), inside, depth + 1)
                if made is not None:
                    return made
        return ("provided", id(target))

    def _injected(self, function: object, depth: int) -> dict[str, Identity]:
        if not isinstance(function, FunctionSymbol):
            return {}
        found: dict[str, Identity] = {}
        for dependency in self.project.dependencies.of_function(function):
            identity = self._of_dependency(dependency, depth + 1)
            if identity is not None and dependency.parameter is not None:
                found[dependency.parameter.name] = identity
        return found


def _is_around(scope: Scope, inner: Scope | None) -> bool:
    while inner is not None:
        if inner is scope:
            return True
        inner = inner.parent
    return False
