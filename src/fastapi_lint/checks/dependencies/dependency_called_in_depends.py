"""DEP001: `Depends` is given the result of a call that is no callable."""

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
    """One finding for each `Depends(f())` whose result FastAPI can't call."""
    for module in project.application_modules():
        for site in project.calls.named(module, "Depends", "Security"):
            given = argument(site.call, 0, "dependency")
            if not isinstance(given, s.Call) or not project.types.is_depends(site.call, site.scope):
                continue
            result = project.callables.uncallable(given, site.scope)
            if result is not None:
                yield _finding(project, site, given, result)


def _finding(project: Project, site: CallSite, given: s.Call, result: Uncallable) -> Finding:
    name = dotted_name(given.func) or "the function"
    marker = (dotted_name(site.call.func) or "Depends").rpartition(".")[2]
    fix = _fix(project, site, given)
    plain = not given.args and not given.keywords
    return Finding(
        span=project.span(site.module, given.at),
        message=f"`{marker}` is given what `{name}()` returns, {result.words}, which FastAPI can't call",
        help=(
            f"Write `{marker}({name})`, so that FastAPI calls it for each request"
            if plain
            else f"Let `{name}` return the function that FastAPI is to call"
        ),
        fix=fix if plain else None,
    )


def _fix(project: Project, site: CallSite, given: s.Call) -> Fix | None:
    """Remove the parentheses of a call without arguments."""
    start, end = s.end_of(given.func.at), s.end_of(given.at)
    if not re.fullmatch(r"\s*\(\s*\)", text_between(project, site.module, start, end)):
        return None
    return Fix("safe", "Remove the parentheses", (replace(project, site.module, start, end, ""),))
