"""Whether apps validate input, and answer for invalid requests themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import children, expressions_of
from fastapi_lint.project.errors.made_errors import HTTP_EXCEPTIONS
from fastapi_lint.project.names.symbols import ClassSymbol, External, Module, Scope

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.parameters import RequestParameter
    from fastapi_lint.project.routing.table import App, Route

_VALIDATION = "fastapi.exceptions.RequestValidationError"
_ANY = frozenset({"str", "Any", "object"})


class ValidationHandling:
    """Answers about validation errors of apps."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def validates_input(self, app: App) -> bool:
        """Whether some route can refuse a request as invalid."""
        return any(self._is_validated(route) for route in app.routes if route.kind == "http")

    def _is_validated(self, route: Route) -> bool:
        endpoint = self.project.endpoints.of(route.endpoint)
        if endpoint is None or route.endpoint is None:
            return False
        return any(
            _can_fail(one, route.path) for one in self.project.request_parameters.of_function(route.endpoint)
        )

    def has_own_format(self, app: App) -> bool:
        """Whether the app has a handler for HTTP errors or for an exception of the project."""
        for one in self.project.error_handlers.of(app):
            symbol = self.project.resolver.resolve(one.handles, one.scope)
            if isinstance(symbol, ClassSymbol) or set(one.names) & HTTP_EXCEPTIONS:
                return True
        return False

    def may_be_handled(self, app: App) -> bool:
        """Whether the app has, or may have, a handler for `RequestValidationError`.

        A registration that isn't known may be one, and so may any use of the class other than as a type.
        """
        made = self.project.resolver.resolve(_callee(app), app.site.scope)
        if not isinstance(made, External) or made.name != "fastapi.FastAPI":
            return True  # a class of the project may register its own, and Starlette validates nothing
        if any(not one.is_known for one in self.project.error_handlers.of(app)):
            return True
        if self.project.error_handlers.may_be_set_up_by_library(app):
            return True
        return any(self._uses_class(module) for module in self._around(app))

    def _around(self, app: App) -> Iterator[Module]:
        """The modules that the app's module imports, and those that import it."""
        graph = self.project.import_graph
        inside = {module.path for module in graph.reachable(app.module)}
        for module in self.project.code_modules:
            if module.path in inside or any(one is app.module for one in graph.reachable(module)):
                yield module

    def _uses_class(self, module: Module) -> bool:
        index = self.project.resolver.index(module)
        bodies: list[tuple[tuple[s.Statement, ...], Scope]] = [(module.facts.body, index.scope)]
        bodies += [(function.node.body, index.scope_of(function)) for function in index.functions]
        return any(self._hands_on(expr, scope) for body, scope in bodies for expr in expressions_of(body))

    def _hands_on(self, expr: s.Expr, scope: Scope) -> bool:
        """Whether the class is an argument, or an item of a display."""
        if isinstance(expr, s.Call):
            given = children(expr)[1:]
        elif isinstance(expr, s.Mapping | s.Collection | s.Subscript):
            given = children(expr)
        else:
            return False
        return any(self._is_validation_error(one, scope) for one in given)

    def _is_validation_error(self, expr: s.Expr, scope: Scope) -> bool:
        if not isinstance(expr, s.Name | s.Attribute):
            return False
        symbol = self.project.resolver.resolve(expr, scope)
        return isinstance(symbol, External) and symbol.name.endswith(".RequestValidationError")


def _callee(app: App) -> s.Expr | None:
    return app.site.expr.func if isinstance(app.site.expr, s.Call) else None


def _can_fail(one: RequestParameter, path: str) -> bool:
    """Whether a value of a parameter can be refused; any text will do for a `str` in the path."""
    if one.marker in (None, "Depends") or one.type.shape in ("special", "unknown"):
        return False
    in_path = f"{{{one.alias}}}" in path or f"{{{one.alias}:" in path
    plain = one.annotation is None or (isinstance(one.annotation, s.Name) and one.annotation.id in _ANY)
    return not (plain and (in_path or (not one.marker and one.default is not None)))
