"""Edits that mark parameters of endpoints and dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix, Safety
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import insert

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project

_ANNOTATED_SINCE = "0.95"


def read_from_query(project: Project, function: FunctionSymbol, name: str, safety: Safety) -> Fix | None:
    """`ids: list[int]` becomes `ids: Annotated[list[int], Query()]`, which FastAPI reads since 0.95."""
    module = function.module
    given = next((one for one in function.node.parameters if one.name == name), None)
    annotation = given.annotation if given is not None else None
    if annotation is None or not project.versions.for_file(module.path).all_at_least(
        "fastapi", _ANNOTATED_SINCE
    ):
        return None
    annotated = import_from(project, module, "typing", "Annotated")
    query = import_from(project, module, "fastapi", "Query")
    if annotated is None or query is None:
        return None
    imports = _together((*annotated[1], *query[1]))
    edits = (
        insert(project, module, s.start_of(annotation.at), f"{annotated[0]}["),
        insert(project, module, s.end_of(annotation.at), f", {query[0]}()]"),
    )
    return Fix(safety, "Read it from the query string", (*edits, *imports))


def _together(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Edits of which those that insert at one place are one, what goes on with the line first."""
    found: dict[object, Edit] = {}
    for edit in sorted(edits, key=lambda edit: edit.text.startswith("\n")):
        before = found.get(edit.span)
        found[edit.span] = edit if before is None else Edit(edit.span, before.text + edit.text)
    return tuple(found.values())
