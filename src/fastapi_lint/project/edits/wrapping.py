"""Edits that put statements into a block, or before another statement, with the right indentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit
from fastapi_lint.project.body.statements import blocks, expressions_of
from fastapi_lint.project.edits.text import insert, replace

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def indentation(project: Project, module: Module, statement: s.Statement) -> str | None:
    """The white space before a statement; None if something else stands before it on its line."""
    start = s.start_of(statement.at)
    line = module.facts.line_starts[project.line(module, statement.at) - 1]
    before = project.text(module.path)[line:start]
    return before if not before.strip() else None


def put_before(project: Project, module: Module, statement: s.Statement, line: str) -> Edit | None:
    """A line of its own before a statement."""
    indent = indentation(project, module, statement)
    if indent is None:
        return None
    return insert(project, module, s.start_of(statement.at), f"{line}\n{indent}")


def wrap_in_try(project: Project, module: Module, statement: s.Statement, caught: str) -> Edit | None:
    """`try:` around a compound statement, and `except <caught>: pass` behind it.

    None where lines can't be moved to the right: a text goes over several of them, or the block stands on
    one line.
    """
    indent = indentation(project, module, statement)
    inner = next((block[0] for block in blocks(statement) if block), None)
    deeper = indentation(project, module, inner) if inner is not None else None
    if indent is None or deeper is None or not deeper.startswith(indent):
        return None
    if _has_long_text(project, module, statement):
        return None
    unit = deeper[len(indent) :]
    text = project.text(module.path)[s.start_of(statement.at) : s.end_of(statement.at)]
    first, *rest = text.split("\n")
    lines = [f"try:\n{deeper}{first}", *(unit + line if line.strip() else line for line in rest)]
    lines += [f"{indent}except {caught}:", f"{deeper}pass"]
    return replace(project, module, s.start_of(statement.at), s.end_of(statement.at), "\n".join(lines))


def _has_long_text(project: Project, module: Module, statement: s.Statement) -> bool:
    return any(
        isinstance(expr, s.Constant | s.Template | s.Opaque)
        and project.span(module, expr.at).line != project.span(module, expr.at).end_line
        for expr in expressions_of((statement,))
    )
