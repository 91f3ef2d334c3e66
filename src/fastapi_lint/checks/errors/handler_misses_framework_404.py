"""ERR004: the handler for FastAPI's `HTTPException` doesn't get the framework's own 404 and 405."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import add_import, replace
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Edit
    from fastapi_lint.project.errors.handlers import Registration
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

OWN, PARENT = "fastapi.HTTPException", "starlette.exceptions.HTTPException"
ALL = {PARENT, "builtins.Exception", "builtins.BaseException"}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each registration, where the app has nothing for the framework's own errors."""
    seen: set[tuple[str, int]] = set()
    for app in project.routing.every_app:
        registrations = project.error_handlers.of(app)
        if not all(one.is_known for one in registrations) or _covers_framework(registrations):
            continue
        for one in registrations:
            place = (one.module.path, one.at)
            if OWN in one.names and place not in seen and not project.roles.is_outside(one.module):
                seen.add(place)
                yield _finding(project, one)


def _covers_framework(registrations: tuple[Registration, ...]) -> bool:
    """Whether some handler gets Starlette's class, or 404 or 405 has one."""
    names = {name for one in registrations for name in one.names}
    statuses = {one.status for one in registrations}
    return bool(names & ALL) or bool(statuses & {404, 405})


def _finding(project: Project, one: Registration) -> Finding:
    assert one.handles is not None
    return Finding(
        span=project.span(one.module, one.handles.at),
        message="The handler for `fastapi.HTTPException` doesn't get the 404 of unknown paths and the 405",
        help="Register it for `starlette.exceptions.HTTPException`, from which FastAPI's class derives",
        fix=_fix(project, one, one.handles),
    )


def _fix(project: Project, one: Registration, handles: s.Expr) -> Fix | None:
    if not isinstance(handles, s.Name | s.Attribute):
        return None
    name, edits = _parent_name(project, one.module)
    edit = replace(project, one.module, s.start_of(handles.at), s.end_of(handles.at), name)
    return Fix("safe", "Register it for Starlette's class", (*edits, edit))


def _parent_name(project: Project, module: Module) -> tuple[str, tuple[Edit, ...]]:
    """The name of Starlette's class in a module, and the edit that imports it."""
    for local, bindings in project.resolver.scope(module).bindings.items():
        for binding in bindings:
            symbol = project.resolver.imported(binding, module) if binding.statement is not None else None
            if isinstance(symbol, External) and symbol.name == PARENT:
                return local, ()
    name = "StarletteHTTPException"
    statement = f"from starlette.exceptions import HTTPException as {name}"
    return name, (add_import(project, module, statement),)
