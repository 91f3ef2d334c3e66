"""What most of an application's endpoints do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_ENOUGH = 5
"""How many endpoints it takes to speak of a convention."""


class Conventions:
    """Answers what is the rule in a project, so that an exception from it can be told."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._direct: dict[str, bool] = {}

    def endpoints_query_directly(self, module: Module) -> bool:
        """Whether five or more endpoints of a module's application query through their session themselves,
        and they are more than half of those that hold one.
        """
        belongs = self.project.layers.application(module)
        around = [e for e in self.project.endpoints.all if belongs(e.function.module.path)]
        key = around[0].function.module.path if around else module.path
        if key not in self._direct:
            holders = [endpoint for endpoint in around if self._holds_session(endpoint)]
            direct = sum(bool(self.project.queries.made_by(e.function)) for e in holders)
            self._direct[key] = direct >= _ENOUGH and direct * 2 > len(holders)
        return self._direct[key]

    def _holds_session(self, endpoint: Endpoint) -> bool:
        given = self.project.endpoints.given_to(endpoint)
        return any(self.project.effects.is_session(dependency.provided) for dependency in given)
