"""ARC005: a module imports from a layer above its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.symbols import Module
from fastapi_lint.project.words import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports import Imported
    from fastapi_lint.project.project import Project

FORBIDDEN = {
    "service": {"router"},
    "repository": {"router", "service"},
    "model": {"router", "service", "repository"},
    "schema": {"router", "service"},
    "database": {"router"},
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each symbol of a higher layer that a module imports."""
    for module in project.application_modules():
        role = project.roles.of(module).name
        seen: set[object] = set()
        for imported in project.imports.of(module):
            target = _target_role(project, imported)
            if imported.type_only or target not in FORBIDDEN.get(role, ()) or imported.symbol in seen:
                continue
            seen.add(imported.symbol)
            yield _finding(project, imported, role, target)


def _target_role(project: Project, imported: Imported) -> str:
    """The role of an imported symbol; neutral for what every layer may use."""
    symbol = imported.symbol
    if project.roles.is_passive(symbol) or imported.definition in (None, imported.module):
        return "unknown"
    if isinstance(symbol, Module) and symbol.path.endswith("__init__.py"):
        return "unknown"
    return project.roles.of(symbol).name


def _finding(project: Project, imported: Imported, role: str, target: str) -> Finding:
    name = name_of(imported.symbol)
    return Finding(
        span=project.span(imported.module, imported.at),
        message=f"The {role} module `{imported.module.name}` imports `{name}` from the {target} layer above it",
        help=f"Move what both need into a lower layer, or pass it to `{imported.module.name}` as an argument",
        chain=import_hops(project, imported),
        symbol=imported.within.qualname if imported.within else "",
    )
