"""ARC012: a module with routes uses a mapped class, though the application has schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol
from fastapi_lint.project.names.wording import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.first_party import Imported
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.names.uses import Use
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each module with routes and mapped class that its routes use."""
    for module in project.application_modules():
        seen: set[object] = set()
        for imported in project.imports.of(module):
            if imported.symbol in seen or not _is_table(project, imported):
                continue
            uses = [use for use in imported.uses if _is_route_use(project, use)]
            if uses and project.layers.exists_in_application("schema", module):
                seen.add(imported.symbol)
                yield _finding(project, module, imported, uses)


def _is_table(project: Project, imported: Imported) -> bool:
    symbol = imported.symbol
    return isinstance(symbol, ClassSymbol) and not imported.type_only and project.kinds.has_rows(symbol)


def _is_route_use(project: Project, use: Use) -> bool:
    """Whether an endpoint uses the class, other than as the type of what is injected."""
    owner = use.owner
    if not isinstance(owner, FunctionSymbol) or project.roles.of(owner).name != "router":
        return False
    injected = [d.parameter.at for d in project.dependencies.of_function(owner) if d.parameter is not None]
    return not any(s.start_of(at) <= s.start_of(use.at) < s.end_of(at) for at in injected)


def _finding(project: Project, module: Module, imported: Imported, uses: list[Use]) -> Finding:
    name = name_of(imported.symbol)
    return Finding(
        span=project.span(module, imported.at),
        message=f"The router module `{module.name}` uses the mapped class `{name}`",
        help="Take and return schemas in the routes, and leave the table to the layers below",
        related=tuple(Related(project.span(module, use.at), f"`{name}` is used here") for use in uses),
        chain=import_hops(project, imported),
        symbol=imported.within.qualname if imported.within else "",
    )
