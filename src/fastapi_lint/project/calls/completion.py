"""Calls that never come back: they always raise, or end the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.traces import exits
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_ENDING = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit"})
_NEVER = frozenset({"NoReturn", "Never"})


def never_completes(types: Types, scope: Scope, statement: s.Statement) -> bool:
    """Whether a statement is a call that always raises or ends the process."""
    value = statement.value if isinstance(statement, s.Expression) else None
    call = value.value if isinstance(value, s.Await) else value
    if not isinstance(call, s.Call):
        return False
    callee = types.callee(call, scope)
    if isinstance(callee, External):
        return callee.name in _ENDING
    return isinstance(callee, FunctionSymbol) and _always_raises(callee)


def _always_raises(function: FunctionSymbol) -> bool:
    returns = function.node.returns
    name = returns.attr if isinstance(returns, s.Attribute) else getattr(returns, "id", "")
    if name in _NEVER:
        return True
    return not function.node.is_generator and not exits(function.node.body)
