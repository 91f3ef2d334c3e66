"""The models of the project that endpoints read from the body of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.names.symbols import ClassSymbol, Module
from fastapi_lint.project.pydantic.models import ModelField, PydanticModels

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project


class RequestBodies:
    """Answers what requests carry in their bodies."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.models = PydanticModels(project)

    def of(self, endpoint: Endpoint) -> Iterator[ClassSymbol]:
        """The models that an endpoint's parameters name, those that a dependency provides left out."""
        function = endpoint.function
        scope = self.project.resolver.scope(function)
        around = scope.parent or scope
        for parameter in function.node.parameters:
            if self.project.dependencies.of_parameter(parameter, around) is None:
                yield from self.models.models_in(parameter.annotation, around)

    def secret(self, near: Module) -> tuple[ClassSymbol, ModelField] | None:
        """The first body model with a secret field, of the endpoints below the import root of `near`."""
        for endpoint in self.project.endpoints.all:
            module = endpoint.function.module
            if module.root != near.root or self.project.roles.is_outside(module):
                continue
            for model in self.of(endpoint):
                found = self.models.secret_field(model, masked=True)
                if found is not None:
                    return model, found
        return None
