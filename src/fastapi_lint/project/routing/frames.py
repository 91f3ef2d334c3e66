"""Frames: the names of a module, class body or function while its code is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.project.routing.table import Site
from fastapi_lint.project.routing.values import MISSING, Value

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.names.symbols import Scope
    from fastapi_lint.project.routing.values import ClassValue, FunctionValue, ModuleValue


class Frame:
    """One running body. `parent` is the frame around it, as closures see it; `origins` says which
    expressions of the callers the parameters come from. `cls` is set for the body of a class.
    """

    __slots__ = (
        "cls",
        "declared",
        "env",
        "function",
        "module",
        "origins",
        "parent",
        "receiver",
        "returns",
        "scope",
        "yields",
    )

    def __init__(
        self,
        module: ModuleValue,
        env: dict[str, Value],
        scope: Scope,
        parent: Frame | None,
        function: FunctionValue | None = None,
    ) -> None:
        self.module = module
        self.env = env
        self.scope = scope
        self.parent = parent
        self.function = function
        self.origins: dict[str, Site] = {}
        self.declared: dict[str, Frame] = {}
        self.returns: list[Value] = []
        self.yields: list[Value] = []
        self.receiver: Value = MISSING
        self.cls: ClassValue | None = None

    def find(self, name: str) -> Value:
        """The value of a name in this frame or one around it; `MISSING` if none binds it."""
        frame: Frame | None = self
        while frame is not None:
            value = frame.env.get(name, MISSING)
            if value is not MISSING:
                return value
            frame = frame.parent
        return MISSING

    def bind(self, name: str, value: Value) -> None:
        """Give a name a value here, or where `global` and `nonlocal` say."""
        target = self.declared.get(name, self) if self.declared else self
        target.env[name] = value

    def origin(self, name: str) -> Site | None:
        """The expression that a caller gave for a parameter, as seen from here."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.env:
                return frame.origins.get(name)
            frame = frame.parent
        return None

    def site(self, expr: Expr) -> Site:
        """An expression of this frame as a place."""
        return Site(expr, self.scope)
