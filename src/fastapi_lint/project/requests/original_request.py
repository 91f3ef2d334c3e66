"""Code that depends on how the client addressed the app: by which scheme and host, and from which address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import argument, expressions_of, walk_statements
from fastapi_lint.project.names.symbols import External
from fastapi_lint.project.requests.request_objects import RequestObjects

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Module, Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_ATTRIBUTES = frozenset(("client", "base_url", "url_for"))
_REDIRECTS = frozenset(
    f"{package}.middleware.httpsredirect.HTTPSRedirectMiddleware" for package in ("starlette", "fastapi")
)
_ADDRESS = "slowapi.util.get_remote_address"
_NAMES = frozenset((*_ATTRIBUTES, "scheme", "HTTPSRedirectMiddleware", "get_remote_address"))
_HEADERS = re.compile(
    r"x-forwarded-(?:for|proto|host)|x-real-ip|forwarded|(?:cf-connecting|true-client|x-client)-ip", re.I
)
_RESTORING = re.compile(r"proxy_?headers?|proxy_?fix|x_?forwarded|real_?ip|trusted_?prox", re.I)


class OriginalUse(msgspec.Struct, frozen=True):
    """A place that depends on the original request, in the code's own words."""

    said: str
    module: Module
    at: int


class OriginalRequest:
    """Answers which code of an app depends on the client's address, and on the scheme and host it used."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.requests = RequestObjects(project)

    def of(self, app: App) -> Iterator[OriginalUse]:
        """The places in the modules that an app imports; those that read the proxy's headers don't count."""
        for module in self._modules(app):
            if not module.facts.names.isdisjoint(_NAMES):
                yield from self._in_module(module)

    def is_restored(self, app: App) -> bool:
        """Whether the app may put the original address and scheme into the request itself.

        It uses `ProxyHeadersMiddleware` or something whose name says the same, or writes into the ASGI scope.
        """
        return any(
            any(_RESTORING.search(name) for name in module.facts.names) or _writes_scope(module)
            for module in self._modules(app)
        )

    def _modules(self, app: App) -> list[Module]:
        reached = self.project.import_graph.reachable(app.module)
        found = {module.path: module for module in (app.module, *reached)}
        return [found[path] for path in sorted(found) if not self.project.roles.is_outside(found[path])]

    def _in_module(self, module: Module) -> Iterator[OriginalUse]:
        index = self.project.resolver.index(module)
        found = list(self._in_body(module.facts.body, index.scope))
        for function in index.functions:
            if not _reads_headers(function.node.body):
                found += self._in_body(function.node.body, index.scope_of(function))
        yield from sorted(found, key=lambda use: s.start_of(use.at))

    def _in_body(self, body: tuple[s.Statement, ...], scope: Scope) -> Iterator[OriginalUse]:
        for expr in expressions_of(body):
            if isinstance(expr, s.Attribute):
                said = self._read(expr, scope)
            elif isinstance(expr, s.Call):
                said = self._given(expr, scope)
            else:
                continue
            if said:
                yield OriginalUse(said, scope.module, expr.at)

    def _read(self, expr: s.Attribute, scope: Scope) -> str:
        """What an attribute of a request tells of its origin; an empty text if it tells nothing."""
        if expr.attr in _ATTRIBUTES and self.requests.is_request(expr.value, scope):
            return f"request.{expr.attr}"
        if expr.attr == "scheme" and isinstance(expr.value, s.Attribute) and expr.value.attr == "url":
            return "request.url.scheme" if self.requests.is_request(expr.value.value, scope) else ""
        return ""

    def _given(self, call: s.Call, scope: Scope) -> str:
        """What of a library depends on the origin: a redirect to HTTPS, a limit for each address."""
        if isinstance(call.func, s.Attribute) and call.func.attr == "add_middleware":
            name = self._external(argument(call, 0, "middleware_class"), scope)
        else:
            symbol = self.project.resolver.resolve(call.func, scope)
            library = symbol.name if isinstance(symbol, External) else ""
            if library == "starlette.middleware.Middleware":
                name = self._external(argument(call, 0, "cls"), scope)
            else:
                name = self._external(argument(call, 0, "key_func"), scope) if library in _LIMITERS else ""
        return name.rpartition(".")[2] if name in (*_REDIRECTS, _ADDRESS) else ""

    def _external(self, expr: Expr | None, scope: Scope) -> str:
        symbol = self.project.resolver.resolve(expr, scope) if expr is not None else None
        return symbol.name if isinstance(symbol, External) else ""


_LIMITERS = frozenset({"slowapi.Limiter", "slowapi.extension.Limiter"})


def _reads_headers(body: tuple[s.Statement, ...]) -> bool:
    """Whether code reads a header in which a proxy tells whom it speaks for."""
    return any(
        isinstance(expr, s.Constant) and isinstance(expr.value, str) and _HEADERS.fullmatch(expr.value)
        for expr in expressions_of(body)
    )


def _writes_scope(module: Module) -> bool:
    """Whether code sets `scope["client"]` or `scope["scheme"]`."""
    if "scope" not in module.facts.names:
        return False
    targets = (
        target
        for statement in walk_statements(module.facts.body, into_definitions=True)
        for target in (statement.targets if isinstance(statement, s.Assign) else ())
    )
    keys = (target.items[0] for target in targets if isinstance(target, s.Subscript))
    return any(isinstance(key, s.Constant) and key.value in ("client", "scheme") for key in keys)
