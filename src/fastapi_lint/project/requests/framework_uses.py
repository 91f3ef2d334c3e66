"""Where code uses the classes and functions by which FastAPI speaks HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions, walk_expressions, walk_statements
from fastapi_lint.project.names.symbols import (
    ClassSymbol,
    External,
    FunctionSymbol,
    Module,
    Namespace,
    Scope,
    Symbol,
)
from fastapi_lint.project.names.uses import Use

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_WIRING = frozenset(
    f"fastapi.{name}" for name in ("Body", "Cookie", "Depends", "Form", "Header", "Path", "Query", "Security")
)
_CLASSES = frozenset({"fastapi.APIRouter", "fastapi.Request", "fastapi.Response", "fastapi.WebSocket"})
_RESPONSES = ("fastapi.responses.", "starlette.responses.")


_PLAIN_BASES = frozenset(
    "abc beanie builtins dataclasses enum mongoengine object odmantic peewee pydantic pydantic_settings "
    "sqlalchemy sqlmodel tortoise typing typing_extensions".split()
)
"""Packages whose classes call no method with a request."""


class FrameworkUse(msgspec.Struct, frozen=True):
    """One use: the name of what is used, and where."""

    name: str
    use: Use


class FrameworkUses:
    """Answers which modules use the web framework as a parameter's type, in a call or as a base."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver

    def of(self, module: Module) -> Iterator[FrameworkUse]:
        """The uses of a module by code that FastAPI doesn't call itself, in source order."""
        found = [one for scope in self._scopes(module) for one in self._in_scope(scope) if self._is_own(one)]
        counted = self._places(module) if found else frozenset()
        yield from sorted((one for one in found if one.use.at in counted), key=lambda one: one.use.at)

    def _is_own(self, one: FrameworkUse) -> bool:
        """Whether code uses it that FastAPI doesn't call, for more than an alias of a parameter's type."""
        is_alias = one.use.owner is None and f"fastapi.{one.name}" in _WIRING
        owner = one.use.owner
        return not is_alias and not self._is_called(owner) and not self._is_hook(owner)

    def _is_hook(self, owner: FunctionSymbol | ClassSymbol | None) -> bool:
        """Whether a method stands in a class of a framework, which calls it with what it has."""
        cls = owner.owner if isinstance(owner, FunctionSymbol) else None
        bases = self.resolver.ancestry(cls) if cls is not None else ()
        packages = {base.name.partition(".")[0] for base in bases if isinstance(base, External)}
        return bool(packages - _PLAIN_BASES)

    def _scopes(self, module: Module) -> Iterator[Scope]:
        """The scopes that may bind an import at runtime."""
        index = self.resolver.index(module)
        yield index.scope
        if any(place.kind == "deferred" for _, place in self.project.import_graph.statements(module)):
            yield from (index.scope_of(function) for function in index.functions)

    def _in_scope(self, scope: Scope) -> Iterator[FrameworkUse]:
        for name, bindings in scope.bindings.items():
            imported = [binding for binding in bindings if binding.statement is not None]
            if not imported or all(binding.type_only for binding in imported):
                continue
            meant = self.resolver.follow(self.resolver.lookup(name, scope))
            if not self._may_lead_to_framework(meant, scope.module):
                continue
            known: dict[tuple[str, ...], str] = {}
            for use in self.project.name_uses.of(scope, name):
                if use.attributes not in known:
                    known[use.attributes] = self._framework_name(self._attribute(meant, use.attributes))
                if known[use.attributes]:
                    yield FrameworkUse(known[use.attributes], use)

    def _may_lead_to_framework(self, symbol: Symbol | None, user: Module) -> bool:
        """Whether a name, or an attribute of it that its user mentions, may be the framework's."""
        if isinstance(symbol, External):
            return symbol.name.partition(".")[0] in ("fastapi", "starlette")
        if isinstance(symbol, ClassSymbol):
            return bool(self._framework_name(symbol))
        if not isinstance(symbol, Module) or symbol.is_package:
            return isinstance(symbol, Module | Namespace)
        scope = self.resolver.scope(symbol)
        mentioned = user.facts.names.intersection(scope.bindings)
        return bool(scope.stars) or any(self._is_open(symbol, name) for name in mentioned)

    def _is_open(self, module: Module, name: str) -> bool:
        """Whether a module's name is the framework's, or a module."""
        member = self.resolver.follow(self.resolver.member(module, name))
        return isinstance(member, Module | Namespace) or self._framework_name(member) != ""

    def _attribute(self, symbol: Symbol | None, attributes: tuple[str, ...]) -> Symbol | None:
        for attribute in attributes:
            symbol = self.resolver.member(symbol, attribute) if symbol is not None else None
        return self.resolver.follow(symbol)

    def _framework_name(self, symbol: Symbol | None) -> str:
        """The name of a class or function of the framework, or of a response class of the project."""
        if isinstance(symbol, External):
            is_response = symbol.name.startswith(_RESPONSES) and symbol.name.endswith("Response")
            if symbol.name in _WIRING or symbol.name in _CLASSES or is_response:
                return symbol.name.rpartition(".")[2]
        if isinstance(symbol, ClassSymbol) and symbol.node.bases:
            for base in self.resolver.ancestry(symbol):
                if (
                    isinstance(base, External)
                    and base.name.endswith("Response")
                    and self._framework_name(base)
                ):
                    return symbol.name
        return ""

    def _places(self, module: Module) -> frozenset[int]:
        """The places of what is called, of what annotates parameters and results, and of bases."""
        found: set[int] = set()
        for statement in walk_statements(module.facts.body, into_definitions=True):
            for expr in walk_expressions(expressions(statement)):
                if isinstance(expr, s.Call):
                    found.add(expr.func.at)
            roots: tuple[s.Expr, ...] = ()
            if isinstance(statement, s.Function):
                annotations = [parameter.annotation for parameter in statement.parameters]
                roots = tuple(expr for expr in (*annotations, statement.returns) if expr is not None)
            elif isinstance(statement, s.Class):
                roots = statement.bases
            found.update(expr.at for expr in walk_expressions(roots))
        return frozenset(found)

    def _is_called(self, owner: FunctionSymbol | ClassSymbol | None) -> bool:
        """Whether FastAPI itself calls the function, or builds the class, that holds a use."""
        holder = owner
        while holder is not None:
            if id(holder) in self._called:
                return True
            holder = holder.parent if isinstance(holder, FunctionSymbol) else None
        return False

    @cached_property
    def _called(self) -> frozenset[int]:
        endpoints = self.project.endpoints
        functions = [called.function for called in endpoints.called if called.kind != "background task"]
        functions += endpoints.lifespans
        return frozenset(id(symbol) for symbol in (*functions, *endpoints.dependency_classes))
