"""Folders that an app serves files from, or takes templates from, named relative to where it is started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import (
    argument,
    expressions,
    keyword,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.names.symbols import External

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

STATIC = "starlette.staticfiles.StaticFiles"
_TEMPLATES = frozenset({"fastapi.templating.Jinja2Templates", "starlette.templating.Jinja2Templates"})
_ASKS = frozenset("isdir exists is_dir makedirs mkdir access".split())


class ServedFolder(msgspec.Struct, frozen=True):
    """`StaticFiles(directory="x")` or `Jinja2Templates(directory="x")`: the folder, and where it is named."""

    folder: str
    class_name: str
    module: Module
    at: int


def folders_of(project: Project, app: App) -> Iterator[ServedFolder]:
    """The folders that the modules of an app name literally and need, in the order of the paths.

    One that the code looks for first, or makes itself, isn't needed.
    """
    reached = {module.path: module for module in project.import_graph.reachable(app.module)}
    modules = [reached[path] for path in sorted(reached)]
    if any("chdir" in module.facts.names for module in modules):
        return
    for module in modules:
        for site in project.calls.named(module, "StaticFiles", "Jinja2Templates"):
            found = _named_by(site)
            if found is not None and not any(_is_asked_for(other, found.folder) for other in modules):
                yield found


def _named_by(site: CallSite) -> ServedFolder | None:
    name = site.callee.name if isinstance(site.callee, External) else ""
    if name != STATIC and name not in _TEMPLATES:
        return None
    checked = keyword(site.call, "check_dir")
    if checked is not None and not (isinstance(checked, s.Constant) and checked.value is True):
        return None
    given = argument(site.call, 0, "directory")
    if not isinstance(given, s.Constant) or not isinstance(given.value, str):
        return None
    folder = given.value.strip("/").removeprefix("./")
    if not folder or given.value.startswith(("/", "~", "..")) or "\\" in folder:
        return None
    return ServedFolder(folder, name.rpartition(".")[2], site.module, given.at)


def _is_asked_for(module: Module, folder: str) -> bool:
    """Whether a module names a folder in a call that looks whether it exists, or makes it."""
    if module.facts.names.isdisjoint(_ASKS):
        return False
    for statement in walk_statements(module.facts.body, into_definitions=True):
        for expr in walk_expressions(expressions(statement)):
            if isinstance(expr, s.Call) and _asks(expr):
                inside = walk_expressions((expr.func, *expr.args))
                if any(isinstance(e, s.Constant) and _names(e.value, folder) for e in inside):
                    return True
    return False


def _asks(call: s.Call) -> bool:
    name = call.func.attr if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")
    return name in _ASKS


def _names(value: object, folder: str) -> bool:
    return isinstance(value, str) and value.strip("./").split("/")[0] == folder.split("/")[0]
