"""The models of the project that endpoints read from the body of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.names.symbols import ClassSymbol, Module
from fastapi_lint.project.pydantic.models import ModelField, PydanticModels

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


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
        """The first body model with a secret field, of the endpoints of the apps that `near` belongs to."""
        apps = self._apps_around(near)
        for endpoint in self.project.endpoints.all:
            if self.project.roles.is_outside(endpoint.function.module):
                continue
            if not any(app in apps for app in endpoint.apps):
                continue
            for model in self.of(endpoint):
                found = self.models.secret_field(model, masked=True)
                if found is not None:
                    return model, found
        return None

    def _apps_around(self, module: Module) -> list[App]:
        """The apps that import a module when they start, and those that it imports."""
        reachable = self.project.import_graph.reachable
        imported = {found.path for found in reachable(module)}
        return [
            app
            for app in self.project.apps
            if app.path in imported or any(found is module for found in reachable(app.module))
        ]
