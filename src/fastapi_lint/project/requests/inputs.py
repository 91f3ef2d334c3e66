"""What a route takes from its requests: the parameters of its endpoint and of all that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.parameters import RequestParameter
    from fastapi_lint.project.routing.table import Route


class Input(msgspec.Struct, frozen=True, eq=False):
    """A parameter of `holder`, the endpoint or the dependency that `steps` lead to.

    `module` is where it is written: that of a base of a class, for example.
    """

    parameter: RequestParameter
    holder: FunctionSymbol | ClassSymbol
    module: Module
    steps: tuple[Dependency, ...] = ()


class Inputs:
    """Answers what routes take. What isn't known is left out: there may be more."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parameters = project.request_parameters

    def of(self, endpoint: Endpoint, route: Route) -> Iterator[Input]:
        """The parameters of one route of an endpoint, the endpoint's own first."""
        if not self._keeps_signature(endpoint.function):
            return
        for parameter in self.parameters.of_function(endpoint.function):
            yield Input(parameter, endpoint.function, endpoint.function.module)
        dependencies = self.project.dependencies
        start = [*dependencies.of_function(endpoint.function), *self.project.endpoints.around(route)]
        if endpoint.function.owner is not None:
            start += dependencies.of_fields(endpoint.function.owner)
        seen: set[int] = set()
        for path in dependencies.walk(start):
            target = path.last.target
            holder = target if isinstance(target, ClassSymbol) else dependencies.run_by(target)
            if holder is not None and id(holder) not in seen and dependencies.is_exact(path.last):
                seen.add(id(holder))
                for parameter, module in self._of_holder(holder):
                    yield Input(parameter, holder, module, path.steps)

    def _of_holder(self, holder: FunctionSymbol | ClassSymbol) -> Iterator[tuple[RequestParameter, Module]]:
        if isinstance(holder, ClassSymbol):
            for parameter in self.parameters.of_class(holder) or ():
                yield parameter, self._module_of(parameter, holder)
        elif self._keeps_signature(holder):
            for parameter in self.parameters.of_function(holder):
                yield parameter, holder.module

    def _module_of(self, parameter: RequestParameter, cls: ClassSymbol) -> Module:
        """The module of the constructor, or of the base that declares a field."""
        constructor = self.project.resolver.class_member(cls, "__init__")
        if isinstance(constructor, FunctionSymbol):
            return constructor.module
        bases = (base for base in self.project.resolver.ancestry(cls) if isinstance(base, ClassSymbol))
        declaring = (
            base for base in bases if any(f.name == parameter.name for f in self.parameters.fields(base))
        )
        return next(declaring, cls).module

    def _keeps_signature(self, function: FunctionSymbol) -> bool:
        """Whether FastAPI sees the parameters as they stand there."""
        return all(
            one.effect != "unknown" and not one.hides_signature
            for one in self.project.decorators.of(function)
        )
