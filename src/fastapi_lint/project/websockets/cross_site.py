"""Websocket endpoints that believe a cookie whichever website has opened the socket.

Source: `starlette/middleware/cors.py` hands on every scope whose type isn't "http", and browsers let pages of
any origin open websockets; the server has to check `Origin` (RFC 6455, section 10.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import expressions_of, keyword, method_call
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.requests.request_objects import RequestObjects
from fastapi_lint.project.security.authentication import Authentication
from fastapi_lint.project.security.cookies import is_session_cookie
from fastapi_lint.project.security.credentials import speaks_of_credentials
from fastapi_lint.project.security.same_site import SameSite
from fastapi_lint.project.security.schemes import COOKIE_SCHEMES, is_scheme
from fastapi_lint.project.websockets.sockets import Socket, Websockets

if TYPE_CHECKING:
    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.dependencies.graph import Dependency
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Middleware

_ORIGIN = re.compile(r"origin(?!al|at)", re.IGNORECASE)
_WHO = frozenset("user uid account email username member auth token login logged sub id".split())
_OTHERS = frozenset("headers query_params".split())


class BelievedCookie(msgspec.Struct, frozen=True, eq=False):
    """A cookie by which a websocket endpoint tells who its client is, and where it is read.

    `name` is empty for the session of `SessionMiddleware`.
    """

    endpoint: Endpoint
    name: str
    module: Module
    at: int


class _Read(msgspec.Struct, frozen=True, eq=False):
    name: str
    module: Module
    at: int = 0


class CrossSiteSockets:
    """Answers which websocket endpoints other websites can open in the name of their visitors."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.authentication = Authentication(project)
        self.signs = self.authentication.signs
        self.requests = RequestObjects(project)
        self.same_site = SameSite(project)
        self.websockets = Websockets(project)

    def all(self) -> Iterator[BelievedCookie]:
        """The endpoints of the application that believe a cookie, and check no origin."""
        for endpoint, socket in self.websockets.endpoints():
            if self.authentication.has_other_decorators(endpoint):
                continue
            read = self._believed(endpoint)
            if read is None or not self._goes_everywhere(read) or self._may_check_origin(endpoint):
                continue
            if self._accepts_in_sight(socket):
                yield BelievedCookie(endpoint, read.name, read.module, read.at)

    def _accepts_in_sight(self, socket: Socket) -> bool:
        """Whether the socket goes nowhere unknown before it is accepted: an origin may be checked there."""
        for event in self.websockets.events(socket):
            if event.kind in ("accept", "unknown"):
                return event.kind == "accept"
        return True

    def _goes_everywhere(self, read: _Read) -> bool:
        if not read.name:
            return self.same_site.of_session() == "everywhere"
        return self.same_site.of_cookie(read.name) in ("everywhere", "not set")

    # --- the cookie ------------------------------------------------------------------------------

    def _believed(self, endpoint: Endpoint) -> _Read | None:
        """The first cookie that identifies somebody; None if something else may do so, or isn't known."""
        dependencies = [path.last for path in self.project.endpoints.paths(endpoint)]
        found: list[_Read] = []
        for one in dependencies:
            function = self.project.dependencies.function_of(one)
            if is_scheme(self.resolver, one.target):
                if not is_scheme(self.resolver, one.target, COOKIE_SCHEMES):
                    return None
                found.append(_Read(self._scheme_name(one), one.module, one.at))
            elif function is None:
                return None
        for function in self._functions(endpoint):
            if self._takes_others(function):
                return None
            found += [*self._parameters(function), *self._reads(function)]
        return found[0] if found else None

    def _functions(self, endpoint: Endpoint) -> Iterator[FunctionSymbol]:
        """The endpoint, its dependencies, and the functions that they call, each once."""
        starts = [endpoint.function]
        for path in self.project.endpoints.paths(endpoint):
            function = self.project.dependencies.function_of(path.last)
            starts += [function] if function is not None else []
        seen: set[int] = set()
        for start in starts:
            for function in self.signs.reached(start):
                if id(function) not in seen:
                    seen.add(id(function))
                    yield function

    def _takes_others(self, function: FunctionSymbol) -> bool:
        """Whether a function gets credentials in another way as well: a header, the query, the path."""
        called = self.project.endpoints.of(function) is not None or any(
            function is one for one in self.project.endpoints.dependency_functions
        )
        if called:
            for one in self.project.request_parameters.of_function(function):
                if one.marker in ("Header", "Query", "") and speaks_of_credentials(one.alias):
                    return True
        scope = self.resolver.scope(function)
        return any(
            isinstance(expr, s.Attribute)
            and expr.attr in _OTHERS
            and self.requests.is_request(expr.value, scope)
            for expr in expressions_of(function.node.body)
        )

    def _parameters(self, function: FunctionSymbol) -> Iterator[_Read]:
        for one in self.project.request_parameters.of_function(function):
            if one.marker == "Cookie" and is_session_cookie(one.alias):
                yield _Read(one.alias, function.module, one.at)

    def _reads(self, function: FunctionSymbol) -> Iterator[_Read]:
        """`ws.cookies["session"]`, `ws.cookies.get("session")`, `ws.session["user"]`."""
        scope = self.resolver.scope(function)
        for expr in expressions_of(function.node.body):
            read = _read_key(expr)
            if read is None or not self._is_of_request(read[0], scope):
                continue
            holder, key = read
            if holder.attr == "cookies" and is_session_cookie(key):
                yield _Read(key, function.module, expr.at)
            elif holder.attr == "session" and not _WHO.isdisjoint(words(key)):
                yield _Read("", function.module, expr.at)

    def _is_of_request(self, holder: s.Attribute, scope: Scope) -> bool:
        return self.requests.is_request(holder.value, scope)

    def _scheme_name(self, dependency: Dependency) -> str:
        """The cookie's name of `APIKeyCookie(name="session")`."""
        expr = dependency.expression
        symbol = self.resolver.resolve(expr, dependency.scope) if expr is not None else None
        made = symbol.binding.value if isinstance(symbol, Variable) else expr
        given = keyword(made, "name") if isinstance(made, s.Call) else None
        return str(given.value) if isinstance(given, s.Constant) else "session"

    # --- the origin ------------------------------------------------------------------------------

    def _may_check_origin(self, endpoint: Endpoint) -> bool:
        """Whether the text of a function or middleware on the way names an origin, or isn't known."""
        for function in self._functions(endpoint):
            text = self.project.text(function.module.path)
            if _ORIGIN.search(text[s.start_of(function.node.at) : s.end_of(function.node.at)]):
                return True
        return any(self._may_check(one) for app in endpoint.apps for one in app.middleware)

    def _may_check(self, middleware: Middleware) -> bool:
        if isinstance(middleware.runs, FunctionSymbol):
            return False
        module = getattr(middleware.runs, "module", None)
        if module is None:
            return self.authentication.may_be_done_by(middleware)
        return bool(_ORIGIN.search(self.project.text(module.path)))


def _read_key(expr: Expr) -> tuple[s.Attribute, str] | None:
    """The holder and the key of `holder["key"]` and `holder.get("key")`."""
    if isinstance(expr, s.Subscript) and isinstance(expr.value, s.Attribute):
        holder, key = expr.value, expr.items[0]
    elif isinstance(expr, s.Call):
        method = method_call(expr)
        if method is None or method[1] != "get" or not expr.args or not isinstance(method[0], s.Attribute):
            return None
        holder, key = method[0], expr.args[0]
    else:
        return None
    return (holder, key.value) if isinstance(key, s.Constant) and isinstance(key.value, str) else None
