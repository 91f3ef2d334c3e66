"""Start-up code: lifespans and start-up handlers that may register routes run after the modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions, walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol
from fastapi_lint.project.routing.arguments import Arguments, known
from fastapi_lint.project.routing.classes import REGISTRATION
from fastapi_lint.project.routing.routers import RouterValue
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    Coroutine,
    FunctionValue,
    InstanceValue,
    PartialValue,
    Value,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_REGISTERS = REGISTRATION - {
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "host",
    "on_event",
}
_MAX_DEPTH = 5


def run_startup(run: Interpreter, app: RouterValue) -> None:
    """Run an app's lifespan and start-up handlers, as far as they may register routes."""
    if app.lifespan is not None and may_register(run, app.lifespan):
        _run(run, app.lifespan, Arguments([known(app)]))
    for handler in list(app.startup):
        if may_register(run, handler):
            _run(run, handler, Arguments())


def _run(run: Interpreter, handler: Value, arguments: Arguments) -> None:
    result = run.call(handler, arguments, None, None)
    if isinstance(result, Coroutine):
        run.awaited(result)
    elif isinstance(result, InstanceValue):
        run.awaited(run.entered(result))


def may_register(run: Interpreter, handler: Value) -> bool:
    """Whether a handler's code, or code that it calls, uses a registration method or hands its app on."""
    seen: set[int] = set()
    while isinstance(handler, PartialValue | BoundMethod):
        if isinstance(handler, PartialValue) and any(
            isinstance(one.value(run), RouterValue) for one in handler.arguments.all()
        ):
            return True
        handler = handler.function
    if isinstance(handler, InstanceValue):
        handler = run.class_attribute(handler.cls, "__call__")
    if not isinstance(handler, FunctionValue):
        return handler is not MISSING and handler is not None
    node = handler.node
    if isinstance(node, s.Lambda):
        return True
    names = {parameter.name for parameter in node.parameters}
    if _hands_on(node, names):
        return True
    return handler.symbol is None or _may_register(run, handler.symbol, seen, 0)


def _hands_on(node: s.Function, names: set[str]) -> bool:
    """Whether a parameter is given to a call, or one of its registration methods is used."""
    for expr in _expressions(node):
        if not isinstance(expr, s.Call):
            continue
        given = (*expr.args, *(keyword.value for keyword in expr.keywords))
        if any(isinstance(one, s.Name) and one.id in names for one in given):
            return True
    return False


def _may_register(run: Interpreter, symbol: FunctionSymbol, seen: set[int], depth: int) -> bool:
    if id(symbol) in seen or depth > _MAX_DEPTH:
        return False
    seen.add(id(symbol))
    scope = run.scope_of(symbol)
    for expr in _expressions(symbol.node):
        if not isinstance(expr, s.Call):
            continue
        if isinstance(expr.func, s.Attribute) and expr.func.attr in _REGISTERS:
            return True
        called = run.resolver.resolve(expr.func, scope)
        if isinstance(called, ClassSymbol):
            called = run.resolver.class_member(called, "__init__")
        if isinstance(called, FunctionSymbol) and _may_register(run, called, seen, depth + 1):
            return True
    return False


def _expressions(node: s.Function) -> list[s.Expr]:
    found: list[s.Expr] = []
    for statement in walk_statements(node.body, into_definitions=True):
        found.extend(walk_expressions(expressions(statement)))
    return found
