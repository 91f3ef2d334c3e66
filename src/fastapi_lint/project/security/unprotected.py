"""Write routes that nobody has to log in for, although their siblings ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.security.authentication import Authentication

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route, Site

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LEAST = 4
"""So many siblings have to ask for a login."""

_LEAST_POSTS = 2
"""So many other POST routes have to ask for one, where a POST doesn't."""

_OPEN = frozenset(
    "login logout signin signup signout register registration token tokens refresh forgot reset recover "
    "recovery password passwords verify verification activate activation webhook webhooks hook hooks "
    "callback callbacks health healthz ping auth oauth oauth2 sso saml oidc otp magic captcha invitation "
    "invitations unsubscribe newsletter contact feedback public guest guests anonymous csrf demo mock "
    "sandbox internal cron".split()
)
"""Words of paths and names of routes that are open on purpose."""

_ONCE = frozenset(
    "sign log join confirm confirmation ipn notify status invite accept decline subscribe share track "
    "event events metrics telemetry beacon session sessions setup install bootstrap onboarding test debug "
    "search query filter list lookup preview validate validation check estimate quote calculate simulate "
    "download export render convert apply application applications submit submission submissions inquiry "
    "enquiry lead leads waitlist rsvp vote votes view views click clicks like likes donate donation "
    "checkout".split()
)
"""The same for names and the last part of a path: also what changes nothing. A prefix names a thing."""


class Unprotected(msgspec.Struct, frozen=True, eq=False):
    """A write route without authentication, and how many of its siblings have it."""

    endpoint: Endpoint
    route: Route
    protected: int
    siblings: int


class UnprotectedRoutes:
    """Answers which write routes were forgotten."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.authentication = Authentication(project)

    def all(self) -> Iterator[Unprotected]:
        """The endpoints that change something and were forgotten."""
        for group in self._groups():
            certain = [endpoint for endpoint in group if self._is_protected(endpoint)]
            if len(certain) < _LEAST or len(certain) * 4 < (len(group) - 1) * 3:
                continue
            for endpoint in group:
                if endpoint in certain or not self._adds_as_others_do(endpoint, group, certain):
                    continue
                if self._is_forgotten(endpoint):
                    route = next(one for one in endpoint.routes if _writes(one))
                    yield Unprotected(endpoint, route, len(certain), len(group) - 1)

    def _groups(self) -> Iterator[list[Endpoint]]:
        """The endpoints with write routes by the router that they stand on."""
        found: defaultdict[tuple[str, int], list[Endpoint]] = defaultdict(list)
        for endpoint in self.project.endpoints.all:
            route = next((one for one in endpoint.routes if _writes(one)), None)
            router = router_site(route) if route is not None else None
            if router is not None:
                found[router.module.path, router.at].append(endpoint)
        yield from (group for group in found.values() if len(group) > _LEAST)

    def _adds_as_others_do(self, endpoint: Endpoint, group: list[Endpoint], certain: list[Endpoint]) -> bool:
        """Whether it is no POST, or most POST routes beside it are protected: visitors may add things."""
        if not _posts(endpoint):
            return True
        others = [one for one in group if one is not endpoint and _posts(one) and not _is_meant(one)]
        protected = [one for one in others if one in certain]
        return len(protected) >= _LEAST_POSTS and len(protected) * 4 >= len(others) * 3

    def _is_protected(self, endpoint: Endpoint) -> bool:
        return all(
            self.authentication.is_certain(endpoint, route) for route in endpoint.routes if _writes(route)
        )

    def _is_forgotten(self, endpoint: Endpoint) -> bool:
        """Whether no registration of an endpoint asks who is calling, or seems to be open on purpose.

        One under a condition may be for development.
        """
        if self.project.roles.is_outside(endpoint.function.module) or _is_meant(endpoint):
            return False
        if any(route.conditional for route in endpoint.routes):
            return False
        if (not endpoint.apps and self._may_be_served(endpoint)) or self._was_opened(endpoint.function):
            return False
        middleware = (one for app in endpoint.apps for one in app.middleware)
        if any(self.authentication.may_be_done_by(one) for one in middleware):
            return False
        return not any(self.authentication.is_possible(endpoint, route) for route in endpoint.routes)

    def _was_opened(self, function: FunctionSymbol) -> bool:
        """Whether a dependency in its signature was commented out: somebody has opened it on purpose."""
        body = function.node.body
        end = s.start_of(body[0].at) if body else s.end_of(function.node.at)
        head = self.project.text(function.module.path)[s.start_of(function.node.at) : end]
        return any("Depends(" in line.partition("#")[2] for line in head.splitlines())

    def _may_be_served(self, endpoint: Endpoint) -> bool:
        """Whether a router that no known app serves may be included somewhere, with dependencies."""
        site = router_site(endpoint.routes[0])
        for router in self.project.routing.routers:
            if site is not None and router.module is site.module and router.at == site.at:
                return bool(router.included or router.escapes)
        return True


def router_site(route: Route) -> Site | None:
    """The call that makes the router, or the app, which a route stands on."""
    return next((one.site for one in reversed(route.levels) if one.kind in ("router", "app")), None)


def _writes(route: Route) -> bool:
    return route.kind == "http" and not route.raw and not _WRITING.isdisjoint(route.methods)


def _posts(endpoint: Endpoint) -> bool:
    return any("POST" in route.methods for route in endpoint.routes)


def _is_meant(endpoint: Endpoint) -> bool:
    """Whether its name or a path of it says that it is open on purpose."""
    last_parts = ((_parts(route) or [""])[-1] for route in endpoint.routes)
    named = any(map(_is_open, (endpoint.function.name, *last_parts)))
    return named or any(map(is_public, endpoint.routes))


def is_public(route: Route) -> bool:
    """Whether a path speaks of a route that everybody may call."""
    return not _OPEN.isdisjoint(words("/".join(_parts(route))))


def _parts(route: Route) -> list[str]:
    """The parts of a path that are no parameters."""
    return [part for part in route.path.split("/") if part and "{" not in part]


def _is_open(name: str) -> bool:
    return not (_OPEN | _ONCE).isdisjoint(words(name))
