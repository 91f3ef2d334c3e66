"""Fixes for calls that block: sleep without blocking, or leave the event loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.body.statements import expressions, walk_expressions, walk_statements
from fastapi_lint.project.calls.by_tests import may_be_called_by_tests
from fastapi_lint.project.edits.text import add_import, imports_module, insert, replace, text_between
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Called
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def fix_of(project: Project, called: Called, site: CallSite) -> Fix | None:
    """`await asyncio.sleep` for `time.sleep`, else a plain `def` where nothing needs the async one."""
    if name_of(site.callee) == "time.sleep":
        return _sleep(project, called.function, site)
    return plain_def(project, called) if called.kind in ("endpoint", "dependency") else None


def _sleep(project: Project, function: FunctionSymbol, site: CallSite) -> Fix | None:
    alone = any(
        isinstance(statement, s.Expression) and statement.value is site.call
        for statement in walk_statements(function.node.body)
    )
    if not alone:
        return None
    start, end = s.start_of(site.call.func.at), s.end_of(site.call.func.at)
    edits = [replace(project, site.module, start, end, "await asyncio.sleep")]
    if not imports_module(site.module, "asyncio"):
        edits.append(add_import(project, site.module, "import asyncio"))
    return Fix("unsafe", "Sleep without blocking", tuple(edits))


def in_thread(project: Project, site: CallSite) -> Fix | None:
    """`f(a)` becomes `await run_in_threadpool(f, a)`, where the call is all that a statement evaluates."""
    if site.caller is None or not _is_whole_value(site):
        return None
    call, module = site.call, site.module
    start, end = s.end_of(call.func.at), s.end_of(call.at)
    text = text_between(project, module, start, end)
    opening = re.match(r"\s*\(\s*", text)
    generators = any(isinstance(a, s.Comprehension) and a.kind == "generator" for a in call.args)
    if opening is None or not text.endswith(")") or generators:
        return None
    comma = ", " if call.args or call.keywords else ""
    edits = [
        insert(project, module, s.start_of(call.at), "await run_in_threadpool("),
        replace(project, module, start, start + opening.end(), comma),
    ]
    if project.resolver.lookup("run_in_threadpool", site.scope) is None:
        edits.append(add_import(project, module, "from fastapi.concurrency import run_in_threadpool"))
    return Fix("unsafe", "Run it in a thread", tuple(edits))


def _is_whole_value(site: CallSite) -> bool:
    assert site.caller is not None
    return any(
        statement.value is site.call
        for statement in walk_statements(site.caller.node.body)
        if isinstance(statement, s.Expression | s.Assign | s.Declaration | s.Return)
    )


def plain_def(project: Project, called: Called) -> Fix | None:
    """Make an async function plain, if nothing in it is async and nothing but FastAPI calls it."""
    function = called.function
    endpoint = project.endpoints.of(function)
    if (endpoint is not None and endpoint.is_websocket) or _needs_loop(project, function):
        return None
    if _is_called(project, function.name):
        return None
    start = s.start_of(function.node.at)
    keyword = re.match(r"async\s+", text_between(project, function.module, start, s.end_of(function.node.at)))
    if keyword is None:
        return None
    edit = replace(project, function.module, start, start + keyword.end(), "")
    return Fix("unsafe", f"Make `{function.name}` a plain `def`", (edit,))


def _is_called(project: Project, name: str) -> bool:
    """Whether something of that name is called, so that a caller may await it."""
    by_code = any(project.calls.has_named(module, name) for module in project.code_modules)
    return by_code or may_be_called_by_tests(project, name)


def _needs_loop(project: Project, function: FunctionSymbol) -> bool:
    """Whether a function awaits, or calls what only works on the event loop."""
    for statement in walk_statements(function.node.body):
        if isinstance(statement, s.With | s.For) and statement.is_async:
            return True
        if any(_is_async(expr) for expr in walk_expressions(expressions(statement))):
            return True
    names = (name_of(site.callee) for site in project.calls.of(function))
    return any(name.startswith(("asyncio.", "anyio.")) for name in names)


def _is_async(expr: s.Expr) -> bool:
    if isinstance(expr, s.Comprehension):
        return any(clause.is_async for clause in expr.clauses)
    return isinstance(expr, s.Await)
