"""Edits that make responses of what endpoints return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.status_tuples import StatusTuple


def respond_with_status(project: Project, returned: StatusTuple) -> Fix | None:
    """`return body, 404` becomes `return JSONResponse(body, status_code=404)`; headers follow.

    Only for bodies of literals: others may need FastAPI's encoder.
    """
    module, value = returned.function.module, returned.value
    named = import_from(project, module, "fastapi.responses", "JSONResponse")
    if named is None or not _is_written_out(value.items[0]):
        return None
    texts = [text_between(project, module, s.start_of(one.at), s.end_of(one.at)) for one in value.items]
    given = zip(("", "status_code=", "headers="), texts, strict=False)
    text = f"{named[0]}({', '.join(name + item for name, item in given)})"
    edit = replace(project, module, s.start_of(value.at), s.end_of(value.at), text)
    return Fix("unsafe", "Return a response with this status", (edit, *named[1]))


def _is_written_out(expr: s.Expr) -> bool:
    """Whether a value is of literals only, so that `json` can write it."""
    if isinstance(expr, s.Mapping):
        return all(map(_is_written_out, expr.values)) and all(isinstance(k, s.Constant) for k in expr.keys)
    if isinstance(expr, s.Collection):
        return expr.kind != "set" and all(map(_is_written_out, expr.items))
    return isinstance(expr, s.Constant | s.Template)
