"""Whether a cookie leaves its own site: by the `samesite` with which the project sets it.

Source: `starlette/responses.py` and `starlette/middleware/sessions.py`, where "lax" is the default. Browsers
send no cookie that is "lax" or "strict" with a websocket that another site opens: "lax" lets only top-level
navigations pass (RFC 6265bis, "SameSite" cookies).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.security.cookies import SESSION_MIDDLEWARE, Cookies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

Reach = Literal["everywhere", "same site", "unknown", "not set"]


class SameSite:
    """Answers which of the project's cookies other websites can make browsers send."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.cookies = Cookies(project)

    def of_cookie(self, name: str) -> Reach:
        """How far the cookie of a name goes: everywhere if some place sets it with `samesite="none"`."""
        found = {reach for key, reach in self._set if key in (name, "")}
        if not found:
            return "not set"
        return found.pop() if len(found) == 1 else "unknown"

    def of_session(self) -> Reach:
        """The same for the cookie of `SessionMiddleware`."""
        found = {
            _reach(keyword(site.call, "same_site"), site.call)
            for module in self.project.application_modules()
            for site in self.project.calls.named(module, "add_middleware", "Middleware", "SessionMiddleware")
            if self._adds_session(site)
        }
        return found.pop() if len(found) == 1 else "unknown"

    def _adds_session(self, site: CallSite) -> bool:
        given = argument(site.call, 0, "middleware_class") or argument(site.call, 0, "cls")
        return any(
            self.resolver.inherits(self.resolver.resolve(expr, site.scope), SESSION_MIDDLEWARE)
            for expr in (given, site.call.func)
        )

    @cached_property
    def _set(self) -> tuple[tuple[str, Reach], ...]:
        """Each call of `set_cookie`: the cookie's name, empty where it isn't known, and how far it goes."""
        return tuple(self._all_set())

    def _all_set(self) -> Iterator[tuple[str, Reach]]:
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, "set_cookie"):
                name = self.cookies.name(site.call, site.scope)
                yield name, _reach(argument(site.call, 8, "samesite"), site.call)


def _reach(given: Expr | None, call: s.Call) -> Reach:
    if given is None:
        unpacks = any(one.name is None for one in call.keywords)
        return "unknown" if unpacks or any(isinstance(one, s.Starred) for one in call.args) else "same site"
    value = given.value if isinstance(given, s.Constant) else ...
    if value is None:
        return "everywhere"
    if not isinstance(value, str):
        return "unknown"
    return "everywhere" if value.lower() == "none" else "same site"
