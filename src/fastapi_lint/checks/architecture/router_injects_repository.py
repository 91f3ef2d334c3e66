"""ARC002: an endpoint is given a repository by `Depends`, past the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.types import Instance
from fastapi_lint.project.words import dependency_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.dependencies import Dependency
    from fastapi_lint.project.endpoints import Endpoint
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each repository that an endpoint, or the router around it, asks for."""
    seen: set[tuple[str, int]] = set()
    for endpoint in project.endpoints.all:
        module = endpoint.function.module
        if project.endpoints.is_health_check(endpoint.function):
            continue
        if not project.layers.exists("service", module):
            continue
        for dependency in project.endpoints.given_to(endpoint):
            place = (dependency.module.path, dependency.at)
            repository = repository_of(project, dependency)
            if repository and place not in seen:
                seen.add(place)
                yield _finding(project, endpoint, dependency, repository)


def repository_of(project: Project, dependency: Dependency) -> str | None:
    """The name of the repository that a dependency provides; None for everything else."""
    provided = dependency.provided
    if not isinstance(provided, Instance) or project.roles.of(provided.cls).name != "repository":
        return None
    return name_of(provided.cls)


def _finding(project: Project, endpoint: Endpoint, dependency: Dependency, repository: str) -> Finding:
    name = name_of(endpoint.function)
    return Finding(
        span=project.span(dependency.module, dependency.at),
        message=f"The endpoint `{name}` is given the repository `{repository}`, past the service layer",
        help=f"Let `{name}` depend on a service that holds `{repository}`",
        chain=dependency_hops(project, (dependency,)),
        symbol=endpoint.function.qualname,
    )
