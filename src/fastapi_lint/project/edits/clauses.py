"""Edits of `except` clauses."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.body.statements import calls_of, dotted_name, walk_statements
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import insert
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.errors.hiding import Hiding
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

_HTTP, _BASE = "fastapi.HTTPException", "starlette.exceptions.HTTPException"
_LOG_METHODS = frozenset("debug info warning warn error exception critical fatal log print format".split())
_PURE = frozenset({"str", "repr", "type", "dict", "HTTPException", "JSONResponse", "Response", "format_exc"})


def let_http_errors_pass(project: Project, hiding: Hiding) -> Fix | None:
    """`except HTTPException: raise` before a broad clause.

    Safe if the clause does nothing but log and answer; else what it does besides is skipped for HTTP errors.
    """
    module, handler = hiding.function.module, hiding.handler
    indents = _indents(project, module, handler)
    named = _name(project, module, hiding)
    if indents is None or named is None:
        return None
    name, edits = named
    outer, inner = indents
    clause = f"except {name}:\n{inner}raise\n{outer}"
    edit = insert(project, module, s.start_of(handler.at), clause)
    return Fix(
        "safe" if _only_answers(handler) else "unsafe",
        "Let HTTP errors pass before the clause",
        (*edits, edit),
    )


def _name(project: Project, module: Module, hiding: Hiding) -> tuple[str, tuple[Edit, ...]] | None:
    """A name of a class that all hidden errors have, and the edits that import it."""
    names = [hidden.raised.names for hidden in hiding.hidden]
    wanted = _HTTP if all(_HTTP in one for one in names) else _BASE
    scope = project.resolver.scope(module)
    for local in ("HTTPException", "StarletteHTTPException", "fastapi.HTTPException"):
        first, _, rest = local.partition(".")
        expr: s.Expr = s.Attribute(0, s.Name(0, first), rest) if rest else s.Name(0, first)
        symbol = project.resolver.resolve(expr, scope)
        if isinstance(symbol, External) and symbol.name in (wanted, _BASE):
            return local, ()
    if wanted == _HTTP:
        return import_from(project, module, "fastapi", "HTTPException")
    return import_from(project, module, "starlette.exceptions", "HTTPException")


def _indents(project: Project, module: Module, handler: s.Handler) -> tuple[str, str] | None:
    """The white space before a clause and before its body; None if the clause has no line of its own."""
    outer = _before(project, module, handler.at)
    first = _before(project, module, handler.body[0].at) if handler.body else None
    if outer is None:
        return None
    return outer, first if first is not None and len(first) > len(outer) else outer + "    "


def _before(project: Project, module: Module, at: int) -> str | None:
    start, starts = s.start_of(at), module.facts.line_starts
    before = project.text(module.path)[starts[bisect_right(starts, start) - 1] : start]
    return before if not before.strip() else None


def _only_answers(handler: s.Handler) -> bool:
    """Whether a clause calls nothing but loggers and what makes its answer."""
    if any(not isinstance(node, s.Expression | s.Raise | s.Return) for node in walk_statements(handler.body)):
        return False
    return all(_is_harmless(call, handler) for call in calls_of(handler.body))


def _is_harmless(call: s.Call, handler: s.Handler) -> bool:
    name = (dotted_name(call.func) or "").rpartition(".")[2]
    ending = handler.body[-1]
    is_answer = s.start_of(ending.at) <= s.start_of(call.at) and name[:1].isupper()
    return name in _LOG_METHODS or name in _PURE or is_answer
