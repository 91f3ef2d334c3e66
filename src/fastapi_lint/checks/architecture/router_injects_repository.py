"""ARC002: an endpoint is given a repository by `Depends`, past the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.symbols import ClassSymbol
from fastapi_lint.project.names.wording import dependency_hops, name_of
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.types.infer import Value

    Path = tuple[Dependency, ...]


def check(project: Project) -> Iterator[Finding]:
    """One finding for each repository that an endpoint, or the router around it, asks for."""
    seen: set[tuple[str, int]] = set()
    for endpoint in project.endpoints.all:
        if not _is_judged(project, endpoint):
            continue
        for dependency in project.endpoints.given_to(endpoint):
            place = (dependency.module.path, dependency.at)
            path = _repository_path(project, endpoint, dependency) if place not in seen else ()
            if path and project.conventions.routes_are_above_services(endpoint.function.module):
                seen.add(place)
                yield _finding(project, endpoint, path)


def _is_judged(project: Project, endpoint: Endpoint) -> bool:
    module = endpoint.function.module
    if project.roles.is_outside(module) or project.endpoints.is_health_check(endpoint.function):
        return False
    return project.layers.exists("service", module)


def _repository_path(project: Project, endpoint: Endpoint, dependency: Dependency) -> Path:
    """The dependencies that hand a repository to an endpoint: one, or one inside a neutral holder."""
    if _repository(project, dependency.provided) is not None:
        return () if _is_handed_on(project, endpoint, dependency) else (dependency,)
    for value in _used_attributes(project, endpoint, dependency):
        repository = _repository(project, value)
        for inner in project.dependencies.below(dependency):
            if repository is not None and _repository(project, inner.provided) is repository:
                return (dependency, inner)
    return ()


def _is_handed_on(project: Project, endpoint: Endpoint, dependency: Dependency) -> bool:
    """Whether the endpoint only builds a service with it."""
    parameter = dependency.parameter
    return parameter is not None and project.wiring.is_handed_on(endpoint.function, parameter.name)


def _repository(project: Project, value: Value | None) -> ClassSymbol | None:
    """The repository class that a value is an instance of."""
    cls = value.cls if isinstance(value, Instance) else None
    if not isinstance(cls, ClassSymbol) or project.roles.of(cls).name != "repository":
        return None
    return cls if project.kinds.is_port(cls) or not project.kinds.is_passive(cls) else None


def _used_attributes(project: Project, endpoint: Endpoint, dependency: Dependency) -> Iterator[Value | None]:
    """What the endpoint takes out of a parameter that has no role of its own, such as `repos.users`."""
    provided = dependency.provided
    if dependency.parameter is None or not isinstance(provided, Instance):
        return
    if project.roles.of(provided.cls).name not in ("unknown", "dependency") or not isinstance(
        provided.cls, ClassSymbol
    ):
        return
    scope = project.resolver.scope(endpoint.function)
    for use in project.name_uses.of(scope, dependency.parameter.name):
        if use.attributes:
            yield project.types.attribute(provided, use.attributes[0])


def _finding(project: Project, endpoint: Endpoint, path: Path) -> Finding:
    name = name_of(endpoint.function)
    repository = name_of(_repository(project, path[-1].provided))
    return Finding(
        span=project.span(path[0].module, path[0].at),
        message=f"The endpoint `{name}` is given the repository `{repository}`, past the service layer",
        help=f"Let `{name}` depend on a service that holds `{repository}`",
        chain=dependency_hops(project, path),
        symbol=endpoint.function.qualname,
    )
