"""How much a function's body does: its statements and branches."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, expressions, walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import FunctionSymbol
from fastapi_lint.project.types.infer import Types, class_name

_LOGGERS = frozenset({"log", "logger", "logging", "_logger", "LOGGER"})
_LEVELS = frozenset("debug info warning warn error exception critical log success trace".split())


class Weight(msgspec.Struct, frozen=True):
    """Numbers of statements and branches of a body."""

    statements: int
    branches: int


def weight_of(function: FunctionSymbol, types: Types) -> Weight:
    """What a function's own body weighs.

    Not counted are the docstring, logging, a return at the end, and what stands in nested definitions.
    Branches are `if`, `elif`, `for`, `while`, `try`, `except`, `case`, and each `and` and `or`.
    """
    counted = list(_counted(function, types))
    return Weight(len(counted), sum(_branches(statement) for statement in counted))


def _counted(function: FunctionSymbol, types: Types) -> Iterator[s.Statement]:
    body = function.node.body
    last = body[-1] if body else None
    for statement in walk_statements(body):
        is_docstring = statement is body[0] and _is_text(statement)
        is_end = statement is last and isinstance(statement, s.Return)
        if not is_docstring and not is_end and not _is_logging(statement, function, types):
            yield statement


def _is_text(statement: s.Statement) -> bool:
    return isinstance(statement, s.Expression) and isinstance(statement.value, s.Constant)


def _is_logging(statement: s.Statement, function: FunctionSymbol, types: Types) -> bool:
    """`logger.info(...)` as a statement of its own."""
    call = statement.value if isinstance(statement, s.Expression) else None
    call = call.value if isinstance(call, s.Await) else call
    if (
        not isinstance(call, s.Call)
        or not isinstance(call.func, s.Attribute)
        or call.func.attr not in _LEVELS
    ):
        return False
    name = (dotted_name(call.func.value) or "").rpartition(".")[2]
    return name in _LOGGERS or class_name(types.infer(call.func.value, types.resolver.scope(function))) == (
        "logging.Logger"
    )


def _branches(statement: s.Statement) -> int:
    count = 0
    if isinstance(statement, s.If):
        count = len(statement.branches)
    elif isinstance(statement, s.For | s.While):
        count = 1
    elif isinstance(statement, s.Try):
        count = 1 + len(statement.handlers)
    elif isinstance(statement, s.Match):
        count = len(statement.cases)
    if isinstance(statement, s.Function | s.Class):
        return 0
    inside = walk_expressions(expressions(statement), into_lambdas=False)
    return count + sum(len(expr.operands) - 1 for expr in inside if isinstance(expr, s.Boolean))
