"""Edits of the scope of dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.edits.text import insert, text_between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency, DependencyPath
    from fastapi_lint.project.project import Project

_ADDED = 'scope="function"'


def in_function_scope(project: Project, uses: Iterable[tuple[Endpoint, DependencyPath]]) -> Fix | None:
    """`Depends(f)` becomes `Depends(f, scope="function")` wherever `f` is used.

    None where a yield dependency of the request's scope uses it: FastAPI forbids that.
    """
    edits: dict[int, Edit] = {}
    for _, path in uses:
        outer = path.steps[-2] if len(path.steps) > 1 else None
        if outer is not None and _lives_for_request(project, outer):
            return None
        call = path.last.call
        if keyword(call, "scope") is not None:
            continue
        edit = _add_scope(project, path.last)
        if edit is None:
            return None
        edits[id(call)] = edit
    found = sorted(edits.values(), key=lambda edit: edit.span)
    return Fix("unsafe", f"Add `{_ADDED}`", tuple(found)) if found else None


def _lives_for_request(project: Project, dependency: Dependency) -> bool:
    function = project.dependencies.function_of(dependency)
    return function is not None and function.node.is_generator and keyword(dependency.call, "scope") is None


def _add_scope(project: Project, dependency: Dependency) -> Edit | None:
    """The scope behind the last argument of a `Depends` call."""
    call, module = dependency.call, dependency.scope.module
    end = s.end_of(call.at)
    if text_between(project, module, end - 1, end) != ")":
        return None
    ends = [s.end_of(e.at) for e in (*call.args, *(k.value for k in call.keywords))]
    last = max(ends, default=end - 1)
    if text_between(project, module, last, end - 1).strip() not in ("", ","):
        return None
    return insert(project, module, last, f", {_ADDED}" if ends else _ADDED)
