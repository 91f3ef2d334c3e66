"""The parameters that FastAPI sees of endpoints and dependencies, through their decorators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.calls.decorators import Decoration, gets_signature
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol
from fastapi_lint.project.pydantic.models import MODEL_BASES
from fastapi_lint.project.routing.decorated import DecoratedFunctions
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_GIVEN = frozenset(
    {
        "fastapi.Request",
        "fastapi.Response",
        "fastapi.WebSocket",
        "fastapi.BackgroundTasks",
        "starlette.requests.HTTPConnection",
    }
)
"""What FastAPI fills in by its type."""


class VariadicSignature(msgspec.Struct, frozen=True, eq=False):
    """A function of which FastAPI sees `*args` or `**kwargs`.

    They are those of `wrapper` if a decorator has put that in its place, which `decoration` did.
    """

    function: FunctionSymbol
    parameters: tuple[s.Parameter, ...]
    decoration: Decoration | None = None

    @property
    def wrapper(self) -> FunctionSymbol | None:
        """The function whose parameters FastAPI sees, if it isn't the function itself."""
        return self.decoration.wrapper if self.decoration is not None else None


class SeenSignatures:
    """Answers what FastAPI sees of functions."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.decorated = DecoratedFunctions(project)

    def variadic(self) -> Iterator[VariadicSignature]:
        """Endpoints and dependencies of which FastAPI certainly sees `*args` or `**kwargs`."""
        for endpoint in self.project.endpoints.all:
            given = {id(function): (function, above) for function, above in self._given(endpoint)}
            for function, above in given.values():
                found = self._seen(function, above)
                if found is not None:
                    yield found
        for function in self.project.endpoints.dependency_functions:
            if self._shows_its_parameters(function):
                found = self._seen(function, -1)
                if found is not None:
                    yield found

    def _given(self, endpoint: Endpoint) -> Iterator[tuple[FunctionSymbol, int]]:
        """The functions that are given to FastAPI, and the position of the decorator that does so; -1 for a
        call.
        """
        for route in endpoint.routes:
            if not route.raw and not _has_own_class(route):
                yield self.decorated.place_of(route) or (endpoint.function, -1)

    def _seen(self, function: FunctionSymbol, above: int) -> VariadicSignature | None:
        """What FastAPI sees through the decorators below a position."""
        if "__signature__" in function.module.facts.names or self._is_signed_by_parent(function):
            return None
        current, by = function, None
        for decoration in reversed(self.project.decorators.of(function)[above + 1 :]):
            if decoration.effect == "keeps" or decoration.signature == "kept":
                continue
            if not decoration.hides_signature or decoration.wrapper is None:
                return None
            current, by = decoration.wrapper, decoration
        parameters = tuple(self._variadic_of(current))
        return VariadicSignature(function, parameters, by) if parameters else None

    def _is_signed_by_parent(self, function: FunctionSymbol) -> bool:
        return function.parent is not None and gets_signature(function.name, function.parent.node.body)

    def _variadic_of(self, function: FunctionSymbol) -> Iterator[s.Parameter]:
        scope = self.project.resolver.scope(function)
        around = scope.parent or scope
        for parameter in function.node.parameters:
            if parameter.kind not in ("args", "kwargs"):
                continue
            given = class_name(self.types.annotated(parameter.annotation, around)) in _GIVEN
            if not given and self.project.dependencies.of_parameter(parameter, around) is None:
                yield parameter

    def _shows_its_parameters(self, function: FunctionSymbol) -> bool:
        """Whether the parameters of a constructor are those of its class: no base makes others of them."""
        if function.name != "__init__" or function.owner is None:
            return True
        cls: ClassSymbol = function.owner
        bound = self.project.resolver.scope(cls).bindings
        return not (
            self.project.resolver.inherits(cls, MODEL_BASES)
            or self.project.resolver.has_unknown_base(cls)
            or cls.node.keywords
            or cls.node.decorators
            or "__new__" in bound
        )


def _has_own_class(route: Route) -> bool:
    """Whether a route has a class of its own, which may read signatures in its own way."""
    calls = (level.site.expr for level in route.levels if level.site is not None)
    return any(isinstance(call, s.Call) and keyword(call, "route_class") is not None for call in calls)
