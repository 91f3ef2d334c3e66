"""Moving a statement behind another one of the same block."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit
from fastapi_lint.project.edits.text import insert, replace
from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Site


def block_of(site: Site) -> tuple[s.Statement, ...]:
    """The body of the module or function that an expression stands in."""
    owner = site.scope.owner
    return owner.node.body if isinstance(owner, FunctionSymbol) else site.module.facts.body


def position_in(block: tuple[s.Statement, ...], site: Site) -> int | None:
    """The position of the statement that holds an expression, decorators included."""
    for position, statement in enumerate(block):
        start = statement.at
        if isinstance(statement, s.Function | s.Class) and statement.decorators:
            start = statement.decorators[0].at
        if s.start_of(start) <= s.start_of(site.at) < s.end_of(statement.at):
            return position
    return None


def move_behind(
    project: Project, module: Module, moved: s.Statement, target: s.Statement
) -> tuple[Edit, ...] | None:
    """Cut a statement with its lines, and put it behind another one of the same block.

    None if it shares its lines with something else.
    """
    text, starts = project.text(module.path), module.facts.line_starts
    first = starts[bisect_right(starts, s.start_of(moved.at)) - 1]
    after = bisect_right(starts, s.end_of(moved.at))
    end = starts[after] if after < len(starts) else len(text)
    indent = text[first : s.start_of(moved.at)]
    if indent.strip() or text[s.end_of(moved.at) : end].strip():
        return None
    gap = "\n\n" if isinstance(target, s.Function | s.Class) else "\n"
    copy = f"{gap}{indent}{text[s.start_of(moved.at) : s.end_of(moved.at)]}"
    cut = replace(project, module, first, end, "")
    return cut, insert(project, module, s.end_of(target.at), copy)
