"""Middleware that answers requests with an error by itself: without login, from a wrong host, too often."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of, keyword
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.requests.responses import Responses
from fastapi_lint.project.types.infer import Instance
from fastapi_lint.project.types.literal_values import LiteralValues

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Middleware

_TRUSTED_HOST = frozenset(
    f"{package}.middleware.trustedhost.TrustedHostMiddleware" for package in ("fastapi", "starlette")
)
_AUTHENTICATION = "starlette.middleware.authentication.AuthenticationMiddleware"
_AUTHENTICATION_ERROR = frozenset({"starlette.authentication.AuthenticationError"})
_REFUSING = frozenset(
    {
        "slowapi.middleware.SlowAPIMiddleware",
        "slowapi.middleware.SlowAPIASGIMiddleware",
        "starlette_csrf.CSRFMiddleware",
        "starlette_csrf.middleware.CSRFMiddleware",
    }
)
"""Middleware of libraries that answers 400, 403 or 429."""

_BASE = frozenset({"starlette.middleware.base.BaseHTTPMiddleware"})
_FIRST_ERROR = 400
_ERRORS = frozenset(range(_FIRST_ERROR, 600)) - {499}
"""Statuses of errors; 499 says that the client has closed the connection, and reaches nobody."""

_DEPTH = 3


class Refusals:
    """Answers which middleware refuses requests. What can't be followed refuses nothing."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.responses = Responses(project.types)
        self.literals = LiteralValues(project)

    def refuses(self, middleware: Middleware) -> bool:
        """Whether a middleware may answer with an error of its own, and without CORS headers."""
        if isinstance(middleware.runs, External):
            name = middleware.runs.name
            return (
                name in _REFUSING
                or (name in _TRUSTED_HOST and self._names_hosts(middleware))
                or (name == _AUTHENTICATION and self._backend_refuses(middleware))
            )
        function = self.function_of(middleware)
        return function is not None and self.makes_error(function) and not self._writes_cors(function)

    def function_of(self, middleware: Middleware) -> FunctionSymbol | None:
        """The function whose body runs for each request: of a class `dispatch` or `__call__`."""
        runs = middleware.runs
        if not isinstance(runs, ClassSymbol):
            return runs if isinstance(runs, FunctionSymbol) else None
        name = "dispatch" if self.resolver.inherits(runs, _BASE) else "__call__"
        member = self.resolver.class_member(runs, name)
        return member if isinstance(member, FunctionSymbol) else None

    def makes_error(self, function: FunctionSymbol, statuses: Container[int] = _ERRORS) -> bool:
        """Whether a function, or one of its module that it calls, makes a response with such a status."""
        path = self.project.calls.path_to(
            function,
            lambda site: self._status_of(site) in statuses,
            lambda _, inner: inner.module is function.module,
            _DEPTH,
        )
        return path is not None

    def _status_of(self, site: CallSite) -> int | None:
        """The status of a response that a call makes itself; its headers don't come from elsewhere."""
        headers = keyword(site.call, "headers")
        if headers is not None and not isinstance(headers, s.Mapping):
            return None
        status = self.responses.status(site.call, site.scope)
        given = keyword(site.call, "status_code")
        if status is None and given is not None and self._is_caught_status(given, site.scope):
            return _FIRST_ERROR if self._is_response(site) else None
        return status

    def _is_response(self, site: CallSite) -> bool:
        return self.responses.is_response(self.types.call_result(site.call, site.scope))

    def _is_caught_status(self, expr: s.Expr, scope: Scope) -> bool:
        """Whether a status is that of a caught exception: `error.status_code`."""
        if not isinstance(expr, s.Attribute) or not isinstance(expr.value, s.Name):
            return False
        symbol = self.resolver.lookup(expr.value.id, scope)
        return (
            expr.attr == "status_code" and isinstance(symbol, Variable) and symbol.binding.caught is not None
        )

    def _names_hosts(self, middleware: Middleware) -> bool:
        """Whether `TrustedHostMiddleware` lets in certain hosts only: by default it lets in any."""
        call = middleware.site.expr
        hosts = keyword(call, "allowed_hosts") if isinstance(call, s.Call) else None
        if hosts is None:
            return False
        literal = self.literals.of(hosts, middleware.site.scope)
        items = literal.expr.items if literal is not None and isinstance(literal.expr, s.Collection) else ()
        return not any(isinstance(item, s.Constant) and item.value == "*" for item in items)

    def _backend_refuses(self, middleware: Middleware) -> bool:
        """Whether the backend of `AuthenticationMiddleware` is the project's own, and raises its error."""
        call, scope = middleware.site.expr, middleware.site.scope
        backend = self.types.infer(keyword(call, "backend"), scope) if isinstance(call, s.Call) else None
        cls = backend.cls if isinstance(backend, Instance) else None
        member = self.resolver.class_member(cls, "authenticate") if isinstance(cls, ClassSymbol) else None
        if not isinstance(member, FunctionSymbol):
            return False
        path = self.project.calls.path_to(
            member, lambda site: self.resolver.inherits(site.callee, _AUTHENTICATION_ERROR), depth=_DEPTH
        )
        return path is not None

    def _writes_cors(self, function: FunctionSymbol) -> bool:
        """Whether a middleware, or its module, deals with CORS headers itself."""
        if "access-control-allow-origin" in self.project.text(function.module.path).lower():
            return True
        return any("cors" in _name(call).lower() for call in calls_of(function.node.body))


def _name(call: s.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, s.Attribute) else func.id if isinstance(func, s.Name) else ""
