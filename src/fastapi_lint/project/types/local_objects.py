"""Objects that a function makes and keeps in a local name, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import FunctionSymbol, Scope
from fastapi_lint.project.names.uses import NameUses, Use

Makes = Callable[[s.Call, Scope], bool]


class LocalObject(msgspec.Struct, frozen=True, eq=False):
    """An object by the call that makes it, the assignment, and the uses of its name behind that."""

    function: FunctionSymbol
    name: str
    call: s.Call
    statement: s.Statement
    uses: tuple[Use, ...]

    @property
    def escapes(self) -> bool:
        """Whether the object itself is used: passed on, returned, stored, entered, awaited or called."""
        return any(not use.attributes for use in self.uses)

    def uses_attribute(self, names: frozenset[str]) -> bool:
        """Whether one of some attributes of the object is used."""
        return any(use.attributes and use.attributes[0] in names for use in self.uses)


def local_objects(
    uses: NameUses, function: FunctionSymbol, scope: Scope, makes: Makes
) -> Iterator[LocalObject]:
    """The objects of a function's own body that `makes` knows the calls of.

    Left out are names that the function binds to something else as well, and those of other scopes.
    """
    for statement in walk_statements(function.node.body):
        target, value = _assigned(statement)
        if target is None or not isinstance(value, s.Call) or not makes(value, scope):
            continue
        if target.id in _declared_elsewhere(function):
            continue
        bindings = scope.bindings.get(target.id, [])
        if any(binding.value is not value and not _is_none(binding.value) for binding in bindings):
            continue
        targets = _targets(function, target.id)
        found = tuple(use for use in uses.of(scope, target.id) if use.at not in targets)
        yield LocalObject(function, target.id, value, statement, found)


def _assigned(statement: s.Statement) -> tuple[s.Name | None, s.Expr | None]:
    if isinstance(statement, s.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return (target if isinstance(target, s.Name) else None), statement.value
    if isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
        return statement.target, statement.value
    return None, None


def _declared_elsewhere(function: FunctionSymbol) -> set[str]:
    return {
        name
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.Global)
        for name in statement.names
    }


def _targets(function: FunctionSymbol, name: str) -> set[int]:
    """The places where a function assigns to a name."""
    return {
        target.at
        for statement in walk_statements(function.node.body)
        for target in (_assigned(statement)[0],)
        if target is not None and target.id == name
    }


def _is_none(value: s.Expr | None) -> bool:
    return isinstance(value, s.Constant) and value.value is None


def mentions(expr: s.Expr, name: str) -> bool:
    """Whether a name stands somewhere in an expression."""
    return any(isinstance(inner, s.Name) and inner.id == name for inner in walk_expressions((expr,)))
