"""Pydantic models: their fields with those of their bases, and the secrets among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, walk_expressions
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope
from fastapi_lint.project.security.secret_names import is_secret
from fastapi_lint.project.settings.model import BASE_SETTINGS
from fastapi_lint.project.types.infer import Instance
from fastapi_lint.project.types.symbol_kinds import SCHEMA_BASES

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

MODEL_BASES = SCHEMA_BASES | BASE_SETTINGS
_V1_BASES = frozenset({"pydantic.v1.BaseModel", "pydantic.v1.BaseSettings"})
_FIELDS = frozenset({"pydantic.Field", "sqlmodel.Field", "pydantic.fields.Field"})
_SECRET_TYPES = frozenset({"pydantic.SecretStr", "pydantic.SecretBytes", "pydantic.Secret"})
_DEPTH = 6


class ModelField(msgspec.Struct, frozen=True, eq=False):
    """One field of a Pydantic model, in the class that declares it.

    `default` is the value behind `=`, also if that is a call of `Field`.
    """

    name: str
    owner: ClassSymbol
    scope: Scope
    declaration: s.Declaration

    @property
    def annotation(self) -> Expr:
        """The annotation as written."""
        return self.declaration.annotation

    @property
    def default(self) -> Expr | None:
        """What stands behind `=`."""
        return self.declaration.value


class PydanticModels:
    """Answers about Pydantic models."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.types = project.types
        self.resolver = project.resolver

    def is_model(self, cls: object) -> bool:
        """Whether something is a class that derives from `BaseModel`, `BaseSettings` or `SQLModel`."""
        return isinstance(cls, ClassSymbol) and self.resolver.inherits(cls, MODEL_BASES)

    def is_v1(self, cls: ClassSymbol) -> bool:
        """Whether a model comes from `pydantic.v1`."""
        return self.resolver.inherits(cls, _V1_BASES)

    def is_conditional(self, cls: ClassSymbol) -> bool:
        """Whether a model is defined under a condition of its module, such as the installed version."""
        bindings = self.resolver.scope(cls.module).bindings.get(cls.name, ())
        return any(one.symbol is cls and (one.conditional or one.fallback) for one in bindings)

    def own_fields(self, cls: ClassSymbol) -> Iterator[ModelField]:
        """The fields that a model's own body declares: no `ClassVar`, no private attribute, no options."""
        scope = self.resolver.scope(cls)
        for statement in cls.node.body:
            if not isinstance(statement, s.Declaration) or not isinstance(statement.target, s.Name):
                continue
            name = statement.target.id
            if (
                not name.startswith("_")
                and name != "model_config"
                and not self._is_class_variable(statement, scope)
            ):
                yield ModelField(name, cls, scope, statement)

    def _is_class_variable(self, statement: s.Declaration, scope: Scope) -> bool:
        expr = statement.annotation
        symbol = self.resolver.resolve(expr.value if isinstance(expr, s.Subscript) else expr, scope)
        return isinstance(symbol, External) and symbol.name.endswith(".ClassVar")

    def fields(self, cls: ClassSymbol) -> dict[str, ModelField]:
        """All fields of a model by name; a class's own declaration goes before that of a base."""
        found: dict[str, ModelField] = {}
        for current in self.resolver.ancestry(cls):
            if isinstance(current, ClassSymbol):
                for one in self.own_fields(current):
                    found.setdefault(one.name, one)
        return found

    def field_call(self, expr: Expr | None, scope: Scope) -> s.Call | None:
        """A call of Pydantic's or SQLModel's `Field`."""
        if not isinstance(expr, s.Call):
            return None
        symbol = self.resolver.resolve(expr.func, scope)
        return expr if isinstance(symbol, External) and symbol.name in _FIELDS else None

    def default_of(self, model_field: ModelField) -> Expr | None:
        """A field's default value: what stands behind `=`, or the first argument of `Field(...)`."""
        call = self.field_call(model_field.default, model_field.scope)
        return argument(call, 0, "default") if call is not None else model_field.default

    # --- secrets ---------------------------------------------------------------------------------

    def is_masked(self, annotation: Expr, scope: Scope) -> bool:
        """Whether an annotation names `SecretStr` or its like: such a value prints as asterisks."""
        return any(
            isinstance(symbol := self.resolver.resolve(expr, scope), External)
            and symbol.name in _SECRET_TYPES
            for expr in walk_expressions((annotation,))
            if isinstance(expr, s.Name | s.Attribute)
        )

    def secret_field(self, cls: ClassSymbol, *, masked: bool, depth: int = 0) -> ModelField | None:
        """A field of a model, or of a model in it, that holds a secret by its name.

        With `masked`, one whose type is `SecretStr` counts, whatever its name is; without, it doesn't.
        """
        for one in self.fields(cls).values():
            hidden = self.is_masked(one.annotation, one.scope)
            if (hidden and masked) or (is_secret(one.name) and not hidden and self.may_be_text(one)):
                return one
            if depth < _DEPTH:
                for inner in self.models_in(one.annotation, one.scope):
                    found = (
                        self.secret_field(inner, masked=masked, depth=depth + 1) if inner is not cls else None
                    )
                    if found is not None:
                        return found
        return None

    def may_be_text(self, model_field: ModelField) -> bool:
        """Whether a field can hold a text: no number, flag, time, or model of the project."""
        value = self.types.annotated(model_field.annotation, model_field.scope)
        if not isinstance(value, Instance):
            return True
        return isinstance(value.cls, External) and value.cls.name not in _NO_TEXT

    def models_in(self, annotation: Expr | None, scope: Scope) -> Iterator[ClassSymbol]:
        """The models of the project that an annotation names, also in unions, lists and `Annotated`."""
        if annotation is None:
            return
        for expr in walk_expressions((annotation,)):
            if isinstance(expr, s.Name | s.Attribute):
                symbol = self.resolver.resolve(expr, scope)
                if isinstance(symbol, ClassSymbol) and self.is_model(symbol):
                    yield symbol


_NO_TEXT = frozenset(
    "builtins.int builtins.float builtins.bool datetime.datetime datetime.date datetime.timedelta uuid.UUID "
    "decimal.Decimal".split()
)
