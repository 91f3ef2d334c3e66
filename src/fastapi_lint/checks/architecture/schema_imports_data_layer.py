"""ARC008: a schema imports tables, repositories, services or the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.symbols import ClassSymbol, Variable
from fastapi_lint.project.names.wording import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.first_party import Imported
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each definition of the data layer that a module of schemas imports."""
    for module in project.application_modules():
        if not _is_judged(project, module):
            continue
        seen: set[object] = set()
        for imported in project.imports.of(module):
            what = _data_layer(project, imported)
            if what and imported.symbol not in seen and _is_used_by_schema(project, imported):
                seen.add(imported.symbol)
                yield _finding(project, imported, what)


def _is_judged(project: Project, module: Module) -> bool:
    """Whether a module holds schemas and no tables, and isn't named for another layer."""
    placed = project.layout.role_of_path(module.path)
    if project.roles.of(module).name != "schema" or (placed and placed[0] in ("service", "repository")):
        return False
    return not any(project.kinds.is_table(cls) for cls in project.resolver.index(module).classes)


def _data_layer(project: Project, imported: Imported) -> str:
    """What an imported definition is, if schemas leave it alone; "" for everything else."""
    symbol = imported.symbol
    if imported.type_only or imported.definition in (None, imported.module):
        return ""
    if isinstance(symbol, ClassSymbol) and project.kinds.has_rows(symbol):
        return "table"
    if isinstance(symbol, Variable) and project.kinds.is_engine(symbol):
        return "engine or session factory"
    role = project.roles.of(symbol).name
    return role if role in ("repository", "service") and not project.kinds.is_passive(symbol) else ""


def _is_used_by_schema(project: Project, imported: Imported) -> bool:
    """Whether a schema or its methods use it, and none derives from it as SQLModel has it."""
    classes = project.resolver.index(imported.module).classes
    if any(base is imported.symbol for cls in classes for base in project.resolver.bases(cls)):
        return False
    return any(user is not None and project.roles.of(user).name == "schema" for user in imported.users)


def _finding(project: Project, imported: Imported, what: str) -> Finding:
    name, module = name_of(imported.symbol), imported.module.name
    return Finding(
        span=project.span(imported.module, imported.at),
        message=f"The schema module `{module}` imports the {what} `{name}`",
        help="Describe the fields in the schema, and build it from the row in a service",
        chain=import_hops(project, imported),
        symbol=imported.within.qualname if imported.within else "",
    )
