"""Functions and classes that make an app and that no module calls: a server or a `main` calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import calls_of
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.routing.arguments import Arguments
from fastapi_lint.project.routing.third_party import APP_CLASSES
from fastapi_lint.project.routing.values import (
    MISSING,
    BoundMethod,
    ClassValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
)

if TYPE_CHECKING:
    from fastapi_lint.project.routing.interpreter import Interpreter

_NAMES = frozenset(APP_CLASSES)


def run_factories(run: Interpreter, makers: tuple[Module, ...], starts: tuple[Module, ...]) -> None:
    """Call the factories that nothing has called, callers before what they call."""
    found = [one for module in makers for one in _functions(run, module) if _makes_app(run, one, frozenset())]
    makes = frozenset(id(one) for one in found)
    callers = [one for module in starts for one in _functions(run, module) if _makes_app(run, one, makes)]
    for symbol in (*(one for one in callers if id(one) not in makes), *found):
        if id(symbol.node) not in run.called_functions:
            _call(run, symbol)


def _functions(run: Interpreter, module: Module) -> list[FunctionSymbol]:
    return [one for one in run.resolver.index(module).functions if one.parent is None]


def makes_app(run: Interpreter, module: Module) -> bool:
    """Whether importing a module makes an app: its own body calls an app class or a factory."""
    scope = run.resolver.scope(module)
    return any(_leads_to_app(run, call, scope, frozenset(), 0) for call in calls_of(module.facts.body))


def _makes_app(run: Interpreter, symbol: FunctionSymbol, makes: frozenset[int], depth: int = 9) -> bool:
    """Whether a function's own body calls an app class, or one of the functions that do."""
    scope = run.scope_of(symbol)
    return any(_leads_to_app(run, call, scope, makes, depth) for call in calls_of(symbol.node.body))


def _leads_to_app(run: Interpreter, call: s.Call, scope: Scope, makes: frozenset[int], depth: int) -> bool:
    if not isinstance(call.func, s.Name | s.Attribute):
        return False
    called = run.resolver.resolve(call.func, scope)
    if isinstance(called, External):
        return called.name in _NAMES
    if isinstance(called, ClassSymbol):
        return run.resolver.inherits(called, _NAMES)
    if not isinstance(called, FunctionSymbol) or called is scope.owner:
        return False
    return id(called) in makes or (depth < 2 and _makes_app(run, called, makes, depth + 1))


def _call(run: Interpreter, symbol: FunctionSymbol) -> None:
    module = run.modules.get(symbol.module.path)
    if module is None:
        return
    if symbol.owner is not None:
        _call_method(run, module, symbol, symbol.owner)
        return
    value = module.env.get(symbol.name, MISSING)
    if isinstance(value, FunctionValue) and value.symbol is symbol:
        run.awaited(run.call(value, Arguments(), None, None))


def _call_method(run: Interpreter, module: ModuleValue, symbol: FunctionSymbol, owner: ClassSymbol) -> None:
    cls = module.env.get(owner.name, MISSING)
    if not isinstance(cls, ClassValue) or cls.symbol is not owner:
        return
    made = run.call(cls, Arguments(), None, None)
    if id(symbol.node) in run.called_functions or not isinstance(made, InstanceValue):
        return
    method = run.attribute(made, symbol.name, None)
    if isinstance(method, BoundMethod | FunctionValue):
        run.awaited(run.call(method, Arguments(), None, None))
