"""Secrets that the objects of a class hold: fields of Pydantic models, columns of mapped classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import keyword, walk_expressions
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable
from fastapi_lint.project.pydantic.models import ModelField, PydanticModels
from fastapi_lint.project.security.secret_names import (
    is_password_hash,
    is_secret,
    is_social_security_number,
)
from fastapi_lint.project.types.infer import class_name

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

SecretKind = Literal["hash", "password", "key"]

_TEXT = frozenset({"builtins.str", "builtins.bytes"})
_COLUMN_TEXTS = frozenset(
    "String Text Unicode UnicodeText VARCHAR NVARCHAR CHAR NCHAR TEXT CITEXT LargeBinary BINARY "
    "VARBINARY".split()
)
_SERIALIZERS = frozenset("model_serializer field_serializer".split())
_OWN_SERIALIZATION = ("model_dump", "dict", "__iter__", "json", "model_dump_json")
_DEPTH = 4


class SecretAttribute(msgspec.Struct, frozen=True, eq=False):
    """An attribute that holds a secret, by its name, with the class that declares it and the place."""

    name: str
    kind: SecretKind
    owner: ClassSymbol
    at: int


class SecretAttributes:
    """Answers which secret is sent to the client with an object of a class, if nothing filters it."""

    def __init__(self, project: Project) -> None:
        self.types = project.types
        self.resolver = project.resolver
        self.kinds = project.kinds
        self.models = PydanticModels(project)
        self._found: dict[int, tuple[SecretAttribute, ...]] = {}

    def of(self, cls: ClassSymbol, depth: int = 0) -> tuple[SecretAttribute, ...]:
        """The secrets of an object, as FastAPI would write it out, those of models inside included.

        Not those that the class leaves out or masks itself.
        """
        if id(cls) not in self._found:
            self._found[id(cls)] = ()
            found = self._of_model(cls, depth) if self.models.is_model(cls) else self._of_table(cls)
            self._found[id(cls)] = tuple(found)
        return self._found[id(cls)]

    # --- Pydantic --------------------------------------------------------------------------------

    def _of_model(self, cls: ClassSymbol, depth: int) -> Iterator[SecretAttribute]:
        if self._serializes_itself(cls):
            return
        for field in self.models.fields(cls).values():
            if self._is_left_out(field):
                continue
            kind = secret_kind(field.name)
            if kind is not None and self._is_text(field.annotation, field.scope):
                yield SecretAttribute(field.name, kind, field.owner, field.declaration.at)
            elif kind is None and depth < _DEPTH:
                yield from self._inside(field, cls, depth)

    def _inside(self, field: ModelField, cls: ClassSymbol, depth: int) -> Iterator[SecretAttribute]:
        for inner in self.models.models_in(field.annotation, field.scope):
            if inner is not cls:
                yield from self.of(inner, depth + 1)

    def _serializes_itself(self, cls: ClassSymbol) -> bool:
        """Whether a model, or a base in the project, changes how its objects are written out."""
        for current in self.resolver.ancestry(cls):
            if not isinstance(current, ClassSymbol):
                continue
            bound = self.resolver.scope(current).bindings
            if any(name in bound for name in _OWN_SERIALIZATION) or _hides_in_config(current):
                return True
            if any(_is_serializer(d) for m in self.types.methods(current) for d in m.node.decorators):
                return True
        return False

    def _is_left_out(self, field: ModelField) -> bool:
        """Whether `exclude` or a serializer keeps a field back, or it is a relationship, which isn't sent."""
        roots = (field.annotation, field.default) if field.default is not None else (field.annotation,)
        if isinstance(field.default, s.Call):
            symbol = self.resolver.resolve(field.default.func, field.scope)
            if isinstance(symbol, External) and symbol.name.endswith(".Relationship"):
                return True
        return any(
            isinstance(expr, s.Call) and (keyword(expr, "exclude") is not None or _is_serializer(expr))
            for expr in walk_expressions(roots)
        )

    def _is_text(self, annotation: Expr, scope: Scope) -> bool:
        """Whether a type is certainly text, `Annotated` aliases with unknown metadata left out."""
        for expr in walk_expressions((annotation,)):
            if isinstance(expr, s.Name | s.Attribute):
                symbol = self.resolver.resolve(expr, scope)
                if isinstance(symbol, Variable):
                    return False
        return class_name(self.types.annotated(annotation, scope)) in _TEXT

    # --- SQLAlchemy ------------------------------------------------------------------------------

    def _of_table(self, cls: ClassSymbol) -> Iterator[SecretAttribute]:
        """The columns that are loaded with a row: no deferred ones, no properties."""
        seen: set[str] = set()
        for current in self.resolver.ancestry(cls):
            if not isinstance(current, ClassSymbol):
                continue
            scope = self.resolver.scope(current)
            for name, annotation, value, at in _attributes(current):
                kind = secret_kind(name)
                if kind is None or name in seen:
                    continue
                seen.add(name)
                if self._is_column(annotation, value, scope):
                    yield SecretAttribute(name, kind, current, at)

    def _is_column(self, annotation: Expr | None, value: Expr | None, scope: Scope) -> bool:
        if value is not None and not self._is_loaded_column(value, scope):
            return False
        if isinstance(annotation, s.Subscript):
            base = self.resolver.resolve(annotation.value, scope)
            if isinstance(base, External) and base.name.rpartition(".")[2] == "Mapped":
                return self._is_text(annotation.items[0], scope) or self._has_text_type(value)
        return self._has_text_type(value)

    def _is_loaded_column(self, value: Expr, scope: Scope) -> bool:
        if not isinstance(value, s.Call) or keyword(value, "deferred") is not None:
            return False
        symbol = self.resolver.resolve(value.func, scope)
        return isinstance(symbol, External) and symbol.name.rpartition(".")[2] in ("Column", "mapped_column")

    def _has_text_type(self, value: Expr | None) -> bool:
        for arg in value.args[:2] if isinstance(value, s.Call) else ():
            target = arg.func if isinstance(arg, s.Call) else arg
            name = target.attr if isinstance(target, s.Attribute) else getattr(target, "id", "")
            if name in _COLUMN_TEXTS:
                return True
        return False


def secret_kind(name: str) -> SecretKind | None:
    """Which kind of secret an attribute holds, by its name."""
    if is_password_hash(name):
        return "hash"
    if is_social_security_number(name):
        return "password"
    if not is_secret(name):
        return None
    return "password" if "pass" in name.lower() else "key"


def _attributes(cls: ClassSymbol) -> Iterator[tuple[str, Expr | None, Expr | None, int]]:
    for node in cls.node.body:
        if isinstance(node, s.Declaration) and isinstance(node.target, s.Name):
            yield node.target.id, node.annotation, node.value, node.at
        elif isinstance(node, s.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], s.Name):
            yield node.targets[0].id, None, node.value, node.at


def _is_serializer(expr: Expr) -> bool:
    target = expr.func if isinstance(expr, s.Call) else expr
    name = target.attr if isinstance(target, s.Attribute) else getattr(target, "id", "")
    return name in _SERIALIZERS or name.endswith("Serializer")


def _hides_in_config(cls: ClassSymbol) -> bool:
    """Pydantic 1's `class Config: fields = {"password": {"exclude": True}}`."""
    options = (node for node in cls.node.body if isinstance(node, s.Class) and node.name == "Config")
    return any(
        isinstance(target, s.Name) and target.id == "fields"
        for option in options
        for node in option.body
        for target in (node.targets if isinstance(node, s.Assign) else ())
    )
