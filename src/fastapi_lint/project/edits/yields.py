"""Edits of what comes after a yield."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import blocks
from fastapi_lint.project.edits.text import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.python.syntax import Statement
    from fastapi_lint.project.dependencies.yielding import YieldPoint
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_SIMPLE = (s.Expression, s.Assign, s.AugmentedAssign)


def into_finally(
    project: Project,
    module: Module,
    body: tuple[Statement, ...],
    point: YieldPoint,
    releases: Sequence[Statement],
) -> Fix | None:
    """`try:` before the yield and `finally:` before the statements that release something.

    Only where all that follows the yield in its block are simple statements on lines of their own, with the
    releases at the end.
    """
    if point.tries:
        return None
    rest = _from(body, point.statement)
    released = {id(statement) for statement in releases}
    marks = [id(statement) in released for statement in rest]
    if not rest or True not in marks or not all(marks[marks.index(True) :]):
        return None
    if not all(isinstance(node, _SIMPLE) and _has_own_line(project, module, node) for node in rest):
        return None
    indent = _indent(project, module, rest[0])
    first = rest[marks.index(True)]
    edits = [insert(project, module, s.start_of(rest[0].at), f"try:\n{indent}    ")]
    for node in rest[1:]:
        text = f"finally:\n{indent}    " if node is first else "    "
        edits.append(insert(project, module, s.start_of(node.at), text))
    return Fix("safe", "Put the cleanup in `finally`", tuple(edits))


def _from(body: tuple[Statement, ...], wanted: Statement) -> tuple[Statement, ...]:
    """A statement and those that follow it in its block."""
    pending = [body]
    while pending:
        block = pending.pop()
        for position, statement in enumerate(block):
            if statement is wanted:
                return block[position:]
            pending.extend(blocks(statement))
    return ()


def _has_own_line(project: Project, module: Module, node: Statement) -> bool:
    """Whether a statement begins and ends on one line, alone on it, a comment aside."""
    line = project.line(module, node.at)
    if project.span(module, node.at).end_line != line:
        return False
    text = project.text(module.path)
    start = module.facts.line_starts[line - 1]
    end = text.find("\n", s.end_of(node.at))
    after = text[s.end_of(node.at) : end if end >= 0 else len(text)].strip()
    return not text[start : s.start_of(node.at)].strip() and (not after or after.startswith("#"))


def _indent(project: Project, module: Module, node: Statement) -> str:
    start = module.facts.line_starts[project.line(module, node.at) - 1]
    return project.text(module.path)[start : s.start_of(node.at)]
