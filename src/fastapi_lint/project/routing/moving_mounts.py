"""Moving a mount behind the routes that it takes the requests of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.moving import block_of, move_behind, position_in

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.covering import Covered


def move_below(project: Project, found: Covered) -> Fix | None:
    """The mount's statement behind the last one of its block that registers a covered route.

    None if the mount is no statement of its own, or if a route comes from another block.
    """
    mount = found.mount.registered
    if mount is None:
        return None
    block = block_of(mount)
    place = position_in(block, mount)
    last = -1
    for route in found.later:
        sites = [site for site in (*route.via, route.registered) if site is not None]
        positions = [
            p for site in sites if site.module is mount.module and (p := position_in(block, site)) is not None
        ]
        if not positions:
            return None
        last = max(last, *positions)
    if place is None or last <= place:
        return None
    edits = move_behind(project, mount.module, block[place], block[last])
    return Fix("unsafe", "Mount it behind the routes", edits) if edits is not None else None
