"""Edits of `raise` statements."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import replace, text_between
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.errors.raising import Raised
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project


def return_json_response(project: Project, raised: Raised) -> Fix | None:
    """`raise HTTPException(401, "x")` becomes `return JSONResponse({"detail": "x"}, status_code=401)`.

    Unsafe: what surrounds the statement may count on an exception.
    """
    call, module = raised.statement.error, raised.function.module
    if not isinstance(call, s.Call) or not isinstance(raised.error, External):
        return None
    status = argument(call, 0, "status_code")
    detail = _detail(project, module, raised, call)
    named = import_from(project, module, "fastapi.responses", "JSONResponse")
    if status is None or detail is None or named is None:
        return None
    headers = argument(call, 2, "headers")
    rest = f", headers={_text(project, module, headers)}" if headers is not None else ""
    text = f'return {named[0]}({{"detail": {detail}}}, status_code={_text(project, module, status)}{rest})'
    at = raised.statement.at
    edit = replace(project, module, s.start_of(at), s.end_of(at), text)
    return Fix("unsafe", "Return a response", (*named[1], edit))


def _detail(project: Project, module: Module, raised: Raised, call: s.Call) -> str | None:
    """The text of the detail; without one it is the status's own phrase."""
    given = argument(call, 1, "detail")
    if given is not None:
        return _text(project, module, given)
    if len(call.args) > 1 or keyword(call, "detail") is not None:
        return None
    status = project.made_errors.status(call, project.resolver.scope(raised.function))
    return f'"{HTTPStatus(status).phrase}"' if status in set(HTTPStatus) else None


def _text(project: Project, module: Module, expr: s.Expr) -> str:
    return text_between(project, module, s.start_of(expr.at), s.end_of(expr.at))
