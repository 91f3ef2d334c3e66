"""What `app.state` and `request.state` hold, by what the project assigns to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import walk_statements
from fastapi_lint.project.layers.role_names import outside_role
from fastapi_lint.project.names.symbols import External, Module, Scope
from fastapi_lint.project.types.values import Value, agreed

if TYPE_CHECKING:
    from fastapi_lint.project.types.infer import Types

_APP = frozenset(f"{owner}.state" for owner in ("fastapi.FastAPI", "starlette.applications.Starlette"))
_OF_APP = _APP | {
    f"{owner}.app.state"
    for owner in ("fastapi.Request", "fastapi.WebSocket", "starlette.requests.HTTPConnection")
}
_OF_REQUEST = frozenset({"fastapi.Request.state", "starlette.requests.HTTPConnection.state"})
_APP_NAMES = ("app", "application", "api")

Assigned = tuple[s.Expr, Scope]


class AppState:
    """Answers what the attributes of `state` are. Tests are left out."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self._assigned: dict[str, list[tuple[s.Expr, Assigned]]] | None = None
        self._values: dict[tuple[bool, str], Value | None] = {}

    def value(self, base: str, name: str) -> Value | None:
        """The value of `name` on the `state` object that `base` names; None where that is unknown."""
        if base not in _OF_APP and base not in _OF_REQUEST:
            return None
        key = (base in _OF_APP, name)
        if key not in self._values:
            self._values[key] = None
            self._values[key] = agreed(
                self.types.infer(value, scope)
                for holder, (value, scope) in self._assignments().get(name, ())
                if self._is_app(holder, scope) == key[0]
            )
        return self._values[key]

    def _is_app(self, holder: s.Expr, scope: Scope) -> bool:
        """Whether `holder.state` is an app's: by its type, else by its name."""
        known = self.types.infer(holder, scope)
        if known is None:
            last = holder.attr if isinstance(holder, s.Attribute) else getattr(holder, "id", "")
            return last in _APP_NAMES
        state = self.types.attribute(known, "state")
        return isinstance(state, External) and state.name in _OF_APP

    def _assignments(self) -> dict[str, list[tuple[s.Expr, Assigned]]]:
        if self._assigned is None:
            self._assigned = {}
            for module in self.types.resolver.table.by_path.values():
                if outside_role(module.path) != "test" and "state" in module.facts.names:
                    for name, holder, assigned in self._of_module(module):
                        self._assigned.setdefault(name, []).append((holder, assigned))
        return self._assigned

    def _of_module(self, module: Module) -> Iterator[tuple[str, s.Expr, Assigned]]:
        index = self.types.resolver.index(module)
        bodies = [(module.facts.body, index.scope)]
        bodies += [(function.node.body, index.scope_of(function)) for function in index.functions]
        for body, scope in bodies:
            for statement in walk_statements(body):
                if isinstance(statement, s.Assign):
                    for target in statement.targets:
                        holder = target.value if isinstance(target, s.Attribute) else None
                        if isinstance(holder, s.Attribute) and holder.attr == "state":
                            assert isinstance(target, s.Attribute)
                            yield target.attr, holder.value, (statement.value, scope)
