"""Default values that are computed once, when the module is imported: times, identifiers, random values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, walk_expressions
from fastapi_lint.project.names.symbols import External, FunctionSymbol, Module, Scope
from fastapi_lint.project.pydantic.models import ModelField, PydanticModels
from fastapi_lint.project.types.bodies import return_values

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_CHANGING = frozenset(
    "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today time.time "
    "time.time_ns time.monotonic time.monotonic_ns uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 "
    "secrets.token_hex secrets.token_bytes secrets.token_urlsafe secrets.randbelow secrets.choice os.urandom "
    "pendulum.now arrow.now arrow.utcnow".split()
)
_CHANGING_PREFIXES = ("random.", "secrets.SystemRandom.")
_PARAMETERS = frozenset(f"fastapi.{name}" for name in "Query Header Cookie Form Body Path File".split())


class ImportTimeDefault(msgspec.Struct, frozen=True, eq=False):
    """A default value that calls something whose result changes from call to call.

    `value` is the whole default, `call` the call in it; `of` is the field's or parameter's name, `owner` the
    model or function. `model_field` is set for fields of models.
    """

    value: Expr
    call: s.Call
    scope: Scope
    of: str
    owner: str
    model_field: ModelField | None = None

    @property
    def module(self) -> Module:
        """The module that the default stands in."""
        return self.scope.module


class ImportTimeDefaults:
    """Answers which defaults of models, endpoints and dependencies are computed once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver
        self.models = PydanticModels(project)

    def all(self) -> Iterator[ImportTimeDefault]:
        """Those of the application: of models in the order of path and place, then of functions."""
        for module in self.project.application_modules():
            for cls in self.resolver.index(module).classes:
                # settings are made once a process, so that a default made once is theirs by right
                if self.models.is_model(cls) and not self.project.settings.is_settings(cls):
                    for one in self.models.own_fields(cls):
                        yield from self._of_field(one)
        for called in self.project.endpoints.called:
            outside = self.project.roles.is_outside(called.function.module)
            if called.kind in ("endpoint", "dependency") and not outside:
                yield from self._of_function(called.function)

    def _of_field(self, one: ModelField) -> Iterator[ImportTimeDefault]:
        default = self.models.default_of(one)
        call = self.changing(default, one.scope) if default is not None else None
        if default is not None and call is not None:
            yield ImportTimeDefault(default, call, one.scope, one.name, one.owner.name, one)

    def _of_function(self, function: FunctionSymbol) -> Iterator[ImportTimeDefault]:
        scope = self.resolver.scope(function)
        around = scope.parent or scope
        for parameter in function.node.parameters:
            default = self._default(parameter.default, around)
            call = self.changing(default, around) if default is not None else None
            if default is not None and call is not None:
                yield ImportTimeDefault(default, call, around, parameter.name, function.name)

    def _default(self, expr: Expr | None, scope: Scope) -> Expr | None:
        """A parameter's default: that of `Query(...)` and its like; none of `Depends(...)`."""
        if not isinstance(expr, s.Call):
            return expr
        callee = self.types.callee(expr, scope)
        name = callee.name if isinstance(callee, External) else ""
        if name in ("fastapi.Depends", "fastapi.Security"):
            return None
        return argument(expr, 0, "default") if name in _PARAMETERS else expr

    def changing(self, expr: Expr, scope: Scope, depth: int = 0) -> s.Call | None:
        """The call in an expression whose result changes, or of a function that only returns such a call."""
        for inner in walk_expressions((expr,), into_lambdas=False):
            if not isinstance(inner, s.Call):
                continue
            callee = self.types.callee(inner, scope)
            if isinstance(callee, External) and _changes(callee.name):
                return inner
            if isinstance(callee, FunctionSymbol) and depth == 0 and self._returns_changing(callee):
                return inner
        return None

    def _returns_changing(self, function: FunctionSymbol) -> bool:
        """Whether a function is only a shorter name for such a call."""
        values = return_values(function)
        if len(values) != 1 or len(function.node.body) > 2 or function.node.decorators:
            return False
        return self.changing(values[0], self.resolver.scope(function), depth=1) is not None


def _changes(name: str) -> bool:
    return name in _CHANGING or (name.startswith(_CHANGING_PREFIXES) and name != "random.Random")
