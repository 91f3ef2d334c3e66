"""Which branches a call can't take, because its arguments are constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import blocks, walk_statements
from fastapi_lint.project.calls.passing import passed
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
from fastapi_lint.project.types.infer import Types

Constants = Mapping[str, "str | int | float | bool | None"]
"""Names of parameters whose value is known."""

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "is": lambda left, right: left is right,
    "is not": lambda left, right: left is not right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def constants_of(
    types: Types, call: s.Call, scope: Scope, function: FunctionSymbol, outer: Constants
) -> Constants:
    """The parameters of `function` that are constants when `call` runs it: given ones, else the defaults.

    `outer` are the constants where the call stands. Parameters that the function assigns to are left out.
    """
    if any(isinstance(arg, s.Starred) for arg in call.args) or any(k.name is None for k in call.keywords):
        return {}
    given = {p.name: expr for p, expr in passed(types, call, scope, function)}
    inner = types.resolver.scope(function)
    found: dict[str, str | int | float | bool | None] = {}
    for parameter in function.node.parameters:
        value = given.get(parameter.name, parameter.default)
        if len(inner.bindings.get(parameter.name, ())) > 1:
            continue
        if isinstance(value, s.Constant):
            found[parameter.name] = value.value
        elif isinstance(value, s.Name) and value.id in outer and parameter.name in given:
            found[parameter.name] = outer[value.id]
    return found


def never_runs(body: tuple[s.Statement, ...], at: int, constants: Constants) -> bool:
    """Whether a place in a block is never reached with some parameters constant.

    It stands in a branch that is not taken, or behind one that is, and that leaves the block.
    """
    return bool(constants) and _is_unreached(body, at, constants)


def reached_returns(function: FunctionSymbol, constants: Constants) -> tuple[s.Return, ...]:
    """The `return` statements of a function that its constant parameters don't rule out."""
    body = function.node.body
    found = [one for one in walk_statements(body) if isinstance(one, s.Return)]
    return tuple(one for one in found if not never_runs(body, one.at, constants))


def _is_unreached(body: tuple[s.Statement, ...], at: int, constants: Constants) -> bool:
    for statement in body:
        if s.start_of(statement.at) <= s.start_of(at) < s.end_of(statement.at):
            inner = [block for block in blocks(statement) if _holds(block, at)]
            if inner and isinstance(statement, s.If) and _is_skipped(statement, at, constants):
                return True
            return any(_is_unreached(block, at, constants) for block in inner)
        if isinstance(statement, s.If) and _leaves(statement, constants):
            return True
    return False


def _is_skipped(statement: s.If, at: int, constants: Constants) -> bool:
    for branch in statement.branches:
        known = truth(branch.test, constants)
        if _holds(branch.body, at):
            return known is False
        if known is True:
            return True
    return False


def _leaves(statement: s.If, constants: Constants) -> bool:
    """Whether the branch that is certainly taken ends the block around it."""
    for branch in statement.branches:
        known = truth(branch.test, constants)
        if known is not False:
            return known is True and _ends(branch.body)
    return _ends(statement.orelse)


def _ends(body: tuple[s.Statement, ...]) -> bool:
    return any(isinstance(one, s.Return | s.Raise) for one in body)


def _holds(body: tuple[s.Statement, ...], at: int) -> bool:
    return bool(body) and s.start_of(body[0].at) <= s.start_of(at) < s.end_of(body[-1].at)


def truth(expr: Expr, constants: Constants) -> bool | None:
    """Whether a condition holds; None if that isn't known."""
    if isinstance(expr, s.Constant):
        return bool(expr.value)
    if isinstance(expr, s.Name):
        return bool(constants[expr.id]) if expr.id in constants else None
    if isinstance(expr, s.Unary) and expr.operator == "not":
        inner = truth(expr.operand, constants)
        return None if inner is None else not inner
    if isinstance(expr, s.Boolean):
        return _combined(expr, constants)
    if isinstance(expr, s.Compare) and len(expr.operators) == 1 and expr.operators[0] in _COMPARE:
        left, right = (_constant(one, constants) for one in (expr.left, expr.comparators[0]))
        if left is not None and right is not None:
            return _COMPARE[expr.operators[0]](left[0], right[0])
    return None


def _combined(expr: s.Boolean, constants: Constants) -> bool | None:
    found = {truth(operand, constants) for operand in expr.operands}
    decides = expr.operator == "or"
    if decides in found:
        return decides
    return None if None in found else not decides


def _constant(expr: Expr, constants: Constants) -> tuple[object] | None:
    if isinstance(expr, s.Constant):
        return (expr.value,)
    if isinstance(expr, s.Name) and expr.id in constants:
        return (constants[expr.id],)
    return None
