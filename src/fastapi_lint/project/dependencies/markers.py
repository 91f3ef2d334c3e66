"""Parameters whose default is one of FastAPI's markers: `Depends(...)`, `Query(...)` and their like."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope, Variable
from fastapi_lint.project.types.infer import Types

MARKERS = frozenset(
    f"fastapi.{name}" for name in "Depends Security Query Path Body Cookie Header File Form".split()
)


def marker_name(types: Types, expr: Expr | None, scope: Scope) -> str | None:
    """The name of the marker that an expression makes, or that the constant it names holds."""
    if isinstance(expr, s.Name | s.Attribute):
        symbol = types.resolver.resolve(expr, scope)
        if not isinstance(symbol, Variable) or symbol.binding.path or symbol.binding.conditional:
            return None
        expr, scope = symbol.binding.value, symbol.scope
    if not isinstance(expr, s.Call):
        return None
    callee = types.resolver.resolve(expr.func, scope)
    if isinstance(callee, External) and callee.name in MARKERS:
        return callee.name.rpartition(".")[2]
    return None


def marked(types: Types, function: FunctionSymbol) -> Iterator[tuple[s.Parameter, str]]:
    """The parameters of a function with a marker as their default, and the marker's name."""
    scope = types.resolver.scope(function)
    for parameter in function.node.parameters:
        name = marker_name(types, parameter.default, scope.parent or scope)
        if name is not None:
            yield parameter, name


def left_out(
    types: Types, call: s.Call, scope: Scope, function: FunctionSymbol
) -> tuple[tuple[s.Parameter, str], ...]:
    """The marked parameters that a call of a function doesn't give; none if it unpacks its arguments.

    Nor those that the function doesn't want, as their names say: `_`, and `_user` that its body never reads.
    """
    if any(isinstance(arg, s.Starred) for arg in call.args) or any(k.name is None for k in call.keywords):
        return ()
    given = {parameter.name for parameter, _ in passed(types, call, scope, function)}
    missing = [(p, name) for p, name in marked(types, function) if p.name not in given]
    return tuple((p, name) for p, name in missing if not _is_unwanted(p.name, function))


def _is_unwanted(name: str, function: FunctionSymbol) -> bool:
    body = expressions_of(function.node.body) if name.startswith("_") else ()
    return name.startswith("_") and not any(isinstance(one, s.Name) and one.id == name for one in body)
