"""Where `CORSMiddleware` is added, and whom its options let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.enclosures import Enclosures, placed_calls
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.symbols import FunctionSymbol, Module, Scope
from fastapi_lint.project.settings.environment_words import asks_for_environment, texts_in
from fastapi_lint.project.types.literal_values import Literal, LiteralValues

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

CORS_MIDDLEWARE = frozenset({"starlette.middleware.cors.CORSMiddleware"})

_ANY_ORIGIN = frozenset(
    {".*", ".+", "http.*", "http.+", "https?://.*", "https?://.+", "https://.*", "http://.*", "http[s]?://.*"}
    | {
        "https://.+",
        "http://.+",
        "http(s)?://.*",
        "(http|https)://.*",
        "(https|http)://.*",
        "https?:\\/\\/.*",
    }
)
"""Regular expressions, without anchors, that match the origin of any site."""


class CorsSite(msgspec.Struct, frozen=True, eq=False):
    """A call of `add_middleware`, `Middleware` or `CORSMiddleware` itself.

    `options` holds the literals of its keyword arguments.
    """

    call: s.Call
    scope: Scope
    options: dict[str, Literal]

    @property
    def module(self) -> Module:
        """The module that the call stands in."""
        return self.scope.module

    @property
    def allows_credentials(self) -> Literal | None:
        """The option by which browsers send cookies along."""
        found = self.options.get("allow_credentials")
        return found if found is not None and found.value is True else None

    @property
    def any_origin(self) -> Literal | None:
        """The option by which every site is an allowed origin."""
        origins, pattern = self.options.get("allow_origins"), self.options.get("allow_origin_regex")
        if origins is not None and _has_wildcard(origins.expr):
            return origins
        if pattern is not None and _matches_anything(pattern.value):
            return pattern
        return None


class Cors:
    """Answers where and how the application allows other origins."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.literals = LiteralValues(project)

    def sites(self) -> Iterator[CorsSite]:
        """The calls that add the middleware in the application.

        Those under a condition on the environment or on the wildcard are left out.
        """
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, "add_middleware", "Middleware", "CORSMiddleware"):
                if self.adds_cors(site.call, site.scope) and not self._depends_on_environment(
                    site.call, site.scope
                ):
                    options, _ = self.literals.keywords(site.call, site.scope)
                    yield CorsSite(site.call, site.scope, options)

    def adds_cors(self, call: s.Call, scope: Scope) -> bool:
        """Whether a call adds or wraps with `CORSMiddleware` or a class derived from it."""
        inherits = self.project.resolver.inherits
        given = self.project.resolver.resolve(
            argument(call, 0, "middleware_class") or argument(call, 0, "cls"), scope
        )
        return inherits(given, CORS_MIDDLEWARE) or inherits(
            self.project.resolver.resolve(call.func, scope), CORS_MIDDLEWARE
        )

    # --- conditions ------------------------------------------------------------------------------

    def _depends_on_environment(self, call: s.Call, scope: Scope) -> bool:
        """Whether the call, or the calls of the function that holds it, stand under such a condition."""
        if _is_conditional(self._around(call, scope)):
            return True
        owner = scope.owner
        if not isinstance(owner, FunctionSymbol):
            return False
        callers = list(self._callers(owner))
        return bool(callers) and all(_is_conditional(around) for around in callers)

    def _around(self, call: s.Call, scope: Scope) -> Enclosures:
        owner = scope.owner
        body = owner.node.body if isinstance(owner, FunctionSymbol) else scope.module.facts.body
        return next((placed.enclosures for placed in placed_calls(body) if placed.call is call), ())

    def _callers(self, function: FunctionSymbol) -> Iterator[Enclosures]:
        """What stands around the calls of a function, in functions and modules of the application."""
        for module in self.project.application_modules():
            for site in self.project.calls.named(module, function.name):
                in_code = site.scope.owner is None or isinstance(site.scope.owner, FunctionSymbol)
                if in_code and site.callee is function:
                    yield self._around(site.call, site.scope)


def _is_conditional(around: Enclosures) -> bool:
    """Whether an `if` around a place asks for the environment, for debugging, or for the wildcard itself."""
    return any(
        isinstance(one.statement, s.If) and any(_asks(b.test) for b in one.statement.branches)
        for one in around
    )


def _asks(test: Expr) -> bool:
    return asks_for_environment(test) or "*" in texts_in(test)


def _has_wildcard(origins: Expr) -> bool:
    """Whether `"*"` is among written-out origins; Starlette asks `"*" in allow_origins`."""
    if isinstance(origins, s.Constant):
        return origins.value == "*"
    if isinstance(origins, s.Operation):
        return set(origins.operators) == {"+"} and any(
            _has_wildcard(o) for o in origins.operands if not _is_text(o)
        )
    if not isinstance(origins, s.Collection):
        return False
    return any(isinstance(item, s.Constant) and item.value == "*" for item in origins.items)


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, s.Constant)


def _matches_anything(pattern: object) -> bool:
    if not isinstance(pattern, str):
        return False
    bare = pattern.removeprefix("^").removesuffix("$")
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    return bare in _ANY_ORIGIN
