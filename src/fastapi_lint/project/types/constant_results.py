"""Functions that do nothing but return a constant."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.infer import Types

_RESPONSES = frozenset(
    "fastapi.Response fastapi.responses.JSONResponse fastapi.responses.PlainTextResponse "
    "fastapi.responses.ORJSONResponse fastapi.responses.UJSONResponse fastapi.responses.HTMLResponse".split()
)
_MODELS = frozenset({"pydantic.BaseModel", "sqlmodel.SQLModel"})
_STATUS = ("fastapi.status.", "starlette.status.", "http.HTTPStatus.")


class ConstantResults:
    """Answers which functions only return a constant."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver = types.resolver

    def returns_constant(self, function: FunctionSymbol) -> bool:
        """Whether a body is a docstring and the return of a constant: no call, no state, no branch.

        Making a response or a schema of the project from constants is no call in this sense.
        """
        scope = self.resolver.scope(function)
        body = [statement for statement in function.node.body if not _does_nothing(statement)]
        if function.node.is_generator or len(body) > 1:
            return False
        return all(isinstance(statement, s.Return) and self._is_fixed(statement, scope) for statement in body)

    def _is_fixed(self, statement: s.Return, scope: Scope) -> bool:
        return statement.value is None or self.is_constant(statement.value, scope)

    def is_constant(self, expr: Expr, scope: Scope) -> bool:
        """Whether an expression has the same value every time it is evaluated."""
        if isinstance(expr, s.Constant):
            return True
        if isinstance(expr, s.Collection):
            return all(self.is_constant(item, scope) for item in expr.items)
        if isinstance(expr, s.Mapping):
            parts = (*expr.keys, *expr.values)
            return all(part is not None and self.is_constant(part, scope) for part in parts)
        if isinstance(expr, s.Call):
            values = (*expr.args, *(keyword.value for keyword in expr.keywords))
            return self._only_builds(expr, scope) and all(self.is_constant(v, scope) for v in values)
        if isinstance(expr, s.Name | s.Attribute):
            return self._names_constant(expr, scope)
        return False

    def _only_builds(self, call: s.Call, scope: Scope) -> bool:
        callee = self.types.callee(call, scope)
        if isinstance(callee, External):
            return callee.name in _RESPONSES
        if not isinstance(callee, ClassSymbol) or not self.resolver.inherits(callee, _MODELS):
            return False
        return self.resolver.class_member(callee, "__init__") is None

    def _names_constant(self, expr: s.Name | s.Attribute, scope: Scope) -> bool:
        """A status code of a library, or a literal that a module gives a name in capitals, once."""
        symbol = self.resolver.resolve(expr, scope)
        if isinstance(symbol, External):
            return symbol.name.startswith(_STATUS)
        if not isinstance(symbol, Variable) or isinstance(symbol.scope.owner, FunctionSymbol):
            return False
        bindings = symbol.scope.bindings.get(symbol.name, [])
        value = symbol.binding.value
        return (
            symbol.name.isupper()
            and len(bindings) == 1
            and isinstance(value, s.Constant)
            and not symbol.binding.path
        )


def _does_nothing(statement: s.Statement) -> bool:
    """A docstring, an ellipsis or `pass`."""
    if isinstance(statement, s.Control):
        return statement.kind == "pass"
    return isinstance(statement, s.Expression) and isinstance(statement.value, s.Constant)
