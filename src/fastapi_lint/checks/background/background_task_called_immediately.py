"""BGT001: a background task is called where it has to be handed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.body.statements import argument, dotted_name
from fastapi_lint.project.edits.text import replace, text_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.types.callables import Uncallable


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `add_task(f())` and `BackgroundTask(f())` whose result can't be called."""
    for site in project.endpoints.task_sites:
        given = argument(site.call, 0, "func")
        if not isinstance(given, s.Call) or project.roles.is_outside(site.module):
            continue
        result = project.callables.uncallable(given, site.scope)
        if result is not None:
            yield _finding(project, site, given, result)


def _finding(project: Project, site: CallSite, given: s.Call, result: Uncallable) -> Finding:
    name = dotted_name(given.func) or "the function"
    marker = (dotted_name(site.call.func) or "add_task").rpartition(".")[2]
    happens = (
        "so it never runs"
        if result.is_coroutine
        else f"so it runs before the response, and {result.words} is called after it"
    )
    return Finding(
        span=project.span(site.module, given.at),
        message=f"`{name}` is called instead of handed to `{marker}`, {happens}",
        help=f"Give `{marker}` the function and its arguments: `{marker}({_arguments(name, given)})`",
        fix=_fix(project, site, given),
        symbol=site.caller.qualname if site.caller else "",
    )


def _arguments(name: str, given: s.Call) -> str:
    return f"{name}, ..." if given.args or given.keywords else name


def _fix(project: Project, site: CallSite, given: s.Call) -> Fix | None:
    """`add_task(f(a, b))` becomes `add_task(f, a, b)`."""
    if len(site.call.args) != 1 or site.call.keywords or any(k.name == "func" for k in given.keywords):
        return None
    if any(isinstance(a, s.Comprehension) and a.kind == "generator" for a in given.args):
        return None
    start, end = s.end_of(given.func.at), s.end_of(given.at)
    text = text_between(project, site.module, start, end)
    opening = re.match(r"\s*\(\s*", text)
    if opening is None or not text.endswith(")"):
        return None
    inner = text[opening.end() : -1].rstrip()
    edit = replace(project, site.module, start, end, f", {inner}" if inner else "")
    return Fix("safe", "Hand over the function", (edit,))
