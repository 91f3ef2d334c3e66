"""Edits that bring a library's name into a module, next to what it imports from there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit
from fastapi_lint.project.edits.text import add_import, insert
from fastapi_lint.project.names.canonical import canonical
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def import_from(
    project: Project, module: Module, source: str, name: str
) -> tuple[str, tuple[Edit, ...]] | None:
    """How a module's functions can call `source.name`, and the edits that this takes.

    The name that it is imported under already, else its own, added to the import from `source` at the top or
    on a line of its own. None if the module uses the name for something else.
    """
    scope = project.resolver.scope(module)
    wanted = canonical(f"{source}.{name}")
    for local, bindings in scope.bindings.items():
        if len(bindings) == 1 and bindings[0].statement is not None and not bindings[0].type_only:
            symbol = project.resolver.imported(bindings[0], module)
            if isinstance(symbol, External) and symbol.name == wanted:
                return local, ()
    if name in scope.bindings:
        return None
    for node in module.facts.body:
        if _imports_from(node, source):
            return name, (_behind(project, module, node, name),)
    return name, (add_import(project, module, f"from {source} import {name}"),)


def _imports_from(node: s.Statement, source: str) -> TypeGuard[s.ImportFrom]:
    """Whether a statement is `from source import a, b`."""
    if not isinstance(node, s.ImportFrom) or node.level or node.module != source:
        return False
    return node.names[0].name != "*"


def _behind(project: Project, module: Module, node: s.ImportFrom, name: str) -> Edit:
    """The name behind the last one of an import, on a line of its own if that has one."""
    last = node.names[-1]
    text = project.text(module.path)
    line = module.facts.line_starts[project.line(module, last.at) - 1]
    before = text[line : s.start_of(last.at)]
    gap = f",\n{before}" if before and not before.strip() else ", "
    return insert(project, module, s.end_of(last.at), gap + name)
