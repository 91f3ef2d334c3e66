"""ARC005: a module imports from a layer above its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.symbols import Module
from fastapi_lint.project.names.wording import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.first_party import Imported
    from fastapi_lint.project.project import Project

ABOVE = {
    "service": ("router",),
    "repository": ("router", "service"),
    "model": ("router", "service", "repository"),
    "schema": ("router", "service"),
    "database": ("router",),
}
"""The layers above each one, whose definitions it leaves alone."""


INIT = "__init__.py"


def check(project: Project) -> Iterator[Finding]:
    """One finding for each definition of a higher layer that a module imports."""
    for module in project.application_modules():
        role = project.roles.of(module).name
        seen: set[object] = set()
        for imported in project.imports.of(module) if role in ABOVE else ():
            target = _layer_of(project, imported)
            if imported.type_only or target not in ABOVE[role] or imported.symbol in seen:
                continue
            if not _is_used_by_layer(project, imported):
                continue
            seen.add(imported.symbol)
            yield _finding(project, imported, role, target)


def _is_used_by_layer(project: Project, imported: Imported) -> bool:
    """Whether it is the module's own layer that uses an imported definition.

    A module whose name is of no layer may hold tables or schemas beside a job that works with them.
    """
    role = project.roles.of(imported.module)
    if role.source != "code":
        return True
    return any(user is not None and project.roles.of(user).name == role.name for user in imported.users)


def _layer_of(project: Project, imported: Imported) -> str:
    """The role of an imported definition; unknown for what every layer may use."""
    symbol, definition = imported.symbol, imported.definition
    if definition is None or definition is imported.module or project.kinds.is_passive(symbol):
        return "unknown"
    if imported.module.is_package and definition.path.startswith(imported.module.path.removesuffix(INIT)):
        return "unknown"  # a package offers what it holds
    if project.layout.is_inward(imported.module.path, definition.path):
        return "unknown"
    if isinstance(symbol, Module) and symbol.is_package:
        return "unknown"
    return project.roles.of(symbol).name


def _finding(project: Project, imported: Imported, role: str, target: str) -> Finding:
    name, module = name_of(imported.symbol), imported.module.name
    return Finding(
        span=project.span(imported.module, imported.at),
        message=f"The {role} module `{module}` imports `{name}` from the {target} layer above it",
        help=f"Move what both need into a lower layer, or pass it to `{module}` as an argument",
        chain=import_hops(project, imported),
        symbol=imported.within.qualname if imported.within else "",
    )
