"""HTTP status codes as the code writes them."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable

_CONSTANT = re.compile(r"(?:fastapi|starlette)\.status\.HTTP_(\d{3})_\w+\Z")
_MEMBERS = {f"http.HTTPStatus.{status.name}": status.value for status in HTTPStatus}
_DEPTH = 4


def status_number(expr: Expr | None, scope: Scope, resolver: Resolver, depth: int = 0) -> int | None:
    """The code that an expression is: a literal, `status.HTTP_404_NOT_FOUND`, `HTTPStatus.NOT_FOUND`.

    Constants that hold one are followed. None for everything else, and for numbers that are no status.
    """
    if isinstance(expr, s.Constant) and isinstance(expr.value, int) and not isinstance(expr.value, bool):
        return expr.value if 100 <= expr.value <= 599 else None
    if isinstance(expr, s.Attribute) and expr.attr == "value":
        return status_number(expr.value, scope, resolver, depth)
    symbol = resolver.resolve(expr, scope)
    if isinstance(symbol, External):
        constant = _CONSTANT.match(symbol.name)
        return int(constant.group(1)) if constant else _MEMBERS.get(symbol.name)
    if isinstance(symbol, Variable) and depth < _DEPTH and _is_constant(symbol):
        return status_number(symbol.binding.value, symbol.scope, resolver, depth + 1)
    return None


def _is_constant(variable: Variable) -> bool:
    """Whether a module or class (an enum, for example) binds a name once, to one value."""
    bindings = variable.scope.bindings.get(variable.name, ())
    owner = variable.scope.owner
    return (
        (owner is None or isinstance(owner, ClassSymbol)) and len(bindings) == 1 and not variable.binding.path
    )
