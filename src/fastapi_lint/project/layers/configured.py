"""Roles and layers that the configuration assigns."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from fastapi_lint.config.patterns import matches
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project


def configured_roles(project: Project) -> Mapping[str, str]:
    """Role by `path` or `path:qualname`, as the configuration says; what stands earlier wins."""
    found: dict[str, str] = {}
    for assignment in (*project.options.roles, *project.options.layers):
        for place in assignment.places:
            for module in project.modules:
                if matches(place.pattern, module.path):
                    for key in _keys(project, module, place.part):
                        found.setdefault(key, assignment.value)
    return found


def _keys(project: Project, module: Module, part: str) -> list[str]:
    if not part:
        return [module.path]
    index = project.resolver.index(module)
    symbols: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
    return [f"{module.path}:{symbol.qualname}" for symbol in symbols if fnmatchcase(symbol.qualname, part)]
