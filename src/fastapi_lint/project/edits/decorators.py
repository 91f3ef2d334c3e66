"""Moving a decorator below another one of the same function."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.text import insert, replace

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def move_decorator_below(
    project: Project, module: Module, moved: Expr, other: Expr, title: str
) -> Fix | None:
    """Move the lines of one decorator below those of another; None if either shares a line with more."""
    lines, target = _lines(project, module, moved), _lines(project, module, other)
    if lines is None or target is None:
        return None
    text = project.text(module.path)[lines[0] : lines[1]]
    edits = (insert(project, module, target[1], text), replace(project, module, *lines, ""))
    return Fix("unsafe", title, edits)


def _lines(project: Project, module: Module, decorator: Expr) -> tuple[int, int] | None:
    """The offsets of the first line of a decorator, and of the line after it."""
    text, starts = project.text(module.path), module.facts.line_starts
    mark = text.rfind("@", 0, s.start_of(decorator.at))
    first = starts[bisect_right(starts, mark) - 1] if mark >= 0 else -1
    after = bisect_right(starts, s.end_of(decorator.at))
    if first < 0 or after >= len(starts) or text[first:mark].strip():
        return None
    rest = text[s.end_of(decorator.at) : starts[after]].strip()
    return (first, starts[after]) if not rest or rest.startswith("#") else None
