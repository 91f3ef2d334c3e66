"""Edits that compare two texts in a time that doesn't depend on where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit
from fastapi_lint.project.edits.text import add_import, imports_module, replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def compare_in_constant_time(project: Project, module: Module, compare: s.Compare) -> tuple[Edit, ...] | None:
    """`secrets.compare_digest(a.encode(), b.encode())` for `a == b`, with `not` for `a != b`.

    Both sides have to be text, and names or attributes. None if the module uses `secrets` for something else.
    """
    sides = (compare.left, compare.comparators[0])
    if not all(isinstance(side, s.Name | s.Attribute) for side in sides):
        return None
    imported = imports_module(module, "secrets")
    if not imported and "secrets" in project.resolver.scope(module).bindings:
        return None
    left, right = (
        text_between(project, module, s.start_of(side.at), s.end_of(side.at)) + ".encode()" for side in sides
    )
    negation = "not " if compare.operators[0] == "!=" else ""
    start, end = s.start_of(compare.left.at), s.end_of(compare.comparators[0].at)
    edit = replace(project, module, start, end, f"{negation}secrets.compare_digest({left}, {right})")
    return (edit,) if imported else (edit, add_import(project, module, "import secrets"))
