"""Which parameters of a dependency bring something of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.infer import Instance, Value, class_name, return_values

if TYPE_CHECKING:
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project

_CONNECTIONS = frozenset({"fastapi.Request", "fastapi.WebSocket", "starlette.requests.HTTPConnection"})
_SPECIAL = _CONNECTIONS | frozenset(
    {"fastapi.Response", "fastapi.BackgroundTasks", "fastapi.security.SecurityScopes"}
)
_MARKERS = frozenset(
    f"fastapi.{name}" for name in ("Body", "Cookie", "File", "Form", "Header", "Path", "Query")
)
_UNHASHABLE = frozenset({"builtins.list", "builtins.dict", "builtins.set"})


class RequestValue(msgspec.Struct, frozen=True, eq=False):
    """A parameter that differs from request to request: what it is in words, and if it can't be hashed."""

    parameter: s.Parameter
    kind: str
    unhashable: bool = False

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name


class RequestValues:
    """Answers what a dependency takes from the request."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types

    def of(self, function: FunctionSymbol) -> list[RequestValue]:
        """The parameters that bring something of the request, in their order."""
        scope = self.project.resolver.scope(function)
        around = scope.parent or scope
        by_name = {
            d.parameter.name: d for d in self.project.dependencies.of_function(function) if d.parameter
        }
        found = []
        for position, parameter in enumerate(function.node.parameters):
            if parameter.kind in ("args", "kwargs") or (position == 0 and function.owner is not None):
                continue
            dependency = by_name.get(parameter.name)
            if dependency is not None:
                value = self._provided(parameter, dependency)
            else:
                value = self._plain(parameter, around)
            if value is not None:
                found.append(value)
        return found

    def _provided(self, parameter: s.Parameter, dependency: Dependency) -> RequestValue | None:
        """What another dependency gives: a session, or something that isn't remembered itself."""
        if self.project.effects.is_session(dependency.provided):
            return RequestValue(parameter, "a session of one request")
        if self._is_unhashable(dependency.provided):
            return RequestValue(parameter, "an object without a hash", unhashable=True)
        if isinstance(dependency.target, ClassSymbol):
            return RequestValue(parameter, "made anew for each request")
        function = self.project.dependencies.function_of(dependency)
        if function is None or self._gives_the_same(function):
            return None
        return RequestValue(parameter, "made anew for each request")

    def _gives_the_same(self, function: FunctionSymbol) -> bool:
        """Whether a dependency may hand over one object for all requests: a cached one, or a module's."""
        if self.project.settings.caches.may_remember(function):
            return True
        scope = self.project.resolver.scope(function)
        values = [self.project.resolver.resolve(value, scope) for value in return_values(function)]
        same = all(isinstance(value, Variable) and value.scope.owner is None for value in values)
        return same and not function.node.is_generator

    def _plain(self, parameter: s.Parameter, scope: Scope) -> RequestValue | None:
        """A value that FastAPI reads from the request by the parameter's type."""
        value = self.types.annotated(parameter.annotation, scope)
        name = class_name(value)
        if name in _CONNECTIONS:
            return RequestValue(parameter, "the request")
        if name in _SPECIAL:
            return None
        kind = self._marker(parameter, scope)
        unhashable = self._is_unhashable(value)
        return RequestValue(parameter, kind or "read from the request", unhashable)

    def _marker(self, parameter: s.Parameter, scope: Scope) -> str:
        """`Header()` and the like, as the default or inside `Annotated`."""
        candidates: list[Expr | None] = [parameter.default]
        if isinstance(parameter.annotation, s.Subscript):
            candidates += parameter.annotation.items[1:]
        for expr in candidates:
            callee = self.types.callee(expr, scope) if isinstance(expr, s.Call) else None
            if isinstance(callee, External) and callee.name in _MARKERS:
                return f"a {callee.name.rpartition('.')[2].lower()} value of the request"
        return ""

    def _is_unhashable(self, value: Value | None) -> bool:
        """A list, dict or set, or a Pydantic model that isn't frozen."""
        if class_name(value) in _UNHASHABLE:
            return True
        cls = value.cls if isinstance(value, Instance) else None
        if not isinstance(cls, ClassSymbol):
            return False
        if not self.project.kinds.is_schema(cls) and not self.project.settings.is_settings(cls):
            return False
        frozen = self.project.settings.fields.option(cls, "frozen")
        defines = self.project.resolver.class_member(cls, "__hash__") is not None
        return frozen is None and not defines
