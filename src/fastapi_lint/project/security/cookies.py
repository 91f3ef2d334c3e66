"""Cookies that identify a session, and whether scripts and plain HTTP can get at them.

Source: `set_cookie` in `starlette/responses.py`, where `secure` and `httponly` are False by default and
`samesite` is "lax"; `https_only` of `starlette/middleware/sessions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import placed_calls
from fastapi_lint.project.body.statements import argument, keyword
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.settings.environment_words import asks_for_environment
from fastapi_lint.project.types.literal_values import LiteralValues

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project

SESSION_MIDDLEWARE = frozenset({"starlette.middleware.sessions.SessionMiddleware"})
_POSITIONS = {"secure": 6, "httponly": 7}
_SESSION_WORDS = frozenset("session sid token auth jwt refresh".split())
_ENDS = ("token", "sessionid", "sessid")
_NO_SESSION = frozenset(
    "csrf xsrf type state nonce flag hint exists expires expiry expiration has is logged theme lang "
    "locale".split()
)
"""Words of cookies that pages read on purpose, or that prove nothing."""


def is_session_cookie(name: str) -> bool:
    """Whether a cookie of this name identifies somebody: a session, a token."""
    parts = words(name)
    if _NO_SESSION.intersection(parts):
        return False
    return any(part in _SESSION_WORDS or part.endswith(_ENDS) for part in parts)


class OpenCookie(msgspec.Struct, frozen=True, eq=False):
    """A call that sets a session's cookie without `httponly` or `secure`.

    `lacks` are the names of what is missing or literally False; `refused` the literals themselves.
    """

    call: s.Call
    scope: Scope
    name: str
    lacks: tuple[str, ...]
    refused: tuple[Expr, ...]


class Cookies:
    """Answers how cookies are set in the application."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.literals = LiteralValues(project)
        self.responses = Responses(project.types)

    def open_cookies(self) -> Iterator[OpenCookie]:
        """The session cookies that scripts or plain HTTP can get at, for certain."""
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, "set_cookie"):
                found = self._open(site)
                if found is not None and not self._is_for_development(site):
                    yield found

    def plain_sessions(self) -> Iterator[tuple[CallSite, Expr]]:
        """Calls that add `SessionMiddleware` with `https_only=False`, and that literal."""
        for module in self.project.application_modules():
            if "SessionMiddleware" not in module.facts.names:
                continue
            for site in self.project.calls.named(module, "add_middleware", "Middleware", "SessionMiddleware"):
                given = keyword(site.call, "https_only")
                if given is None or not _is_false(given) or not self._adds_session(site):
                    continue
                if not self._is_for_development(site):
                    yield site, given

    def _adds_session(self, site: CallSite) -> bool:
        resolver = self.project.resolver
        given = argument(site.call, 0, "middleware_class") or argument(site.call, 0, "cls")
        return any(
            resolver.inherits(resolver.resolve(expr, site.scope), SESSION_MIDDLEWARE)
            for expr in (given, site.call.func)
        )

    def _open(self, site: CallSite) -> OpenCookie | None:
        call = site.call
        unpacks = any(isinstance(arg, s.Starred) for arg in call.args)
        if unpacks or any(given.name is None for given in call.keywords) or not self._is_on_response(site):
            return None
        name = self.name(call, site.scope)
        if not name or not is_session_cookie(name) or _deletes(call):
            return None
        given = {name: argument(call, position, name) for name, position in _POSITIONS.items()}
        lacks = tuple(
            name for name in ("httponly", "secure") if given[name] is None or _is_false(given[name])
        )
        refused = tuple(expr for expr in given.values() if expr is not None and _is_false(expr))
        return OpenCookie(call, site.scope, name, lacks, refused) if lacks else None

    def name(self, call: s.Call, scope: Scope) -> str:
        """The literal name of the cookie that a call of `set_cookie` sets; empty where it isn't known."""
        literal = self.literals.of(argument(call, 0, "key"), scope)
        return literal.value if literal is not None and isinstance(literal.value, str) else ""

    def _is_on_response(self, site: CallSite) -> bool:
        func = site.call.func
        return isinstance(func, s.Attribute) and self.responses.is_response(
            self.types.infer(func.value, site.scope)
        )

    def _is_for_development(self, site: CallSite) -> bool:
        """Whether the call stands under a condition on the environment."""
        owner = site.scope.owner
        body = owner.node.body if isinstance(owner, FunctionSymbol) else site.module.facts.body
        around = next((placed.enclosures for placed in placed_calls(body) if placed.call is site.call), ())
        return any(
            isinstance(one.statement, s.If)
            and any(asks_for_environment(branch.test) for branch in one.statement.branches)
            for one in around
        )


def _deletes(call: s.Call) -> bool:
    """Whether a cookie is emptied or ended at once."""
    value = argument(call, 1, "value")
    ends = (argument(call, 2, "max_age"), argument(call, 3, "expires"))
    empty = value is None or (isinstance(value, s.Constant) and not value.value)
    return empty or any(isinstance(end, s.Constant) and end.value == 0 for end in ends)


def _is_false(expr: Expr | None) -> bool:
    return isinstance(expr, s.Constant) and expr.value is False
