"""Where a module's text uses the names that its scopes bind."""

from __future__ import annotations

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import children, expressions, walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Scope


class Use(msgspec.Struct, frozen=True, eq=False):
    """One use of a name: `name.a.b` with its attributes, at a place, in the text of a function or class (or
    None).

    The decorators, defaults and annotations of a function or class belong to it.
    """

    name: str
    attributes: tuple[str, ...]
    at: int
    owner: FunctionSymbol | ClassSymbol | None
    scope: Scope


_Raw = tuple[str, tuple[str, ...], int, FunctionSymbol | ClassSymbol | None, Scope]
"""The fields of a `Use`: most names are never asked for."""


class NameUses:
    """Answers where names are used. The text of a module is walked once."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._by_name: dict[str, dict[str, list[_Raw]]] = {}
        self._found: dict[tuple[int, str], tuple[Use, ...]] = {}

    def of(self, scope: Scope, name: str) -> tuple[Use, ...]:
        """The uses of a name that a scope binds, in it or in the scopes inside, in source order."""
        key = (id(scope), name)
        if key not in self._found:
            named = self._of_module(scope.module).get(name, ())
            uses = [Use(*raw) for raw in named if _binder(name, raw[-1]) is scope]
            self._found[key] = tuple(sorted(uses, key=lambda use: use.at))
        return self._found[key]

    def unbound(self, scope: Scope) -> tuple[str, ...]:
        """The names used in a module that no scope of it binds (builtins among them), sorted."""
        module_scope = self.resolver.scope(scope.module)
        return tuple(
            sorted(
                name
                for name in self._of_module(scope.module)
                if name not in module_scope.bindings and self.of(module_scope, name)
            )
        )

    def _of_module(self, module: Module) -> dict[str, list[_Raw]]:
        if module.path not in self._by_name:
            self._by_name[module.path] = self._collected(module)
        return self._by_name[module.path]

    def _collected(self, module: Module) -> dict[str, list[_Raw]]:
        index = self.resolver.index(module)
        found: dict[str, list[_Raw]] = {}
        _add_block(found, module.facts.body, None, index.scope)
        owners: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
        for owner in owners:
            scope = index.scope_of(owner)
            holder = owner.owner or owner.parent
            around = index.scope if holder is None else index.scope_of(holder)
            _add_expressions(found, list(expressions(owner.node)), owner, around)
            _add_block(found, owner.node.body, owner, scope)
        return found


def _binder(name: str, scope: Scope) -> Scope:
    """The scope that binds a name where it is used; the module's if none does."""
    while scope.parent is not None and name not in scope.bindings:
        scope = scope.parent
    return scope


def _add_block(
    found: dict[str, list[_Raw]],
    body: tuple[s.Statement, ...],
    owner: FunctionSymbol | ClassSymbol | None,
    scope: Scope,
) -> None:
    roots: list[Expr] = []
    for statement in walk_statements(body):
        kind = type(statement)
        if kind is not s.Function and kind is not s.Class:
            roots += expressions(statement)
    _add_expressions(found, roots, owner, scope)


def _add_expressions(
    found: dict[str, list[_Raw]],
    stack: list[Expr],
    owner: FunctionSymbol | ClassSymbol | None,
    scope: Scope,
) -> None:
    """Add the names of expressions, which are taken from `stack` in any order."""
    while stack:
        expr = stack.pop()
        kind = type(expr)
        if kind is s.Name:
            found.setdefault(expr.id, []).append((expr.id, (), expr.at, owner, scope))  # type: ignore[union-attr]
        elif kind is s.Attribute:
            base, attributes = _chain(expr)
            if isinstance(base, s.Name):
                found.setdefault(base.id, []).append((base.id, attributes, expr.at, owner, scope))
            else:
                stack += children(base)
        elif kind is not s.Constant:
            stack += children(expr)


def _chain(expr: Expr) -> tuple[Expr, tuple[str, ...]]:
    """What an attribute access begins with, and the attributes."""
    found: list[str] = []
    while isinstance(expr, s.Attribute):
        found.append(expr.attr)
        expr = expr.value
    return expr, tuple(reversed(found))
