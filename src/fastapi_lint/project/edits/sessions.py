"""Edits that close sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import insert, replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.project.database.open_sessions import OpenSession
    from fastapi_lint.project.project import Project


def yield_in_with(project: Project, found: OpenSession) -> Fix | None:
    """`return SessionLocal()` becomes `with SessionLocal() as session: yield session`.

    Only where that is the last statement of a function and its only `return`.
    """
    function, statement = found.function, found.statement
    last = function.node.body[-1]
    if statement is not last or not isinstance(last, s.Return) or last.value is not found.call:
        return None
    module = function.module
    start = module.facts.line_starts[project.line(module, last.at) - 1]
    indent = text_between(project, module, start, s.start_of(last.at))
    scope = project.resolver.scope(function)
    if indent.strip() or "session" in scope.bindings:
        return None
    is_async = project.effects.is_async_session(project.types.infer(found.call, scope))
    call = text_between(project, module, s.start_of(found.call.at), s.end_of(found.call.at))
    word = "async with" if is_async else "with"
    text = f"{word} {call} as session:\n{indent}    yield session"
    edits = [replace(project, module, s.start_of(last.at), s.end_of(last.at), text)]
    declared = _annotation(project, found, is_async)
    if declared is None:
        return None
    if is_async and not function.node.is_async:
        edits.append(insert(project, module, s.start_of(function.node.at), "async "))
    return Fix("unsafe", "Open the session in a `with` block and yield it", (*declared, *edits))


def _annotation(project: Project, found: OpenSession, is_async: bool) -> tuple[Edit, ...] | None:
    """`-> Session` becomes `-> Iterator[Session]`; None if that name is taken."""
    returns, module = found.function.node.returns, found.function.module
    if returns is None:
        return ()
    named = import_from(project, module, "collections.abc", "AsyncIterator" if is_async else "Iterator")
    if named is None:
        return None
    before = insert(project, module, s.start_of(returns.at), f"{named[0]}[")
    return (*named[1], before, insert(project, module, s.end_of(returns.at), "]"))
