"""Literal paths and prefixes whose slashes are wrong.

FastAPI joins prefix and path as they are. It refuses a prefix that doesn't begin with a slash, or that ends
with one, by an assertion (`fastapi/routing.py`, `APIRouter.__init__`, `include_router`), and checks no path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.names.symbols import External
from fastapi_lint.project.routing.paths import pattern_of
from fastapi_lint.project.routing.table import Site

if TYPE_CHECKING:
    from fastapi_lint.project.names.resolve import Resolver
    from fastapi_lint.project.routing.table import Route, RouteTables

SlashFault = Literal["unreachable", "joined", "prefix-start", "prefix-end"]

_ROUTER = "fastapi.APIRouter"


class WrongSlash(msgspec.Struct, frozen=True, eq=False):
    """A literal, what is wrong with it, and the path of a route that comes of it.

    `unreachable`: no request has the path; `joined`: it is glued to a prefix.
    """

    site: Site
    text: str
    fault: SlashFault
    path: str = ""


def wrong_slashes(tables: RouteTables, resolver: Resolver) -> list[WrongSlash]:
    """One for each literal, in the order of path and place."""
    found: dict[tuple[str, int], WrongSlash] = {}
    fine: set[tuple[str, int]] = set()
    for one in (*_paths(tables), *_prefixes(tables, resolver)):
        place = (one.site.module.path, one.site.at)
        if isinstance(one, WrongSlash):
            found.setdefault(place, one)
        else:
            fine.add(place)
    return [one for place, one in sorted(found.items(), key=lambda item: item[0]) if place not in fine]


class _Fine(msgspec.Struct, frozen=True, eq=False):
    """A literal that leads to a right path."""

    site: Site


def _paths(tables: RouteTables) -> Iterator[WrongSlash | _Fine]:
    served = [route for app in tables.apps for route in app.routes]
    known = {id(route.path_at.expr) for route in served if route.path_at is not None}
    for route in served:
        yield from _path(route, is_served=True)
    for router in tables.routers:
        for route in router.own:
            if route.path_at is not None and id(route.path_at.expr) not in known:
                yield from _path(route, is_served=False)


def _path(route: Route, is_served: bool) -> Iterator[WrongSlash | _Fine]:
    text = _literal(route.path_at)
    if text.startswith("/") or not text or route.path_at is None:
        return
    before = route.path.removesuffix(text)
    if not _is_judged(route) or before == route.path or before.endswith("/") or _may_be_meant(text, before):
        yield _Fine(route.path_at)
    elif before and not route.mounted:
        yield WrongSlash(route.path_at, text, "joined", route.path)
    elif is_served and not before:
        yield WrongSlash(route.path_at, text, "unreachable", route.path)


def _is_judged(route: Route) -> bool:
    """Whether FastAPI takes any path for it; Starlette refuses some itself."""
    return route.kind in ("http", "websocket") and not route.raw


def _may_be_meant(text: str, before: str) -> bool:
    """Whether a path begins with `{rest:path}`, which takes the slash too, or with the sign of a suffix."""
    pattern = pattern_of(text)
    if pattern is None or (before and not text[0].isalnum() and text[0] not in "{_"):
        return True
    return not pattern.literals[0] and bool(pattern.parameters) and pattern.parameters[0][1] == "path"


def _prefixes(tables: RouteTables, resolver: Resolver) -> Iterator[WrongSlash]:
    sites = {id(site.expr): site for router in tables.routers for site in router.included}
    for router in tables.routers:
        call = router.site.expr
        made = resolver.resolve(call.func, router.site.scope) if isinstance(call, s.Call) else None
        if isinstance(made, External) and made.name == _ROUTER:
            sites[id(call)] = router.site
    for site in sites.values():
        given = keyword(site.expr, "prefix") if isinstance(site.expr, s.Call) else None
        if given is None:
            continue
        place = Site(given, site.scope)
        text = _literal(place)
        if text and not text.startswith("/"):
            yield WrongSlash(place, text, "prefix-start")
        elif text.endswith("/"):
            yield WrongSlash(place, text, "prefix-end")


def _literal(site: Site | None) -> str:
    expr = site.expr if site is not None else None
    return expr.value if isinstance(expr, s.Constant) and isinstance(expr.value, str) else ""
