"""RTE015: an app is mounted in another one, and nothing runs its lifespan or event handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.body.statements import argument, dotted_name
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Lifecycle, MountedApp


def check(project: Project) -> Iterator[Finding]:
    """One finding for each mount of an app with a start of its own, which no outer app enters."""
    found: dict[tuple[str, int], list[MountedApp]] = {}
    for mounted in project.routing.lifecycles.mounts:
        found.setdefault((mounted.site.module.path, mounted.site.at), []).append(mounted)
    for _, rows in sorted(found.items(), key=lambda item: item[0]):
        mounted = rows[0]
        if project.roles.is_outside(mounted.site.module) or project.roles.is_outside(
            mounted.inner.site.module
        ):
            continue
        if all(_has_start(one.inner) and not project.starting.may_enter(one) for one in rows):
            yield _finding(project, mounted)


def _has_start(app: Lifecycle) -> bool:
    """Whether an app has something to run at its start that is known."""
    if app.has_lifespan:
        return app.lifespan is not None
    return app.has_lifespan is False and any(handler.function is not None for handler in app.handlers)


def _finding(project: Project, mounted: MountedApp) -> Finding:
    inner, outer, site = mounted.inner, _words(mounted.outer), mounted.site
    given = argument(site.expr, 1, "app") if isinstance(site.expr, s.Call) else None
    name = dotted_name(given) or inner.name
    of = f"`{name}`" if name else "the mounted app"
    if inner.has_lifespan:
        what = f"The lifespan `{name_of(inner.lifespan)}` of {of} never runs"
    else:
        function = next(one.function for one in inner.handlers if one.function is not None)
        what = f"The event handler `{name_of(function)}` of {of} is never called"
    way = f": `{name}.router.lifespan_context({name})`" if name else ""
    return Finding(
        span=project.span(site.module, site.at),
        message=f"{what}, because {outer} mounts it",
        help=f"Enter it in the lifespan of {outer}{way}",
        related=(Related(project.span(inner.site.module, inner.site.at), "The mounted app is made here"),),
    )


def _words(lifecycle: Lifecycle) -> str:
    return f"`{lifecycle.name}`" if lifecycle.name else "the outer app"
