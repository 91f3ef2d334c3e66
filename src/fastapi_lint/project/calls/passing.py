"""Which parameter of a function each argument of a call becomes."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import is_decorated, receiver_of
from fastapi_lint.project.types.infer import Bound, Types


def passed(
    types: Types, call: s.Call, scope: Scope, function: FunctionSymbol
) -> Iterator[tuple[s.Parameter, Expr]]:
    """The arguments of a call that runs `function`, with the parameters that they become, in their order.

    Positions behind `*args` and the contents of `**kwargs` are unknown and left out.
    """
    parameters = [p for p in function.node.parameters if p.kind in ("positional", "normal")]
    if parameters and receives_itself(types, call, scope, function):
        parameters = parameters[1:]
    for position, arg in enumerate(call.args):
        if isinstance(arg, s.Starred) or position >= len(parameters):
            break
        yield parameters[position], arg
    by_name = {p.name: p for p in function.node.parameters if p.kind in ("normal", "keyword")}
    for keyword in call.keywords:
        if keyword.name in by_name:
            yield by_name[keyword.name], keyword.value


def receives_itself(types: Types, call: s.Call, scope: Scope, function: FunctionSymbol) -> bool:
    """Whether the first parameter of a method is filled by the object that it is called on."""
    if function.owner is None or receiver_of(function) is None:
        return False
    value = types.infer(call.func, scope)
    if isinstance(value, Bound) and isinstance(value.receiver, ClassSymbol):
        return is_decorated(function, "classmethod")
    return True
