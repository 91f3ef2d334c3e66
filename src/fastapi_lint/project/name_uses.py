"""Where a module's text uses the names that its scopes bind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.resolve import Resolver
from fastapi_lint.project.statements import children, expressions, walk_statements
from fastapi_lint.project.symbols import ClassSymbol, FunctionSymbol, Module, Scope


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One use of a name: `name.a.b` with its attributes, at a place, in the text of a function or class (or
    None).

    The decorators, defaults and annotations of a function or class belong to it.
    """

    name: str
    attributes: tuple[str, ...]
    at: int
    owner: FunctionSymbol | ClassSymbol | None
    scope: Scope = field(repr=False)


class NameUses:
    """Answers where names are used. The text of a module is walked once."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._by_scope: dict[str, dict[tuple[int, str], list[Use]]] = {}

    def of(self, scope: Scope, name: str) -> tuple[Use, ...]:
        """The uses of a name that a scope binds, in it or in the scopes inside, in source order."""
        return tuple(self._of_module(scope.module).get((id(scope), name), ()))

    def unbound(self, scope: Scope) -> tuple[str, ...]:
        """The names used in a module that no scope of it binds (builtins among them), sorted."""
        module_scope = self.resolver.scope(scope.module)
        uses = self._of_module(scope.module)
        return tuple(
            sorted(n for key, n in uses if key == id(module_scope) and n not in module_scope.bindings)
        )

    def _of_module(self, module: Module) -> dict[tuple[int, str], list[Use]]:
        if module.path not in self._by_scope:
            found: dict[tuple[int, str], list[Use]] = {}
            for use in sorted(self._uses(module), key=lambda use: use.at):
                found.setdefault((id(_binder(use)), use.name), []).append(use)
            self._by_scope[module.path] = found
        return self._by_scope[module.path]

    def _uses(self, module: Module) -> Iterator[Use]:
        index = self.resolver.index(module)
        yield from _in_block(module.facts.body, None, index.scope)
        owners: tuple[FunctionSymbol | ClassSymbol, ...] = (*index.functions, *index.classes)
        for owner in owners:
            scope = index.scope_of(owner)
            holder = owner.owner or owner.parent
            around = index.scope if holder is None else index.scope_of(holder)
            yield from _in_expressions(expressions(owner.node), owner, around)
            yield from _in_block(owner.node.body, owner, scope)


def _binder(use: Use) -> Scope:
    """The scope that binds a name at the place of its use; the module's if none does."""
    scope = use.scope
    while scope.parent is not None and use.name not in scope.bindings:
        scope = scope.parent
    return scope


def _in_block(
    body: tuple[s.Statement, ...], owner: FunctionSymbol | ClassSymbol | None, scope: Scope
) -> Iterator[Use]:
    for statement in walk_statements(body):
        if not isinstance(statement, s.Function | s.Class):
            yield from _in_expressions(expressions(statement), owner, scope)


def _in_expressions(
    roots: tuple[Expr, ...], owner: FunctionSymbol | ClassSymbol | None, scope: Scope
) -> Iterator[Use]:
    stack = list(reversed(roots))
    while stack:
        expr = stack.pop()
        base, attributes = _chain(expr)
        if isinstance(base, s.Name):
            yield Use(base.id, attributes, expr.at, owner, scope)
        else:
            stack.extend(reversed(children(base)))


def _chain(expr: Expr) -> tuple[Expr, tuple[str, ...]]:
    """What an attribute access begins with, and the attributes."""
    found: list[str] = []
    while isinstance(expr, s.Attribute):
        found.append(expr.attr)
        expr = expr.value
    return expr, tuple(reversed(found))
