"""Comparisons by which a value of the request is held against a secret."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import (
    argument,
    dotted_name,
    expressions,
    method_call,
    walk_expressions,
    walk_statements,
)
from fastapi_lint.project.layers.role_names import words
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope, Variable
from fastapi_lint.project.pydantic.models import PydanticModels
from fastapi_lint.project.requests.origins import RequestOrigins
from fastapi_lint.project.security.secret_names import is_secret
from fastapi_lint.project.types.infer import Instance, class_name, return_values

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_DIGESTS = frozenset("digest hexdigest".split())
_PLAIN = frozenset("get_secret_value encode decode strip lower".split())
_READERS = frozenset({"os.getenv", "os.environ.get"})
_SOURCES = frozenset("getenv environ hmac hexdigest digest".split())
_BASIC = frozenset({"fastapi.security.HTTPBasicCredentials", "fastapi.security.http.HTTPBasicCredentials"})
_DEPTH = 6


class SecretComparison(msgspec.Struct, frozen=True, eq=False):
    """`sent == secret` in a function that FastAPI calls. `name` says what the secret is, in words."""

    function: FunctionSymbol
    compare: s.Compare
    scope: Scope
    sent: Expr
    secret: Expr
    name: str

    @property
    def operator(self) -> str:
        """`==` or `!=`."""
        return self.compare.operators[0]


class SecretComparisons:
    """Answers where secrets are compared with what the client sent."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.models = PydanticModels(project)
        self.origins = RequestOrigins(project)
        self._mentioning: dict[str, bool] = {}

    def all(self) -> Iterator[SecretComparison]:
        """The comparisons in endpoints, dependencies and middleware of the application.

        Those in a statement that is but a call, such as one that logs, decide nothing.
        """
        for called in self.project.endpoints.called:
            function = called.function
            if called.kind not in ("endpoint", "dependency", "middleware"):
                continue
            if not self.project.roles.is_outside(function.module) and self._mentions(function.module):
                yield from self._of(function)

    def _mentions(self, module: Module) -> bool:
        """Whether a module names a secret or a source of one at all."""
        if module.path not in self._mentioning:
            names = module.facts.names
            found = not names.isdisjoint(_SOURCES) or any(map(_is_secret, names))
            self._mentioning[module.path] = found
        return self._mentioning[module.path]

    def _of(self, function: FunctionSymbol) -> Iterator[SecretComparison]:
        scope = self.resolver.scope(function)
        deciding = (one for one in walk_statements(function.node.body) if not isinstance(one, s.Expression))
        for expr in walk_expressions(chain.from_iterable(map(expressions, deciding)), into_lambdas=False):
            if isinstance(expr, s.Compare) and expr.operators in (("==",), ("!=",)):
                found = self._comparison(function, expr, scope)
                if found is not None:
                    yield found

    def _comparison(self, function: FunctionSymbol, expr: s.Compare, scope: Scope) -> SecretComparison | None:
        right = expr.comparators[0]
        for sent, secret in ((expr.left, right), (right, expr.left)):
            if isinstance(sent, s.Constant) or isinstance(secret, s.Constant):
                return None
            name = self.secret(secret, scope)
            if name and self.origins.is_from_request(sent, scope):
                return SecretComparison(function, expr, scope, sent, secret, name)
        return None

    def are_texts(self, found: SecretComparison) -> bool:
        """Whether both sides are `str` and never None: a parameter, and a field or constant."""
        return self._is_text(found.sent, found.scope) and self._is_text(found.secret, found.scope)

    def _is_text(self, expr: Expr, scope: Scope) -> bool:
        if isinstance(expr, s.Attribute):
            owner = self.types.infer(expr.value, scope)
            if not isinstance(owner, Instance) or not isinstance(owner.cls, ClassSymbol):
                return isinstance(owner, Instance) and class_name(owner) in _BASIC and expr.attr == "password"
            declared = self.models.fields(owner.cls).get(expr.attr)
            return declared is not None and _is_str(declared.annotation, self.models.default_of(declared))
        symbol = self.resolver.resolve(expr, scope) if isinstance(expr, s.Name) else None
        if not isinstance(symbol, Variable):
            return False
        parameter = symbol.binding.parameter
        if parameter is None or not isinstance(symbol.scope.owner, FunctionSymbol):
            return isinstance(symbol.binding.value, s.Constant)
        for one in self.project.request_parameters.of_function(symbol.scope.owner):
            if one.name == parameter.name and one.marker != "Depends":
                return _is_str(one.annotation, one.default)
        return False

    # --- what is a secret ------------------------------------------------------------------------

    def secret(self, expr: Expr, scope: Scope, depth: int = 0) -> str:
        """What secret an expression is, in words; empty if it is none for certain."""
        if depth > _DEPTH:
            return ""
        if isinstance(expr, s.Template | s.Operation):
            parts = expr.parts if isinstance(expr, s.Template) else expr.operands
            return next((name for part in parts if (name := self.secret(part, scope, depth + 1))), "")
        if isinstance(expr, s.Boolean):
            return self.secret(expr.operands[0], scope, depth + 1)
        if isinstance(expr, s.Call):
            return self._of_call(expr, scope, depth)
        if isinstance(expr, s.Subscript):
            return self._variable(expr.items[0]) if dotted_name(expr.value) == "os.environ" else ""
        if isinstance(expr, s.Attribute):
            return self._of_attribute(expr, scope)
        return self._of_name(expr, scope, depth) if isinstance(expr, s.Name) else ""

    def _of_call(self, call: s.Call, scope: Scope, depth: int) -> str:
        callee = self.types.callee(call, scope)
        if isinstance(callee, External) and callee.name in _READERS and call.args:
            return self._variable(call.args[0])
        if isinstance(callee, External) and callee.name == "hmac.digest":
            return "an HMAC digest"
        if isinstance(callee, FunctionSymbol):
            inner = self.resolver.scope(callee)
            found = {self._digest(value, inner, depth + 1) for value in return_values(callee)}
            return found.pop() if len(found) == 1 else ""
        method = method_call(call)
        if method is not None and method[1] in _PLAIN:
            return self.secret(method[0], scope, depth + 1)
        return self._digest(call, scope, depth)

    def _digest(self, expr: Expr, scope: Scope, depth: int) -> str:
        """`hmac.new(...).hexdigest()`, or a name or call that leads to it."""
        method = method_call(expr) if isinstance(expr, s.Call) else None
        if method is not None and method[1] in _DIGESTS:
            made = self._assigned(method[0], scope)
            callee = self.types.callee(made, scope) if isinstance(made, s.Call) else None
            return "an HMAC digest" if callee == External("hmac.new") else ""
        name = self.secret(expr, scope, depth + 1)
        return name if name == "an HMAC digest" else ""

    def _assigned(self, expr: Expr, scope: Scope) -> Expr | None:
        """An expression, or what the local name that it is was assigned once."""
        if not isinstance(expr, s.Name):
            return expr
        bindings = scope.bindings.get(expr.id, ())
        return bindings[0].value if len(bindings) == 1 and not bindings[0].path else None

    def _variable(self, key: Expr) -> str:
        text = key.value if isinstance(key, s.Constant) else None
        return f"`{text}`" if isinstance(text, str) and _is_secret(text) else ""

    def _of_attribute(self, expr: s.Attribute, scope: Scope) -> str:
        """A field of the settings, or a constant of a module."""
        if not _is_secret(expr.attr):
            return ""
        owner = self.types.infer(expr.value, scope)
        if isinstance(owner, Instance) and self.project.settings.is_settings(owner.cls):
            return f"`{dotted_name(expr) or expr.attr}`"
        symbol = self.resolver.resolve(expr, scope)
        return f"`{dotted_name(expr)}`" if self._is_constant(symbol) else ""

    def _of_name(self, expr: s.Name, scope: Scope, depth: int) -> str:
        symbol = self.resolver.resolve(expr, scope)
        if self._is_constant(symbol):
            return f"`{expr.id}`" if _is_secret(expr.id) else ""
        if not isinstance(symbol, Variable) or not isinstance(symbol.scope.owner, FunctionSymbol):
            return ""
        bindings = symbol.scope.bindings.get(symbol.name, ())
        binding = symbol.binding
        if len(bindings) != 1 or binding.value is None or binding.path or binding.augmented:
            return ""
        return self.secret(binding.value, symbol.scope, depth + 1)

    def _is_constant(self, symbol: object) -> bool:
        """Whether a module binds a name once, to something that isn't just the name of a kind of secret."""
        if not isinstance(symbol, Variable) or symbol.scope.owner is not None:
            return False
        value, bindings = symbol.binding.value, symbol.scope.bindings.get(symbol.name, ())
        if len(bindings) != 1 or value is None or symbol.binding.path:
            return False
        if not isinstance(value, s.Constant):
            return isinstance(value, s.Call | s.Subscript | s.Attribute | s.Boolean)
        return isinstance(value.value, str) and not set(words(value.value)) <= set(words(symbol.name))


def _is_str(annotation: Expr | None, default: Expr | None) -> bool:
    """Whether something is declared as `str`, and None isn't its default."""
    empty = isinstance(default, s.Call) and isinstance(argument(default, 0, "default"), s.Constant)
    none = isinstance(default, s.Constant) and default.value is None
    return isinstance(annotation, s.Name) and annotation.id == "str" and not empty and not none


def _is_secret(name: str) -> bool:
    return is_secret(name) or words(name)[-1:] == ("signature",)
