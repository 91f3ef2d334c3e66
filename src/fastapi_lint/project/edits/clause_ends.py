"""Edits at the end of `except` clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.edits.text import insert, replace

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_LEAVING = (s.Return, s.Raise)


def end_with_raise(project: Project, module: Module, handler: s.Handler) -> Fix | None:
    """A `raise` behind the last statement of a clause, or in place of its `pass`.

    None if some way leaves the clause before, or its body has no lines of its own.
    """
    if not handler.body or any(isinstance(node, _LEAVING) for node in walk_statements(handler.body)):
        return None
    first, last = handler.body[0], handler.body[-1]
    start = module.facts.line_starts[project.line(module, first.at) - 1]
    indent = project.text(module.path)[start : s.start_of(first.at)]
    if indent.strip():
        return None
    if isinstance(last, s.Control) and last.kind == "pass":
        edit = replace(project, module, s.start_of(last.at), s.end_of(last.at), "raise")
    else:
        edit = insert(project, module, s.end_of(last.at), f"\n{indent}raise")
    return Fix("unsafe", "Raise the error again", (edit,))
