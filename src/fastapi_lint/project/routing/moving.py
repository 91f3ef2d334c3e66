"""Moving a route's function in its file, decorators and all."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.text import insert, replace, text_between

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol, Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route


def move_above(project: Project, route: Route, other: Route) -> Fix | None:
    """Move the function of `route` above that of `other`, if both stand decorated at the top of one module.

    None as well if anything between them is more than a function: the moved one may need it.
    """
    moved, above = _decorated(route), _decorated(other)
    if moved is None or above is None or moved.module is not above.module:
        return None
    body = moved.module.facts.body
    if moved.node not in body or above.node not in body:
        return None
    first, last = body.index(above.node), body.index(moved.node)
    if first > last or not all(isinstance(node, s.Function) for node in body[first:last]):
        return None
    text = project.text(moved.module.path)
    start, end = _line_of_decorator(moved.module, moved.node), s.end_of(moved.node.at)
    target = _line_of_decorator(above.module, above.node)
    if not text or start <= target:
        return None
    blank = start - len(text_between(project, moved.module, 0, start).rstrip())
    gap = text[start - blank : start]
    return Fix(
        "unsafe",
        f"Move `{moved.name}` above `{above.name}`",
        (
            insert(project, moved.module, target, text[start:end] + gap),
            replace(project, moved.module, start - blank, end, ""),
        ),
    )


def _decorated(route: Route) -> FunctionSymbol | None:
    """The endpoint, if one of its own decorators registers it."""
    site = route.registered
    if route.endpoint is None or site is None or site.module is not route.endpoint.module:
        return None
    return route.endpoint if any(site.at == d.at for d in route.endpoint.node.decorators) else None


def _line_of_decorator(module: Module, node: s.Function) -> int:
    """The offset where the line of the first decorator begins."""
    first = node.decorators[0].at if node.decorators else node.at
    starts = module.facts.line_starts
    return starts[bisect_right(starts, s.start_of(first)) - 1]
