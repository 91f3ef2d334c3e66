"""Which routes refuse every request without credentials: by a scheme, or a dependency that looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import (
    argument,
    keyword,
    unconditional_statements,
    walk_statements,
)
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Variable
from fastapi_lint.project.requests.request_objects import RequestObjects
from fastapi_lint.project.security.schemes import SCHEMES, is_scheme
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.dependencies.graph import Dependency, DependencyPath
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import Route

_REFUSALS = frozenset((401, 403))
_HEADERS = frozenset("authorization x-api-key x-auth-token x-access-token x-token".split())
_SESSIONS = frozenset(("cookies", "session"))
_CREDENTIAL = re.compile(r"authorization|token|api_?key|credentials|session", re.I)
_MARKERS = frozenset({"fastapi.Header", "fastapi.Cookie"})


class AnonymousRequests:
    """Answers what refuses requests without credentials. What isn't certain refuses none."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.requests = RequestObjects(project)

    def refused_by(self, route: Route) -> DependencyPath | None:
        """The dependency that refuses a request without credentials for a route, and the way to it."""
        if route.raw or route.kind != "http":
            return None
        given = list(self.project.endpoints.around(route))
        if route.endpoint is not None:
            given += self.project.dependencies.of_function(route.endpoint)
            owner = route.endpoint.owner
            if owner is not None:
                given += (
                    *self.project.dependencies.of_fields(owner),
                    *self.project.dependencies.of_class(owner),
                )
        for found in self.project.dependencies.walk(given):
            if self._demands(found.last):
                return found
        return None

    def _demands(self, dependency: Dependency) -> bool:
        target = dependency.target
        if is_scheme(self.resolver, target) and isinstance(target, Instance):
            if isinstance(target.cls, External):
                return self._raises_itself(dependency)
            member = self.resolver.class_member(target.cls, "__call__")
            return self._refuses(member) if isinstance(member, FunctionSymbol) else False
        function = self.project.dependencies.function_of(dependency)
        return function is not None and self._refuses(function)

    # --- schemes ---------------------------------------------------------------------------------

    def _raises_itself(self, dependency: Dependency) -> bool:
        """Whether a scheme of FastAPI refuses by itself: `auto_error` isn't switched off."""
        call = self._made_by(dependency.expression, dependency.scope, 0)
        if call is None or any(given.name is None for given in call.keywords):
            return False
        switch = keyword(call, "auto_error")
        return switch is None or (isinstance(switch, s.Constant) and switch.value is True)

    def _made_by(self, expr: Expr | None, scope: Scope, depth: int) -> s.Call | None:
        """The call that makes a scheme: written in place, or bound to a name once."""
        if isinstance(expr, s.Call):
            return expr
        symbol = self.resolver.resolve(expr, scope) if isinstance(expr, s.Name | s.Attribute) else None
        if not isinstance(symbol, Variable) or symbol.binding.path or depth > 4:
            return None
        if len(symbol.scope.bindings.get(symbol.name, ())) != 1:
            return None
        return self._made_by(symbol.binding.value, symbol.scope, depth + 1)

    # --- functions -------------------------------------------------------------------------------

    def _refuses(self, function: FunctionSymbol) -> bool:
        """Whether a function always looks for credentials, and raises 401 or 403 if there are none.

        `if not token: raise HTTPException(401)`, under no condition and before anything is returned.
        """
        scope = self.resolver.scope(function)
        for statement in unconditional_statements(function.node.body):
            if not isinstance(statement, s.If):
                if isinstance(statement, s.Return):
                    return False
                continue
            first = statement.branches[0]
            if self._is_missing(first.test, scope, function):
                return self._raises_refusal(first.body, scope)
            if len(statement.branches) == 1 and self._is_credential(first.test, scope, function):
                return self._raises_refusal(statement.orelse, scope)
            if any(isinstance(inner, s.Return) for inner in walk_statements((statement,))):
                return False
        return False

    def _raises_refusal(self, body: tuple[s.Statement, ...], scope: Scope) -> bool:
        """Whether a block ends with 401 or 403 and has no other way out, as for paths that are open."""
        last = body[-1] if body else None
        if not isinstance(last, s.Raise) or last.error is None:
            return False
        if any(isinstance(statement, s.Return) for statement in walk_statements(body)):
            return False
        return self.project.made_errors.status(last.error, scope) in _REFUSALS

    def _is_missing(self, test: Expr, scope: Scope, function: FunctionSymbol) -> bool:
        """Whether a condition holds if there are no credentials."""
        if isinstance(test, s.Unary) and test.operator == "not":
            return self._is_credential(test.operand, scope, function)
        if isinstance(test, s.Boolean):
            found = (self._is_missing(operand, scope, function) for operand in test.operands)
            return any(found) if test.operator == "or" else all(found)
        if isinstance(test, s.Compare) and len(test.operators) == 1:
            other = test.comparators[0]
            if test.operators[0] in ("is", "==") and isinstance(other, s.Constant) and other.value is None:
                return self._is_credential(test.left, scope, function)
            if test.operators[0] == "not in" and isinstance(other, s.Attribute):
                key = test.left.value if isinstance(test.left, s.Constant) else None
                return self._is_part(other, key, scope)
        return False

    def _is_credential(self, expr: Expr, scope: Scope, function: FunctionSymbol) -> bool:
        """Whether a value is what the request brings as credentials, None or empty without any."""
        if isinstance(expr, s.Name):
            symbol = self.resolver.lookup(expr.id, scope)
            if not isinstance(symbol, Variable) or symbol.scope.owner is not function:
                return False
            if symbol.binding.parameter is not None:
                return self._is_given(symbol.binding.parameter, scope)
            bindings = symbol.scope.bindings.get(symbol.name, ())
            value = symbol.binding.value
            return len(bindings) == 1 and value is not None and self._is_read(value, scope)
        return self._is_read(expr, scope)

    def _is_given(self, parameter: s.Parameter, scope: Scope) -> bool:
        """Whether a parameter is filled by a security scheme, or from a header or cookie of such a name."""
        around = scope.parent or scope
        dependency = self.project.dependencies.of_parameter(parameter, around)
        if dependency is not None:
            return is_scheme(self.resolver, dependency.target, SCHEMES)
        if not _CREDENTIAL.search(parameter.name):
            return False
        return any(self._is_marker(expr, around) for expr in _marked(parameter))

    def _is_marker(self, expr: Expr, scope: Scope) -> bool:
        symbol = self.resolver.resolve(expr.func, scope) if isinstance(expr, s.Call) else None
        return isinstance(symbol, External) and symbol.name in _MARKERS

    def _is_read(self, expr: Expr, scope: Scope) -> bool:
        """`request.headers.get("Authorization")`, or what the scheme's own class hands over."""
        call = expr.value if isinstance(expr, s.Await) else expr
        if not isinstance(call, s.Call) or not isinstance(call.func, s.Attribute):
            return False
        if isinstance(expr, s.Await):
            return call.func.attr == "__call__"
        key = argument(call, 0, "key")
        if call.func.attr != "get" or len(call.args) != 1 or not isinstance(key, s.Constant):
            return False
        return self._is_part(call.func.value, key.value, scope)

    def _is_part(self, expr: Expr, key: object, scope: Scope) -> bool:
        """Whether an expression is the part of a request in which a credential of this name stands."""
        if not isinstance(expr, s.Attribute) or not isinstance(key, str):
            return False
        if not self.requests.is_request(expr.value, scope):
            return False
        return expr.attr in _SESSIONS or (expr.attr == "headers" and key.lower() in _HEADERS)


def _marked(parameter: s.Parameter) -> Iterator[Expr]:
    """The expressions that may hold the marker of a parameter: its default, the metadata of `Annotated`."""
    if parameter.default is not None:
        yield parameter.default
    if isinstance(parameter.annotation, s.Subscript):
        yield from parameter.annotation.items[1:]
