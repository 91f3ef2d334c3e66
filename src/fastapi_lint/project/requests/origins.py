"""Whether a value comes from the request: from its parameters, headers, cookies, query or body."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import method_call
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.requests.request_objects import RequestObjects
from fastapi_lint.project.security.schemes import CREDENTIALS, TEXT_SCHEMES, is_scheme
from fastapi_lint.project.types.infer import Instance, Value, return_values

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_PARTS = frozenset("headers cookies query_params path_params".split())
_BODIES = frozenset("json form body".split())
_MARKERS = frozenset("Header Cookie Query Path Body Form".split())
_PASSING = frozenset(
    "get strip lstrip rstrip removeprefix removesuffix replace split partition encode decode lower".split()
)
"""Methods whose result is the value itself, or a part of it."""

_PASSING_FUNCTIONS = frozenset(
    {
        "builtins.str",
        "fastapi.security.utils.get_authorization_scheme_param",
    }
)
_DEPTH = 8


class RequestOrigins:
    """Answers whether values come from the request. Local names are followed to their one assignment."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.requests = RequestObjects(project)

    def is_from_request(self, expr: Expr | None, scope: Scope, depth: int = 0) -> bool:
        """Whether an expression in a function that FastAPI calls is something that the client sent."""
        if expr is None or depth > _DEPTH:
            return False
        if isinstance(expr, s.Await | s.Starred):
            return self.is_from_request(expr.value, scope, depth + 1)
        if isinstance(expr, s.Boolean):
            return self.is_from_request(expr.operands[0], scope, depth + 1)
        if isinstance(expr, s.Subscript):
            return self.is_from_request(expr.value, scope, depth + 1)
        if isinstance(expr, s.Name):
            return self._is_named(expr, scope, depth)
        if isinstance(expr, s.Attribute):
            return self._is_part(expr, scope)
        return isinstance(expr, s.Call) and self._is_called(expr, scope, depth)

    def _is_named(self, expr: s.Name, scope: Scope, depth: int) -> bool:
        symbol = self.resolver.lookup(expr.id, scope)
        if not isinstance(symbol, Variable) or not isinstance(symbol.scope.owner, FunctionSymbol):
            return False
        binding = symbol.binding
        if binding.parameter is not None:
            return self._is_parameter(binding.parameter, symbol.scope.owner, depth)
        bindings = symbol.scope.bindings.get(symbol.name, ())
        if len(bindings) != 1 or binding.augmented:
            return False
        return self.is_from_request(binding.value, symbol.scope, depth + 1)

    def _is_parameter(self, parameter: s.Parameter, function: FunctionSymbol, depth: int) -> bool:
        """Whether FastAPI fills a parameter from the request."""
        if id(function) not in self._filled:
            return False
        found = next(
            (
                one
                for one in self.project.request_parameters.of_function(function)
                if one.name == parameter.name
            ),
            None,
        )
        if found is None or found.marker is None:
            return False
        if found.marker == "Depends":
            scope = self.resolver.scope(function)
            dependency = self.project.dependencies.of_parameter(parameter, scope.parent or scope)
            return dependency is not None and self._hands_over(dependency.target, depth)
        return found.marker in _MARKERS or self._is_text(parameter, function)

    def _hands_over(self, target: Value | None, depth: int) -> bool:
        """Whether a dependency gives a part of the request: by a security scheme or a function."""
        if is_scheme(self.resolver, target, TEXT_SCHEMES):
            return True
        if not isinstance(target, FunctionSymbol) or target.node.is_generator:
            return False
        scope, values = self.resolver.scope(target), return_values(target)
        return bool(values) and all(self.is_from_request(value, scope, depth + 1) for value in values)

    def _is_text(self, parameter: s.Parameter, function: FunctionSymbol) -> bool:
        """Whether a parameter without a marker is a text, and so read from the path or query."""
        scope = self.resolver.scope(function)
        value = self.types.annotated(parameter.annotation, scope.parent or scope)
        return isinstance(value, Instance) and value.cls == External("builtins.str")

    @cached_property
    def _filled(self) -> frozenset[int]:
        endpoints = self.project.endpoints
        functions = (*(e.function for e in endpoints.all), *endpoints.dependency_functions)
        return frozenset(id(function) for function in functions)

    def _is_part(self, expr: s.Attribute, scope: Scope) -> bool:
        """`request.headers`, `credentials.password`, a field of a body's model."""
        if self.requests.is_request(expr.value, scope):
            return expr.attr in _PARTS
        owner = self.types.infer(expr.value, scope)
        if not isinstance(owner, Instance):
            return False
        if self.resolver.inherits(owner.cls, CREDENTIALS):
            return expr.attr in ("username", "password", "credentials", "client_secret")
        is_model = isinstance(owner.cls, ClassSymbol) and self.project.kinds.is_schema(owner.cls)
        return is_model and self._is_body(expr.value, scope)

    def _is_body(self, expr: Expr, scope: Scope) -> bool:
        """Whether a name is a parameter of an endpoint or dependency that holds the body."""
        symbol = self.resolver.lookup(expr.id, scope) if isinstance(expr, s.Name) else None
        if not isinstance(symbol, Variable) or symbol.binding.parameter is None:
            return False
        owner, name = symbol.scope.owner, symbol.name
        if not isinstance(owner, FunctionSymbol) or id(owner) not in self._filled:
            return False
        parameters = self.project.request_parameters.of_function(owner)
        return any(one.name == name and one.marker in ("", "Body", "Form", "Query") for one in parameters)

    def _is_called(self, call: s.Call, scope: Scope, depth: int) -> bool:
        method = method_call(call)
        if method is not None:
            receiver, name = method
            if name in _BODIES:
                return self.requests.is_request(receiver, scope)
            return name in _PASSING and self.is_from_request(receiver, scope, depth + 1)
        callee = self.types.callee(call, scope)
        if isinstance(callee, External) and callee.name in _PASSING_FUNCTIONS and call.args:
            return self.is_from_request(call.args[0], scope, depth + 1)
        return False
