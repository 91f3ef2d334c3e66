"""ARC001: a router module imports a repository, past the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.names.wording import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.first_party import Imported, User
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each pair of a module with routes and a repository module."""
    for module in project.application_modules():
        if not project.roles.may_route(module) or project.roles.of(module).name == "app":
            continue
        pairs: dict[str, list[Imported]] = {}
        for imported in project.imports.of(module):
            if _is_repository(project, imported) and _is_used_by_routes(project, imported):
                assert imported.definition is not None
                pairs.setdefault(imported.definition.path, []).append(imported)
        if pairs and project.conventions.routes_are_above_services(module):
            for found in pairs.values():
                yield _finding(project, module, found)


def _is_repository(project: Project, imported: Imported) -> bool:
    if imported.type_only or imported.definition in (None, imported.module):
        return False
    return project.roles.of(imported.symbol).name == "repository" and not project.kinds.is_passive(
        imported.symbol
    )


def _is_used_by_routes(project: Project, imported: Imported) -> bool:
    """Whether more than health checks, dependencies and the wiring of services use the import."""
    return any(
        _is_route_code(project, imported.module, use.owner) and not project.wiring.only_wires(use)
        for use in imported.uses
    )


def _is_route_code(project: Project, module: Module, user: User) -> bool:
    if project.roles.of(user or module).name != "router":
        return False
    return not (isinstance(user, FunctionSymbol) and project.endpoints.is_health_check(user))


def _finding(project: Project, module: Module, found: list[Imported]) -> Finding:
    first, *others = found
    name = name_of(first.symbol)
    return Finding(
        span=project.span(module, first.at),
        message=f"The router module `{module.name}` imports the repository `{name}`, past the service layer",
        help="Call a service from the route, and let the service use the repository",
        related=tuple(
            Related(project.span(module, other.at), f"`{name_of(other.symbol)}` comes from there too")
            for other in others
            if other.at != first.at
        ),
        chain=import_hops(project, first),
        symbol=first.within.qualname if first.within else "",
    )
