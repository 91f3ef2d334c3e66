"""The dependency graph: what each endpoint and each dependency is given by `Depends` and `Security`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.types.constant_arguments import constants_of, reached_returns
from fastapi_lint.project.types.infer import Bound, Instance, Types, Value

Level = Literal["parameter", "route", "router", "include", "app"]

_LIMIT = 2_000
"""How many dependencies one route may have before the rest is left out."""


class Dependency(msgspec.Struct, frozen=True, eq=False):
    """One `Depends(...)` or `Security(...)` as it reaches an endpoint or another dependency.

    `call` is the `Depends` call and `scope` the scope that it is written in; `target` the callable that it
    names and `provided` what that hands over, None where unknown. `module` and `at` are the place to report:
    the parameter, or the call in `dependencies=[...]`. `aliases` are the variables (`CurrentUser =
    Annotated[...]`) that led from the parameter to the call.
    """

    call: s.Call
    scope: Scope
    level: Level
    module: Module
    at: int
    target: Value | None
    provided: Value | None
    parameter: s.Parameter | None = None
    aliases: tuple[Variable, ...] = ()
    is_security: bool = False

    @property
    def expression(self) -> Expr | None:
        """The argument of `Depends(...)`, as written."""
        return argument(self.call, 0, "dependency")


class DependencyPath(msgspec.Struct, frozen=True):
    """A dependency and the ones that lead to it, the outermost first."""

    steps: tuple[Dependency, ...]

    @property
    def last(self) -> Dependency:
        """The dependency itself."""
        return self.steps[-1]


class Dependencies:
    """Answers what a function, class or route is given."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver
        self._functions: dict[int, tuple[Dependency, ...]] = {}

    def of_function(self, function: FunctionSymbol) -> tuple[Dependency, ...]:
        """The dependencies that a function's parameters declare, in order."""
        key = id(function)
        if key not in self._functions:
            scope = self.resolver.scope(function)
            around = scope.parent or scope
            self._functions[key] = tuple(
                found
                for parameter in function.node.parameters
                if (found := self.of_parameter(parameter, around)) is not None
            )
        return self._functions[key]

    def of_class(self, cls: ClassSymbol) -> tuple[Dependency, ...]:
        """The dependencies of a class that FastAPI constructs: its `__init__`, else its annotated fields."""
        member = self.resolver.class_member(cls, "__init__")
        if isinstance(member, FunctionSymbol):
            return self.of_function(member)
        return self.of_fields(cls)

    def of_fields(self, cls: ClassSymbol) -> tuple[Dependency, ...]:
        """The dependencies that a class body declares (class-based views, dataclasses)."""
        scope = self.resolver.scope(cls)
        found: list[Dependency] = []
        for base in self.resolver.ancestry(cls):
            if not isinstance(base, ClassSymbol):
                continue
            for statement in base.node.body:
                if isinstance(statement, s.Declaration):
                    parameter = s.Parameter(
                        statement.at,
                        _name(statement.target),
                        "keyword",
                        statement.annotation,
                        statement.value,
                    )
                elif isinstance(statement, s.Assign) and len(statement.targets) == 1:
                    parameter = s.Parameter(
                        statement.at, _name(statement.targets[0]), "keyword", None, statement.value
                    )
                else:
                    continue
                dependency = self.of_parameter(
                    parameter, self.resolver.scope(base) if base is not cls else scope
                )
                if dependency is not None:
                    found.append(dependency)
        return tuple(found)

    def of_parameter(self, parameter: s.Parameter, scope: Scope) -> Dependency | None:
        """The dependency of one parameter: its default, or inside its `Annotated` (aliases followed)."""
        found = self._depends_in(parameter.default, scope, ())
        if found is None:
            found = self._annotated(parameter.annotation, scope, ())
        if found is None:
            return None
        call, where, aliases = found
        return self._make(call, where, "parameter", scope.module, parameter.at, parameter, aliases, scope)

    def of_list(self, expr: Expr | None, scope: Scope, level: Level) -> tuple[Dependency, ...]:
        """The dependencies of a `dependencies=[...]` argument; names of lists are followed."""
        return tuple(self._listed(expr, scope, level, 0))

    def _listed(self, expr: Expr | None, scope: Scope, level: Level, depth: int) -> Iterator[Dependency]:
        if depth > 8 or expr is None:
            return
        if isinstance(expr, s.Collection):
            for item in expr.items:
                inner = item.value if isinstance(item, s.Starred) else item
                found = self._depends_in(inner, scope, ())
                if found is not None:
                    call, where, aliases = found
                    at = inner.at
                    yield self._make(call, where, level, scope.module, at, None, aliases, scope)
                elif isinstance(item, s.Starred):
                    yield from self._listed(inner, scope, level, depth + 1)
        elif isinstance(expr, s.Operation):
            for operand in expr.operands:
                yield from self._listed(operand, scope, level, depth + 1)
        elif isinstance(expr, s.Call):
            found = self._depends_in(expr, scope, ())
            if found is not None:
                yield self._make(found[0], found[1], level, scope.module, expr.at, None, found[2], scope)
        elif isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
                yield from self._listed(symbol.binding.value, symbol.scope, level, depth + 1)

    def _make(
        self,
        call: s.Call,
        where: Scope,
        level: Level,
        module: Module,
        at: int,
        parameter: s.Parameter | None,
        aliases: tuple[Variable, ...],
        scope: Scope,
    ) -> Dependency:
        target = self._target(call, where, parameter, scope)
        provided = None
        if parameter is not None and parameter.annotation is not None:
            provided = self.types.annotated(parameter.annotation, scope)
        if provided is None or _is_vague(provided):
            provided = self.types.provided(target) or provided
        symbol = self.resolver.resolve(call.func, where)
        security = isinstance(symbol, External) and symbol.name == "fastapi.Security"
        return Dependency(call, where, level, module, at, target, provided, parameter, aliases, security)

    def _target(
        self, call: s.Call, where: Scope, parameter: s.Parameter | None, scope: Scope
    ) -> Value | None:
        named = argument(call, 0, "dependency")
        if named is not None:
            return self.types.infer(named, where)
        if parameter is None or parameter.annotation is None:
            return None
        instance = self.types.annotated(parameter.annotation, scope)
        return instance.cls if isinstance(instance, Instance) else None

    def _depends_in(
        self, expr: Expr | None, scope: Scope, aliases: tuple[Variable, ...]
    ) -> tuple[s.Call, Scope, tuple[Variable, ...]] | None:
        """The `Depends` call that an expression is, names (`x = Depends(f)`) or returns."""
        if expr is None or len(aliases) > 8:
            return None
        if isinstance(expr, s.Call):
            if self.types.is_depends(expr, scope):
                return expr, scope, aliases
            return self._returned_depends(expr, scope, aliases)
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
                return self._depends_in(symbol.binding.value, symbol.scope, (*aliases, symbol))
        return None

    def _returned_depends(
        self, call: s.Call, scope: Scope, aliases: tuple[Variable, ...]
    ) -> tuple[s.Call, Scope, tuple[Variable, ...]] | None:
        """`Depends(...)` that a function of the project returns; of several that may be, an unknown one."""
        callee = self.resolver.resolve(call.func, scope)
        if not isinstance(callee, FunctionSymbol) or callee.node.is_async:
            return None
        inner = self.resolver.scope(callee)
        constants = constants_of(self.types, call, scope, callee, {})
        found = [
            one.value
            for one in reached_returns(callee, constants)
            if isinstance(one.value, s.Call) and self.types.is_depends(one.value, inner)
        ]
        if not found:
            return None
        if len(found) > 1 and len({self._runs(one, inner) for one in found}) > 1:
            return _of_unknown(found[0]), inner, aliases
        return found[0], inner, aliases

    def _runs(self, call: s.Call, scope: Scope) -> int:
        """The identity of the function that a `Depends` call has FastAPI call."""
        function = self.run_by(self._target(call, scope, None, scope))
        return id(function) if function is not None else id(call)

    def _annotated(
        self, expr: Expr | None, scope: Scope, aliases: tuple[Variable, ...]
    ) -> tuple[s.Call, Scope, tuple[Variable, ...]] | None:
        """The `Depends` call among the metadata of `Annotated[...]`, aliases followed."""
        if expr is None or len(aliases) > 8:
            return None
        if isinstance(expr, s.Subscript):
            return self._subscripted(expr, scope, aliases)
        if isinstance(expr, s.Operation):
            for operand in expr.operands:
                found = self._annotated(operand, scope, aliases)
                if found is not None:
                    return found
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and symbol.binding.value is not None and not symbol.binding.path:
                return self._annotated(symbol.binding.value, symbol.scope, (*aliases, symbol))
        return None

    def _subscripted(
        self, expr: s.Subscript, scope: Scope, aliases: tuple[Variable, ...]
    ) -> tuple[s.Call, Scope, tuple[Variable, ...]] | None:
        base = self.resolver.resolve(expr.value, scope)
        if isinstance(base, External) and base.name.endswith(".Annotated"):
            for item in reversed(expr.items[1:]):
                found = self._depends_in(item, scope, aliases)
                if found is not None:
                    return found
            return self._annotated(expr.items[0], scope, aliases) if expr.items else None
        if isinstance(base, External) and base.name.rpartition(".")[2] in ("Optional", "Union"):
            for item in expr.items:
                found = self._annotated(item, scope, aliases)
                if found is not None:
                    return found
        if isinstance(base, Variable) and base.binding.value is not None:
            return self._annotated(base.binding.value, base.scope, (*aliases, base))
        return None

    # --- graph -----------------------------------------------------------------------------------

    def function_of(self, dependency: Dependency) -> FunctionSymbol | None:
        """The function whose body runs for a dependency: of a class `__init__`, of an instance `__call__`."""
        return self.run_by(dependency.target)

    def run_by(self, target: Value | None) -> FunctionSymbol | None:
        """The function whose body runs when FastAPI calls `target`."""
        if isinstance(target, FunctionSymbol):
            return target
        if isinstance(target, Bound):
            return target.function
        if isinstance(target, ClassSymbol):
            member = self.resolver.class_member(target, "__init__")
        elif isinstance(target, Instance) and isinstance(target.cls, ClassSymbol):
            member = self.resolver.class_member(target.cls, "__call__")
        else:
            return None
        return member if isinstance(member, FunctionSymbol) else None

    def is_exact(self, dependency: Dependency) -> bool:
        """Whether the callable itself is known; of an instance the type alone may be that of a base class."""
        if not isinstance(dependency.target, Instance):
            return dependency.target is not None
        expr, scope = dependency.expression, dependency.scope
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable):
                expr, scope = symbol.binding.value, symbol.scope
        made = self.resolver.resolve(expr.func, scope) if isinstance(expr, s.Call) else None
        return made is dependency.target.cls or made == dependency.target.cls

    def below(self, dependency: Dependency) -> tuple[Dependency, ...]:
        """What a dependency itself is given."""
        if isinstance(dependency.target, ClassSymbol):
            return self.of_class(dependency.target)
        if isinstance(dependency.expression, s.Lambda):
            given = (self.of_parameter(p, dependency.scope) for p in dependency.expression.parameters)
            return tuple(found for found in given if found is not None)
        function = self.function_of(dependency)
        return self.of_function(function) if function is not None else ()

    def walk(self, start: Iterable[Dependency]) -> Iterator[DependencyPath]:
        """All dependencies reached from `start`, breadth first, each callable once per start."""
        queue = deque(DependencyPath((dependency,)) for dependency in start)
        seen: set[int] = set()
        count = 0
        while queue and count < _LIMIT:
            path = queue.popleft()
            count += 1
            yield path
            key = id(path.last.target) if path.last.target is not None else id(path.last.call)
            if key in seen:
                continue
            seen.add(key)
            queue.extend(DependencyPath((*path.steps, inner)) for inner in self.below(path.last))


def _of_unknown(call: s.Call) -> s.Call:
    """`Depends(...)` of something that isn't known."""
    return s.Call(call.at, call.func, (s.Opaque(call.at, ()),), ())


def _name(target: Expr) -> str:
    return target.id if isinstance(target, s.Name) else ""


def _is_vague(value: Value) -> bool:
    """Types that say nothing about what is provided."""
    return (
        isinstance(value, Instance)
        and isinstance(value.cls, External)
        and value.cls.name
        in (
            "typing.Any",
            "builtins.object",
        )
    )


def decorator_dependencies(call: s.Call) -> Expr | None:
    """The `dependencies=` argument of a decorator, router, include or app call."""
    return keyword(call, "dependencies")
