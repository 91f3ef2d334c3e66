"""What most of an application's endpoints do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.names.uses import Use
    from fastapi_lint.project.project import Project

_ENOUGH = 5
"""How many endpoints it takes to speak of a convention."""


class Conventions:
    """Answers what is the rule in a project, so that an exception from it can be told."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._direct: dict[str, bool] = {}
        self._borrowing: dict[tuple[str, ...], bool] = {}

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

    def routes_are_above_services(self, module: Module) -> bool:
        """Whether a service layer stands between a module's routes and the repositories, or is asked for."""
        if not self.project.layers.exists("service", module):
            return False
        return self.project.options.asks_for_layers or not self.services_borrow_repositories(module)

    def services_borrow_repositories(self, module: Module) -> bool:
        """Whether the services of a module's application get at a repository only as an argument of a call.

        No route can leave the repository to such a service: it is a function beside the repositories, and no
        layer above them.
        """
        services = self.project.layers.modules_with("service", module)
        key = tuple(service.path for service in services)
        if key not in self._borrowing:
            uses = [use for service in services for use in self._repository_uses(service)]
            self._borrowing[key] = (
                bool(uses)
                and all(_is_plain_parameter(use) for use in uses)
                and not any(self._queries(service) for service in services)
            )
        return self._borrowing[key]

    def _repository_uses(self, module: Module) -> Iterator[Use]:
        for imported in self.project.imports.of(module):
            symbol = imported.symbol
            if self.project.roles.of(symbol).name == "repository" and not self.project.kinds.is_passive(
                symbol
            ):
                yield from imported.uses

    def _queries(self, module: Module) -> bool:
        """Whether a function of the module queries through a session itself."""
        functions = self.project.resolver.index(module).functions
        return any(self.project.queries.made_by(function) for function in functions)

    def _holds_session(self, endpoint: Endpoint) -> bool:
        given = self.project.endpoints.given_to(endpoint)
        return any(self.project.effects.is_session(dependency.provided) for dependency in given)


def _is_plain_parameter(use: Use) -> bool:
    """Whether a use is the whole annotation of a parameter that nothing but the caller fills."""
    owner = use.owner
    if not isinstance(owner, FunctionSymbol) or owner.node.name == "__init__":
        return False
    return any(
        parameter.default is None and parameter.annotation is not None and parameter.annotation.at == use.at
        for parameter in owner.node.parameters
    )
