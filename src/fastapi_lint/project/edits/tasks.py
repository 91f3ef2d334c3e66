"""Edits that let FastAPI inject background tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.text import insert, replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.project.background.task_objects import LostTasks
    from fastapi_lint.project.project import Project


def inject(project: Project, lost: LostTasks) -> Fix | None:
    """`tasks = BackgroundTasks()` becomes the first parameter of the endpoint.

    None for what isn't an endpoint, for methods, and for objects that are made with tasks.
    """
    function, statement = lost.function, lost.statement
    if project.endpoints.of(function) is None or function.owner is not None or statement is None:
        return None
    if lost.call.args or lost.call.keywords or statement not in function.node.body:
        return None
    module, text = function.module, project.text(function.module.path)
    opening = text.find("(", s.end_of(function.node.name_at))
    kinds = {parameter.kind for parameter in function.node.parameters}
    between = text_between(project, module, s.end_of(function.node.name_at), opening)
    if between.strip() or "positional" in kinds:
        return None
    starts = module.facts.line_starts
    line = project.line(module, statement.at)
    end = text.find("\n", s.end_of(statement.at)) + 1
    own = text[starts[line - 1] : end].strip()
    if not end or own != text[s.start_of(statement.at) : s.end_of(statement.at)]:
        return None
    name = text_between(project, module, s.start_of(lost.call.func.at), s.end_of(lost.call.func.at))
    parameter = f"{lost.name}: {name}{', ' if function.node.parameters else ''}"
    edits = (
        insert(project, module, opening + 1, parameter),
        replace(project, module, starts[line - 1], end, ""),
    )
    return Fix("unsafe", "Let FastAPI inject the tasks", edits)
