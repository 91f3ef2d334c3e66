"""Sessions that are created once, when a module is imported, and the functions that use them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import expressions_of
from fastapi_lint.project.database.open_sessions import OpenSessions
from fastapi_lint.project.names.symbols import Binding, ClassSymbol, External, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.bodies import receiver_of, self_assignments

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_ROLES = frozenset({"router", "dependency", "service", "repository"})


class ModuleUse(msgspec.Struct, frozen=True, eq=False):
    """Where a function uses such a session."""

    function: FunctionSymbol
    module: Module
    at: int


class ModuleSession(msgspec.Struct, frozen=True, eq=False):
    """A session in a variable of a module or class, the call that creates it, and a function that uses it."""

    name: str
    module: Module
    call: s.Call
    use: ModuleUse
    owner: ClassSymbol | None = None


class ModuleSessions:
    """Answers which sessions all requests share."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self._open = OpenSessions(project)

    def shared(self) -> Iterator[ModuleSession]:
        """The sessions that code which serves requests uses, in the order of path and place."""
        for module in self.project.application_modules():
            if not module.facts.body:
                continue
            index = self.resolver.index(module)
            for scope in (index.scope, *(index.scope_of(cls) for cls in index.classes if cls.parent is None)):
                for name, bindings in scope.bindings.items():
                    for binding in bindings:
                        found = self._of_binding(name, binding, scope)
                        if found is not None:
                            yield found

    def _of_binding(self, name: str, binding: Binding, scope: Scope) -> ModuleSession | None:
        call = binding.value
        if not isinstance(call, s.Call) or binding.path or not self._creates(call, scope):
            return None
        owner = scope.owner if isinstance(scope.owner, ClassSymbol) else None
        uses = self._uses_of_attribute(owner, name) if owner is not None else self._uses(name, binding, scope)
        use = next(uses, None)
        return ModuleSession(name, scope.module, call, use, owner) if use is not None else None

    def _creates(self, call: s.Call, scope: Scope) -> bool:
        """Whether a call makes a session, also as `next(get_db())`."""
        if self._open.creates(call, scope):
            return True
        if self.types.callee(call, scope) != External("builtins.next") or not call.args:
            return False
        given = call.args[0]
        return (
            isinstance(given, s.Call)
            and isinstance(self.types.callee(given, scope), FunctionSymbol)
            and self.project.effects.is_session(self.types.infer(call, scope))
        )

    # --- uses ------------------------------------------------------------------------------------

    def _uses(self, name: str, binding: Binding, scope: Scope) -> Iterator[ModuleUse]:
        """The functions that use a module's variable, in its module and in those that import it."""
        for use in self.project.name_uses.of(scope, name):
            if isinstance(use.owner, FunctionSymbol) and self._serves(use.owner):
                yield ModuleUse(use.owner, scope.module, use.at)
        for module in self.project.application_modules():
            for imported in self.project.imports.of(module) if name in module.facts.names else ():
                if getattr(imported.symbol, "binding", None) is not binding:
                    continue
                for use in imported.uses:
                    if isinstance(use.owner, FunctionSymbol) and self._serves(use.owner):
                        yield ModuleUse(use.owner, module, use.at)

    def _uses_of_attribute(self, cls: ClassSymbol, name: str) -> Iterator[ModuleUse]:
        """The methods that use a class's own attribute, unless instances get one of their own."""
        methods = self.types.methods(cls)
        if any(self_assignments(method, name) for method in methods):
            return
        for method in methods:
            receiver = receiver_of(method)
            names = {cls.name, receiver.name if receiver is not None else cls.name}
            for expr in expressions_of(method.node.body):
                if not isinstance(expr, s.Attribute) or expr.attr != name:
                    continue
                is_own = isinstance(expr.value, s.Name) and expr.value.id in names
                if is_own and self._serves(method):
                    yield ModuleUse(method, method.module, expr.at)

    def _serves(self, function: FunctionSymbol) -> bool:
        """Whether a function runs for requests, or belongs to a layer that does."""
        if id(function) in self._lifespans:
            return False
        return id(function) in self._served or self.project.roles.of(function).name in _ROLES

    @cached_property
    def _served(self) -> frozenset[int]:
        return frozenset(id(one.function) for one in self.project.served.functions)

    @cached_property
    def _lifespans(self) -> frozenset[int]:
        return frozenset(id(function) for function in self.project.endpoints.lifespans)
