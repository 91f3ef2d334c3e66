"""What the body of a function returns, yields, and assigns to its instance."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import dotted_name, expressions_of, walk_statements
from fastapi_lint.project.names.symbols import FunctionSymbol


def is_decorated(function: FunctionSymbol, name: str) -> bool:
    """Whether a decorator's dotted name ends in `name`."""
    return any((dotted_name(d) or "").rpartition(".")[2] == name for d in function.node.decorators)


def receiver_of(function: FunctionSymbol) -> s.Parameter | None:
    """The `self` or `cls` parameter of a method."""
    if is_decorated(function, "staticmethod") or not function.node.parameters:
        return None
    first = function.node.parameters[0]
    return first if first.kind in ("positional", "normal") else None


def return_values(function: FunctionSymbol) -> list[Expr]:
    """The expressions that a function returns, None literals left out."""
    return [
        statement.value
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.Return)
        and statement.value is not None
        and not (isinstance(statement.value, s.Constant) and statement.value.value is None)
    ]


def yielded_values(function: FunctionSymbol) -> list[Expr]:
    """The expressions that a generator yields as statements or assigned values."""
    found: list[Expr] = []
    for statement in walk_statements(function.node.body):
        value = getattr(statement, "value", None)
        if isinstance(value, s.Yield) and value.value is not None and not value.delegates:
            found.append(value.value)
    return found


def self_assignments(method: FunctionSymbol, name: str) -> list[tuple[Expr | None, Expr | None]]:
    """Value and annotation of each `self.name = ...` in a method's body."""
    receiver = receiver_of(method)
    if receiver is None:
        return []
    found: list[tuple[Expr | None, Expr | None]] = []
    for statement in walk_statements(method.node.body):
        if isinstance(statement, s.Assign):
            targets, annotation = statement.targets, None
        elif isinstance(statement, s.Declaration):
            targets, annotation = (statement.target,), statement.annotation
        else:
            continue
        if any(_is_attribute_of(target, receiver.name, name) for target in targets):
            found.append((statement.value, annotation))
    return found


def _is_attribute_of(target: Expr, receiver: str, name: str) -> bool:
    return (
        isinstance(target, s.Attribute)
        and target.attr == name
        and isinstance(target.value, s.Name)
        and target.value.id == receiver
    )


def yielded_at(function: FunctionSymbol) -> int | None:
    """The offset of the first `yield` of a generator; None for any other function."""
    places = [
        s.start_of(expr.at)
        for expr in expressions_of(function.node.body, into_lambdas=False)
        if isinstance(expr, s.Yield)
    ]
    return min(places, default=None)
