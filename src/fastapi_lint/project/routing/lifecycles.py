"""What apps and routers run when the server starts and stops: lifespans and event handlers, and mounts.

Follows `starlette/routing.py` (`Router.__init__`, `Router.lifespan`): a lifespan takes the place of the
handlers, and only the outermost app's lifespan runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.project.routing.routers import MountValue, RouterValue
from fastapi_lint.project.routing.table import Lifecycle, Lifecycles, MountedApp, Site
from fastapi_lint.project.routing.values import Choice, Maybe, Unknown

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter


def lifecycles_of(run: Interpreter) -> Lifecycles:
    """What the run has found."""
    made = {id(one): _lifecycle(run, one, one.site) for one in run.routers if one.site is not None}
    mounts = [
        MountedApp(made[id(outer)], made[id(inner)], site)
        for outer in run.routers
        if outer.is_app and id(outer) in made
        for inner, site in _mounted(outer)
        if id(inner) in made
    ]
    return Lifecycles(tuple(made.values()), tuple(mounts))


def _lifecycle(run: Interpreter, router: RouterValue, site: Site) -> Lifecycle:
    return Lifecycle(
        kind=router.kind,
        name=router.names[0][1] if router.names else "",
        site=site,
        has_lifespan=_has_lifespan(router),
        lifespan=run.function_of(router.lifespan),
        own=tuple(event for event in router.events if event.receiver is site),
        handlers=tuple(router.events),
    )


def _has_lifespan(router: RouterValue) -> bool | None:
    """Not known: a value that isn't, one that comes by `**`, and one that was assigned afterwards."""
    if router.lifespan is None:
        return None if router.loose else False
    if isinstance(router.lifespan, Unknown | Choice | Maybe) or "lifespan" not in router.options:
        return None
    return True


def _mounted(outer: RouterValue) -> Iterator[tuple[RouterValue, Site]]:
    for item in outer.routes:
        entry = item.value if isinstance(item, Maybe) else item
        if isinstance(entry, MountValue) and entry.registered is not None:
            inner = entry.app
            if isinstance(inner, RouterValue) and inner.is_app and inner is not outer:
                yield inner, entry.registered
