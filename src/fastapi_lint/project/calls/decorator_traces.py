"""Decorators that register a function, or mark it, beside putting a wrapper in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.statements import expressions, walk_expressions, walk_statements
from fastapi_lint.project.calls.decorators import first_parameter
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Scope
from fastapi_lint.project.types.bodies import receiver_of

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_ASKING = ("inspect.", "asyncio.", "functools.", "typing.", "logging.", "warnings.", "copy.")
"""Modules whose functions only look at what they are given, or return it."""

_LOGGING = frozenset("debug info warning warn error exception critical log trace print".split())


class DecoratorTraces:
    """Answers which decorators have an effect wherever they stand."""

    def __init__(self, types: Types) -> None:
        self.types = types

    def leaves_one(self, maker: FunctionSymbol) -> bool:
        """Whether a decorator keeps the function or its wrapper somewhere, or marks the function.

        `TOOLS[name] = wrapper`, `registry.add(func)`, `func.role = role`. `maker` is the function that is
        called with the decorated one. A call that isn't known counts, if it is given one of them.
        """
        receiver = receiver_of(maker) if maker.owner is not None else None
        function = first_parameter(maker, receiver is not None)
        body = tuple(walk_statements(maker.node.body))
        known = {node.name for node in body if isinstance(node, s.Function)}
        known |= {name for name in (function, receiver.name if receiver else None) if name is not None}
        scope = self.types.resolver.scope(maker)
        return any(
            _stores(node, function, known) or self._hands_on(node, function, known, scope)
            for node in body
            if not isinstance(node, s.Function | s.Class | s.Return)
        )

    def _hands_on(self, node: Statement, function: str | None, known: set[str], scope: Scope) -> bool:
        """`registry.add(func)`, `register(wrapper)`, `setattr(func, "role", role)`."""
        for call in _calls(node):
            given = (*call.args, *(keyword.value for keyword in call.keywords))
            if not any(_mentions(arg, known) for arg in given) or self._only_asks(call, scope):
                continue
            if isinstance(call.func, s.Name) and call.func.id == "setattr":
                if _mentions(call.args[0], {function} if function else set()):
                    return True
            elif isinstance(call.func, s.Attribute) or isinstance(node, s.Expression):
                return True
        return False

    def _only_asks(self, call: s.Call, scope: Scope) -> bool:
        name = call.func.attr if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")
        callee = self.types.callee(call, scope)
        return name in _LOGGING or (isinstance(callee, External) and callee.name.startswith(_ASKING))


def _stores(node: Statement, function: str | None, known: set[str]) -> bool:
    """`TOOLS[name] = wrapper`, `func.role = role`, `registry.handler = func`; not `self.func = func`."""
    if isinstance(node, s.AugmentedAssign):
        return _mentions(node.value, known)
    for target in node.targets if isinstance(node, s.Assign) else ():
        if isinstance(target, s.Subscript) and isinstance(node, s.Assign):
            if any(_mentions(expr, known) for expr in (*target.items, node.value)):
                return True
        elif isinstance(target, s.Attribute) and isinstance(node, s.Assign):
            base = target.value.id if isinstance(target.value, s.Name) else ""
            if base == function or (base not in known and _mentions(node.value, known)):
                return True
    return False


def _calls(node: Statement) -> Iterator[s.Call]:
    for expr in walk_expressions(expressions(node), into_lambdas=False):
        if isinstance(expr, s.Call):
            yield expr


def _mentions(expr: Expr, known: set[str]) -> bool:
    return any(isinstance(inner, s.Name) and inner.id in known for inner in walk_expressions((expr,)))
