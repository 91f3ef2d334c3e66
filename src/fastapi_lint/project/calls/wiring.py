"""What functions hand to services instead of using it themselves."""

from __future__ import annotations

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.calls.graph import Calls, CallSite
from fastapi_lint.project.layers.roles import Roles
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol
from fastapi_lint.project.names.uses import NameUses, Use


class Wiring:
    """Answers whether a function only passes something on to a service: `UserService(UserRepository(db))`."""

    def __init__(self, roles: Roles, calls: Calls, name_uses: NameUses) -> None:
        self.roles = roles
        self.calls = calls
        self.name_uses = name_uses
        self._handed: dict[int, frozenset[int]] = {}

    def is_handed_on(self, function: FunctionSymbol, name: str) -> bool:
        """Whether all that a function does with a parameter or variable is to hand it to services."""
        handed = self._places(function)
        start = s.start_of(function.node.body[0].at) if function.node.body else 0
        uses = self.name_uses.of(self.roles.resolver.scope(function), name)
        written = _written(function)
        inside = [use for use in uses if s.start_of(use.at) >= start and use.at not in written]
        return bool(inside) and all(use.at in handed for use in inside)

    def only_wires(self, use: Use) -> bool:
        """Whether a use of a class or object is nothing but wiring.

        It is handed to a service, built for one, or it declares a parameter that is handed on.
        """
        owner = use.owner
        if not isinstance(owner, FunctionSymbol):
            return False
        if use.at in self._places(owner) or self._is_built_for_service(owner, use):
            return True
        return any(
            s.start_of(parameter.at) <= s.start_of(use.at) < s.end_of(parameter.at)
            and self.is_handed_on(owner, parameter.name)
            for parameter in owner.node.parameters
        )

    def _is_built_for_service(self, owner: FunctionSymbol, use: Use) -> bool:
        """Whether a class is constructed for a variable that is only handed on."""
        for name, bindings in self.roles.resolver.scope(owner).bindings.items():
            for binding in bindings:
                if isinstance(binding.value, s.Call) and binding.value.func.at == use.at:
                    return self.is_handed_on(owner, name)
        return False

    def _places(self, function: FunctionSymbol) -> frozenset[int]:
        """The places of names that are arguments of services, or of classes whose new instances are."""
        key = id(function)
        if key not in self._handed:
            found: set[int] = set()
            for site in self.calls.of(function):
                if self.roles.of(site.callee).name == "service":
                    given = (*site.call.args, *(keyword.value for keyword in site.call.keywords))
                    found.update(self._named(expr, site).at for expr in given)
            self._handed[key] = frozenset(found)
        return self._handed[key]

    def _named(self, expr: Expr, site: CallSite) -> Expr:
        """What an argument names: itself, or the class that it constructs."""
        if isinstance(expr, s.Call) and isinstance(self.calls.types.callee(expr, site.scope), ClassSymbol):
            return expr.func
        return expr


def _written(function: FunctionSymbol) -> frozenset[int]:
    """The places where a function's body assigns to names."""
    targets = [
        target
        for statement in walk_statements(function.node.body)
        if isinstance(statement, s.Assign | s.Declaration)
        for target in (statement.targets if isinstance(statement, s.Assign) else (statement.target,))
    ]
    return frozenset(target.at for target in targets)
