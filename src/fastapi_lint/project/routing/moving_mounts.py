"""Moving a mount behind the routes that it takes the requests of."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.text import insert, replace
from fastapi_lint.project.names.symbols import FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.covering import Covered
    from fastapi_lint.project.routing.table import Site


def move_below(project: Project, found: Covered) -> Fix | None:
    """The mount's statement behind the last one of its block that registers a covered route.

    None if the mount is no statement of its own, or if a route comes from another block.
    """
    mount = found.mount.registered
    block = _block(mount) if mount is not None else ()
    place = _holding(block, mount) if mount is not None else None
    if mount is None or place is None:
        return None
    last = -1
    for route in found.later:
        sites = [site for site in (*route.via, route.registered) if site is not None]
        positions = [
            p for site in sites if site.module is mount.module and (p := _holding(block, site)) is not None
        ]
        if not positions:
            return None
        last = max(last, *positions)
    if last <= place:
        return None
    return _moved(project, mount.module, block[place], block[last])


def _moved(project: Project, module: Module, moved: s.Statement, target: s.Statement) -> Fix | None:
    """Cut a statement with its lines, and put it behind another one of the same block."""
    text, starts = project.text(module.path), module.facts.line_starts
    first = starts[bisect_right(starts, s.start_of(moved.at)) - 1]
    after = bisect_right(starts, s.end_of(moved.at))
    end = starts[after] if after < len(starts) else len(text)
    indent = text[first : s.start_of(moved.at)]
    if indent.strip() or text[s.end_of(moved.at) : end].strip():
        return None
    gap = "\n\n" if isinstance(target, s.Function | s.Class) else "\n"
    copy = f"{gap}{indent}{text[s.start_of(moved.at) : s.end_of(moved.at)]}"
    cut = replace(project, module, first, end, "")
    return Fix(
        "unsafe", "Mount it behind the routes", (cut, insert(project, module, s.end_of(target.at), copy))
    )


def _block(site: Site | None) -> tuple[s.Statement, ...]:
    """The body of the module or function that a registration stands in."""
    if site is None:
        return ()
    owner = site.scope.owner
    return owner.node.body if isinstance(owner, FunctionSymbol) else site.module.facts.body


def _holding(block: tuple[s.Statement, ...], site: Site) -> int | None:
    """The position of the statement that holds a registration, decorators included."""
    for position, statement in enumerate(block):
        start = statement.at
        if isinstance(statement, s.Function | s.Class) and statement.decorators:
            start = statement.decorators[0].at
        if s.start_of(start) <= s.start_of(site.at) < s.end_of(statement.at):
            return position
    return None
