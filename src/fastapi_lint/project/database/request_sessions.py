"""Values that hold the database session of a request, which a yield dependency closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name, keyword
from fastapi_lint.project.dependencies.graph import Dependency
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.bodies import receiver_of
from fastapi_lint.project.types.infer import Instance, Value

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_DEPTH = 4


class Held(msgspec.Struct, frozen=True, eq=False):
    """The session of a request in a value: the name of that, and the way to what yields the session.

    `is_row` tells that the value is a mapped instance, not the session or an object that works with it.
    """

    name: str
    steps: tuple[Dependency, ...]
    is_session: bool = True
    is_row: bool = False

    @property
    def ends_before_response(self) -> bool:
        """Whether the dependency is of the function's scope, so that the session is closed first."""
        scope = keyword(self.steps[-1].call, "scope")
        return isinstance(scope, s.Constant) and scope.value == "function"


class RequestSessions:
    """Answers which values hold a request's session. What isn't known holds none."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self._holders: dict[int, bool] = {}
        self._classes: dict[int, tuple[Dependency, ...]] | None = None

    def held(self, expr: Expr, scope: Scope, depth: int = 0) -> Held | None:
        """The session in a parameter, an attribute of one or of `self`, or an object made with it."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, s.Name):
            return self._of_name(expr, scope, depth)
        if isinstance(expr, s.Attribute):
            base = self.held(expr.value, scope, depth + 1) or self.held_by_self(expr.value, scope)
            value = self.types.infer(expr, scope)
            if base is None or not self._works_with_it(value):
                return None
            is_session = self.project.effects.is_session(value)
            return Held(dotted_name(expr) or base.name, base.steps, is_session)
        if isinstance(expr, s.Call) and self._works_with_it(self.types.infer(expr, scope)):
            given = (*expr.args, *(k.value for k in expr.keywords))
            found = (self.held(one, scope, depth + 1) for one in given)
            return next((Held(one.name, one.steps, False) for one in found if one is not None), None)
        return None

    def _of_name(self, expr: s.Name, scope: Scope, depth: int) -> Held | None:
        symbol = self.types.resolver.lookup(expr.id, scope)
        if not isinstance(symbol, Variable) or len(symbol.scope.bindings.get(symbol.name, ())) != 1:
            return None
        binding = symbol.binding
        if binding.value is not None and not binding.path:
            made = self.held(binding.value, symbol.scope, depth + 1)
            return Held(expr.id, made.steps, made.is_session, made.is_row) if made is not None else None
        if binding.parameter is None:
            return None
        around = symbol.scope.parent or symbol.scope
        given = self.project.dependencies.of_parameter(binding.parameter, around)
        return self._of_dependency(given, expr.id) if given is not None else None

    def held_by_self(self, expr: Expr, scope: Scope) -> Held | None:
        """`self` of a class that FastAPI constructs with a request's session."""
        method = scope.owner
        if not isinstance(expr, s.Name) or not isinstance(method, FunctionSymbol) or method.owner is None:
            return None
        receiver = receiver_of(method)
        if receiver is None or receiver.name != expr.id:
            return None
        steps = self._constructed().get(id(method.owner))
        return Held(expr.id, steps, False) if steps is not None else None

    def _constructed(self) -> dict[int, tuple[Dependency, ...]]:
        """The classes whose instances dependencies hand over with a request's session in them."""
        if self._classes is None:
            self._classes = {}
            for endpoint in self.project.endpoints.all:
                for path in self.project.endpoints.paths(endpoint):
                    provided = path.last.provided
                    if not isinstance(provided, Instance) or id(provided.cls) in self._classes:
                        continue
                    found = self._of_dependency(path.last, "")
                    if found is not None and not found.is_row:
                        self._classes[id(provided.cls)] = found.steps
        return self._classes

    def _of_dependency(self, given: Dependency, name: str) -> Held | None:
        provided = given.provided
        is_session = self.project.effects.is_session(provided)
        is_row = (
            isinstance(provided, Instance)
            and isinstance(provided.cls, ClassSymbol)
            and self.project.kinds.is_table(provided.cls)
        )
        if not is_row and not self._works_with_it(provided):
            return None
        for path in self.project.dependencies.walk((given,)):
            function = self.project.dependencies.function_of(path.last)
            if function is None or not function.node.is_generator:
                continue
            handed = self.types.provided(path.last.target)
            if self.project.effects.is_session(path.last.provided) or self.project.effects.is_session(handed):
                return Held(name, path.steps, is_session, is_row)
        return None

    def _works_with_it(self, value: Value | None) -> bool:
        """Whether a value is a session, or an object of the project that is constructed with one."""
        if self.project.effects.is_session(value):
            return True
        cls = value.cls if isinstance(value, Instance) else None
        return isinstance(cls, ClassSymbol) and self._holds(cls, 0)

    def _holds(self, cls: ClassSymbol, depth: int) -> bool:
        key = id(cls)
        if key not in self._holders:
            self._holders[key] = False
            self._holders[key] = depth < _DEPTH and self._is_given_one(cls, depth)
        return self._holders[key]

    def _is_given_one(self, cls: ClassSymbol, depth: int) -> bool:
        if self.project.kinds.is_schema(cls) or self.project.kinds.is_table(cls):
            return False
        member = self.types.resolver.class_member(cls, "__init__")
        if not isinstance(member, FunctionSymbol):
            return False
        scope = self.types.resolver.scope(member)
        for parameter in member.node.parameters[1:]:
            value = self.types.parameter(parameter, scope)
            if self.project.effects.is_session(value):
                return True
            inner = value.cls if isinstance(value, Instance) else None
            if isinstance(inner, ClassSymbol) and inner is not cls and self._holds(inner, depth + 1):
                return True
        return False
