"""Edits that let a dependency take any connection, not only requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import replace

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_SHARED = frozenset(
    "app auth base_url client cookies headers path_params query_params session state url user".split()
)
"""What `HTTPConnection` has itself (`starlette/requests.py`)."""


def take_any_connection(project: Project, function: FunctionSymbol, name: str) -> Fix | None:
    """`request: Request` becomes `request: HTTPConnection`, if nothing else of it is used."""
    module = function.module
    given = next((one for one in function.node.parameters if one.name == name), None)
    annotation = given.annotation if given is not None else None
    uses = project.name_uses.of(project.resolver.scope(function), name)
    if not isinstance(annotation, s.Name | s.Attribute):
        return None
    if any(not use.attributes or use.attributes[0] not in _SHARED for use in uses):
        return None
    named = import_from(project, module, "fastapi.requests", "HTTPConnection")
    if named is None:
        return None
    edit = replace(project, module, s.start_of(annotation.at), s.end_of(annotation.at), named[0])
    return Fix("unsafe", "Take any connection", (edit, *named[1]))
