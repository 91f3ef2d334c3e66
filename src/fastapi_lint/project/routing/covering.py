"""Mounts that answer for routes which are registered after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.project.routing.paths import PathPattern, mount_pattern, pattern_of

if TYPE_CHECKING:
    from fastapi_lint.project.routing.table import Route


class Covered(msgspec.Struct, frozen=True):
    """A mount, and the later entries of the same table whose requests it takes."""

    mount: Route
    later: tuple[Route, ...]


def covered(routes: Sequence[Route]) -> Iterator[Covered]:
    """The mounts of an app that take what later routes or mounts are for, in their order.

    Starlette asks the entries one by one; a mount takes all that begins with its path and a slash. What
    stands under a condition that isn't known, and what low priority puts last, is left out.
    """
    for position, mount in enumerate(routes):
        if mount.kind != "mount" or mount.conditional or mount.registered is None:
            continue
        pattern = mount_pattern(mount.path)
        if pattern is None:
            continue
        later = tuple(
            route for route in routes[position + 1 :] if _is_beside(route, mount) and _takes(pattern, route)
        )
        if later:
            yield Covered(mount, later)


def _takes(pattern: PathPattern, route: Route) -> bool:
    path = f"{route.path}/x" if route.kind == "mount" else route.path
    other = pattern_of(path)
    return other is not None and pattern.covers(other)


def _is_beside(route: Route, mount: Route) -> bool:
    """Whether a later entry stands in the same table, for certain, and was not made by the same call."""
    if route.kind not in ("http", "websocket", "mount") or route.conditional or route.registered is None:
        return False
    if route.mounted != mount.mounted or set(route.assumes) != set(mount.assumes):
        return False
    assert mount.registered is not None
    if (route.registered.module, route.registered.at) == (mount.registered.module, mount.registered.at):
        return False
    return route.via[: mount.mounted] == mount.via[: mount.mounted]
