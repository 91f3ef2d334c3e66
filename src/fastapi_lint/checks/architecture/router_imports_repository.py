"""ARC001: a router module imports a repository, past the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.words import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports import Imported
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.symbols import Module


def check(project: Project) -> Iterator[Finding]:
    """One finding for each pair of a router module and a repository module."""
    for module in project.application_modules():
        if not project.roles.is_router_module(module) or not project.roles.layer_exists("service", module):
            continue
        pairs: dict[str, list[Imported]] = {}
        for imported in project.imports.of(module):
            if _is_repository(project, imported) and not _only_for_health(project, imported):
                assert imported.definition is not None
                pairs.setdefault(imported.definition.path, []).append(imported)
        for found in pairs.values():
            yield _finding(project, module, found)


def _is_repository(project: Project, imported: Imported) -> bool:
    if imported.type_only or imported.definition in (None, imported.module):
        return False
    return project.roles.of(imported.symbol).name == "repository" and not project.roles.is_passive(imported.symbol)


def _only_for_health(project: Project, imported: Imported) -> bool:
    """Whether health endpoints alone use the import."""
    users = project.imports.users_of(imported)
    return bool(users) and all(project.endpoints.is_health_check(user) for user in users)


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
        ),
        chain=import_hops(project, first),
        symbol=first.within.qualname if first.within else "",
    )
