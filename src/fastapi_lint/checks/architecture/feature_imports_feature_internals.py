"""ARC014: a feature reaches into another feature instead of asking its service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.layers.role_names import whole_role
from fastapi_lint.project.names.symbols import ClassSymbol
from fastapi_lint.project.names.wording import import_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.imports.first_party import Imported
    from fastapi_lint.project.project import Project

ENOUGH = 3
"""How many features beside each other make a project organised by feature."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each internal of another feature that a module imports."""
    for module in project.application_modules():
        own = project.layout.feature_of(module.path)
        if own is None or project.roles.of(module).name == "app":
            continue
        seen: set[object] = set()
        for imported in project.imports.of(module):
            other = _other_feature(project, imported, own)
            what = _internal(project, imported) if other else ""
            if other and what and imported.symbol not in seen:
                seen.add(imported.symbol)
                yield _finding(project, imported, own, other, what)


def _other_feature(project: Project, imported: Imported, own: str) -> str | None:
    """The feature beside the own one that defines what is imported."""
    definition = imported.definition
    other = project.layout.feature_of(definition.path) if definition is not None else None
    if other is None or other == own or imported.type_only:
        return None
    siblings = project.layout.siblings(own)
    is_shared = whole_role(other.rpartition("/")[2]) == "model"
    return other if other in siblings and len(siblings) >= ENOUGH and not is_shared else None


def _internal(project: Project, imported: Imported) -> str:
    """What an imported definition is, if it belongs to its feature alone; "" for everything else."""
    symbol = imported.symbol
    if project.kinds.is_passive(symbol):
        return ""
    role = project.roles.of(symbol).name
    if role in ("repository", "router"):
        return role
    is_table = isinstance(symbol, ClassSymbol) and project.kinds.has_rows(symbol)
    is_relation = project.roles.of(imported.module).name == "model"
    return "table" if is_table and not is_relation else ""


def _finding(project: Project, imported: Imported, own: str, other: str, what: str) -> Finding:
    name = name_of(imported.symbol)
    return Finding(
        span=project.span(imported.module, imported.at),
        message=f"The feature `{_name(own)}` imports the {what} `{name}` of the feature `{_name(other)}`",
        help=f"Let `{_name(other)}` offer it by its service",
        chain=import_hops(project, imported),
        symbol=imported.within.qualname if imported.within else "",
    )


def _name(folder: str) -> str:
    return folder.rpartition("/")[2]
