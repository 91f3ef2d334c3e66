"""The lexical scopes of a module: which names each one binds, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr, Statement
from fastapi_lint.project.body.statements import walk_expressions
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, FunctionSymbol, Module, Scope


class Place(msgspec.Struct, frozen=True):
    """Under which conditions a statement stands."""

    type_only: bool = False
    conditional: bool = False
    fallback: bool = False


class ModuleIndex(msgspec.Struct, frozen=True, eq=False):
    """The scopes and definitions of one module, nested ones included, in source order."""

    scope: Scope
    functions: tuple[FunctionSymbol, ...]
    classes: tuple[ClassSymbol, ...]
    scopes: dict[int, Scope]
    """The scope of a function or class, by the identity of its symbol."""

    def scope_of(self, symbol: FunctionSymbol | ClassSymbol) -> Scope:
        """The scope that a function's or class's own body makes."""
        return self.scopes[id(symbol)]


def index(module: Module) -> ModuleIndex:
    """Find all definitions and bindings of a module in one walk over its statements."""
    scope = Scope(module=module, owner=None, bindings={}, stars=[], parent=None)
    builder = _Builder(module)
    builder.fill(scope, module.facts.body)
    return ModuleIndex(scope, tuple(builder.functions), tuple(builder.classes), builder.scopes)


def is_type_checking(test: Expr) -> bool:
    """Whether a condition is `TYPE_CHECKING`, under any module's name, or the literal False."""
    if isinstance(test, s.Constant):
        return test.value is False
    if isinstance(test, s.Name):
        return test.id == "TYPE_CHECKING"
    return isinstance(test, s.Attribute) and test.attr == "TYPE_CHECKING"


def _asks_for_checker(test: Expr, scope: Scope) -> bool:
    """`is_type_checking`, also for `from typing import TYPE_CHECKING as T`."""
    if is_type_checking(test):
        return True
    around: Scope | None = scope
    while isinstance(test, s.Name) and around is not None:
        found = around.bindings.get(test.id)
        if found:
            return all(b.alias is not None and b.alias.name == "TYPE_CHECKING" for b in found)
        around = around.parent
    return False


def _targets(target: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[s.Name, tuple[int, ...]]]:
    """The names that an assignment target binds, with the indexes of unpacking."""
    if isinstance(target, s.Name):
        yield target, path
    elif isinstance(target, s.Starred):
        yield from _targets(target.value, (*path, -1))
    elif isinstance(target, s.Collection):
        for position, item in enumerate(target.items):
            yield from _targets(item, (*path, position))


class _Builder:
    """Fills scopes; one instance a module, dropped afterwards."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.functions: list[FunctionSymbol] = []
        self.classes: list[ClassSymbol] = []
        self.scopes: dict[int, Scope] = {}

    def fill(self, scope: Scope, body: tuple[Statement, ...]) -> None:
        """Bind what a body binds, and open the scopes of its definitions."""
        stack: list[tuple[tuple[Statement, ...], Place]] = [(body, Place())]
        definitions: list[tuple[FunctionSymbol | ClassSymbol, Place]] = []
        while stack:
            block, place = stack.pop()
            for statement in block:
                handler = _HANDLERS.get(type(statement))
                if handler is not None:
                    handler(self, scope, statement, place, stack, definitions)
        definitions.sort(key=lambda pair: pair[0].node.at)
        for symbol, _ in definitions:
            self.open(scope, symbol)

    def open(self, around: Scope, symbol: FunctionSymbol | ClassSymbol) -> None:
        """Make the scope of a definition and fill it."""
        parent = around
        while isinstance(parent.owner, ClassSymbol) and parent.parent is not None:
            parent = parent.parent
        scope = Scope(self.module, symbol, {}, [], parent)
        self.scopes[id(symbol)] = scope
        if isinstance(symbol, FunctionSymbol):
            self.functions.append(symbol)
            for parameter in symbol.node.parameters:
                bind(
                    scope,
                    parameter.name,
                    Binding(parameter.at, parameter=parameter, annotation=parameter.annotation),
                )
        else:
            self.classes.append(symbol)
        self.fill(scope, symbol.node.body)

    def define(self, scope: Scope, node: s.Function | s.Class) -> FunctionSymbol | ClassSymbol:
        """The symbol of a definition that stands directly in `scope`."""
        around = scope.owner
        owner = around if isinstance(around, ClassSymbol) else None
        parent = around if isinstance(around, FunctionSymbol) else (owner.parent if owner else None)
        prefix = ""
        if isinstance(around, FunctionSymbol):
            prefix = f"{around.qualname}.<locals>."
        elif owner is not None:
            prefix = f"{owner.qualname}."
        if isinstance(node, s.Function):
            return FunctionSymbol(self.module, node, prefix + node.name, owner, parent)
        return ClassSymbol(self.module, node, prefix + node.name, owner, parent)


def bind(scope: Scope, name: str, binding: Binding) -> None:
    """Add one binding of a name."""
    scope.bindings.setdefault(name, []).append(binding)


Stack = list[tuple[tuple[Statement, ...], Place]]
Definitions = list[tuple[FunctionSymbol | ClassSymbol, Place]]


def _binding(at: int, place: Place, **values: object) -> Binding:
    under = {"type_only": place.type_only, "conditional": place.conditional, "fallback": place.fallback}
    return Binding(at, **under, **values)  # type: ignore[arg-type]


def _walrus(scope: Scope, value: Expr | None, place: Place) -> None:
    if value is None or not scope.module.facts.has_walrus:
        return
    for expr in walk_expressions((value,), into_lambdas=False):
        if type(expr) is s.Walrus and isinstance(expr.target, s.Name):
            bind(scope, expr.target.id, _binding(expr.at, place, value=expr.value))


def _definition(
    b: _Builder, scope: Scope, n: s.Function | s.Class, p: Place, _: Stack, found: Definitions
) -> None:
    symbol = b.define(scope, n)
    found.append((symbol, p))
    bind(scope, n.name, _binding(n.at, p, symbol=symbol))


def _assign(b: _Builder, scope: Scope, n: s.Assign, p: Place, _: Stack, __: Definitions) -> None:
    for target in n.targets:
        for name, path in _targets(target):
            bind(scope, name.id, _binding(n.at, p, value=n.value, path=path))
    _walrus(scope, n.value, p)


def _declare(b: _Builder, scope: Scope, n: s.Declaration, p: Place, _: Stack, __: Definitions) -> None:
    if isinstance(n.target, s.Name):
        bind(scope, n.target.id, _binding(n.at, p, value=n.value, annotation=n.annotation))


def _augment(b: _Builder, scope: Scope, n: s.AugmentedAssign, p: Place, _: Stack, __: Definitions) -> None:
    if isinstance(n.target, s.Name):
        bind(scope, n.target.id, _binding(n.at, p, value=n.value, augmented=True))


def _alias(b: _Builder, scope: Scope, n: s.TypeAlias, p: Place, _: Stack, __: Definitions) -> None:
    bind(scope, n.name, _binding(n.at, p, value=n.value))


def _expression(b: _Builder, scope: Scope, n: s.Expression, p: Place, _: Stack, __: Definitions) -> None:
    _walrus(scope, n.value, p)


def _import(
    b: _Builder, scope: Scope, n: s.Import | s.ImportFrom, p: Place, _: Stack, __: Definitions
) -> None:
    for alias in n.names:
        binding = _binding(alias.at, p, statement=n, alias=alias)
        if alias.name == "*":
            scope.stars.append(binding)
        elif alias.asname:
            bind(scope, alias.asname, binding)
        else:
            name = alias.name.partition(".")[0] if isinstance(n, s.Import) else alias.name
            bind(scope, name, binding)


def _if(b: _Builder, scope: Scope, n: s.If, p: Place, stack: Stack, _: Definitions) -> None:
    blocks: Stack = []
    typing = False
    for branch in n.branches:
        _walrus(scope, branch.test, p)
        if _asks_for_checker(branch.test, scope):
            typing = True
            blocks.append((branch.body, Place(True, p.conditional, p.fallback)))
        else:
            blocks.append((branch.body, Place(p.type_only, True, p.fallback)))
    alone = typing and len(n.branches) == 1
    blocks.append((n.orelse, p if alone else Place(p.type_only, True, True)))
    stack.extend(reversed(blocks))


def _for(b: _Builder, scope: Scope, n: s.For, p: Place, stack: Stack, _: Definitions) -> None:
    for name, path in _targets(n.target):
        bind(scope, name.id, _binding(n.at, p, iterable=n.iterable, path=path))
    stack.append((n.orelse, p))
    stack.append((n.body, p))


def _while(b: _Builder, scope: Scope, n: s.While, p: Place, stack: Stack, _: Definitions) -> None:
    _walrus(scope, n.test, p)
    stack.append((n.orelse, p))
    stack.append((n.body, p))


def _with(b: _Builder, scope: Scope, n: s.With, p: Place, stack: Stack, _: Definitions) -> None:
    for item in n.items:
        if item.target is not None:
            for name, path in _targets(item.target):
                bind(scope, name.id, _binding(item.at, p, context=item.context, path=path))
    stack.append((n.body, p))


def _try(b: _Builder, scope: Scope, n: s.Try, p: Place, stack: Stack, _: Definitions) -> None:
    stack.append((n.finalbody, p))
    stack.append((n.orelse, p))
    for handler in reversed(n.handlers):
        if handler.name:
            bind(scope, handler.name, _binding(handler.at, p, caught=handler.type))
        stack.append((handler.body, Place(p.type_only, True, True)))
    stack.append((n.body, p))


def _match(b: _Builder, scope: Scope, n: s.Match, p: Place, stack: Stack, _: Definitions) -> None:
    for case in reversed(n.cases):
        for name in case.captures:
            bind(scope, name, _binding(case.at, p))
        stack.append((case.body, Place(p.type_only, True, p.fallback)))


_HANDLERS: dict[type, Callable[..., None]] = {
    s.Function: _definition,
    s.Class: _definition,
    s.Assign: _assign,
    s.Declaration: _declare,
    s.AugmentedAssign: _augment,
    s.TypeAlias: _alias,
    s.Expression: _expression,
    s.Import: _import,
    s.ImportFrom: _import,
    s.If: _if,
    s.For: _for,
    s.While: _while,
    s.With: _with,
    s.Try: _try,
    s.Match: _match,
}
