"""The fields of settings classes: their defaults, their variables, and how the class reads them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.project.body.statements import argument, keyword, walk_statements
from fastapi_lint.project.names.resolve import Resolver
from fastapi_lint.project.names.symbols import ClassSymbol, External, Scope, Variable
from fastapi_lint.project.types.infer import Types

_FIELD = frozenset({"pydantic.Field", "pydantic.fields.Field", "pydantic.v1.Field", "sqlmodel.Field"})
_SECRETS = frozenset({"pydantic.SecretStr", "pydantic.types.SecretStr", "pydantic.v1.SecretStr"})
_NO_FIELDS = frozenset({"model_config"})


class SettingsField(msgspec.Struct, frozen=True, eq=False):
    """One field of a settings class.

    `at` is the place of its whole declaration; `call` the `Field(...)` that describes it, as the default or
    inside `Annotated`; `default` the expression of its default value, None if it is required or made by a
    factory.
    """

    cls: ClassSymbol
    name: str
    at: int
    annotation: Expr | None
    value: Expr | None
    call: s.Call | None
    default: Expr | None


class SettingsFields:
    """Answers about the fields that a settings class itself declares."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.resolver: Resolver = types.resolver

    def of(self, cls: ClassSymbol) -> Iterator[SettingsField]:
        """The fields of a class in source order, inherited ones left out."""
        for statement in walk_statements(cls.node.body):
            target, annotation, value = _declared(statement)
            if target is None or target.id.startswith("_") or target.id in _NO_FIELDS:
                continue
            if annotation is not None and self._is_class_variable(annotation, cls):
                continue
            call = self.field_call(value, cls) or self._annotated_call(annotation, cls)
            default = _default(value, call)
            yield SettingsField(cls, target.id, statement.at, annotation, value, call, default)

    def inner_scope(self, cls: ClassSymbol) -> Scope:
        """The scope of a class's body."""
        return self.resolver.scope(cls)

    def field_call(self, expr: Expr | None, cls: ClassSymbol) -> s.Call | None:
        """An expression that is a call of Pydantic's `Field`."""
        if not isinstance(expr, s.Call):
            return None
        symbol = self.resolver.resolve(expr.func, self.inner_scope(cls))
        return expr if isinstance(symbol, External) and symbol.name in _FIELD else None

    def _annotated_call(self, annotation: Expr | None, cls: ClassSymbol) -> s.Call | None:
        """The `Field(...)` of `Annotated[T, Field(...)]`."""
        if not isinstance(annotation, s.Subscript):
            return None
        base = self.resolver.resolve(annotation.value, self.inner_scope(cls))
        if not isinstance(base, External) or not base.name.endswith(".Annotated"):
            return None
        calls = (self.field_call(item, cls) for item in annotation.items[1:])
        return next((call for call in calls if call is not None), None)

    def _is_class_variable(self, annotation: Expr, cls: ClassSymbol) -> bool:
        expr = annotation.value if isinstance(annotation, s.Subscript) else annotation
        symbol = self.resolver.resolve(expr, self.inner_scope(cls))
        return isinstance(symbol, External) and symbol.name.endswith(".ClassVar")

    # --- values ----------------------------------------------------------------------------------

    def literal(self, expr: Expr | None, scope: Scope) -> s.Constant | None:
        """The literal that an expression is: itself, inside `SecretStr(...)`, or behind a module's
        constant.
        """
        if isinstance(expr, s.Constant):
            return expr
        if isinstance(expr, s.Call):
            symbol = self.resolver.resolve(expr.func, scope)
            if isinstance(symbol, External) and symbol.name in _SECRETS and len(expr.args) == 1:
                return self.literal(expr.args[0], scope)
            return None
        if isinstance(expr, s.Name | s.Attribute):
            symbol = self.resolver.resolve(expr, scope)
            if isinstance(symbol, Variable) and not symbol.binding.path and not symbol.binding.augmented:
                value = symbol.binding.value
                is_only = len(symbol.scope.bindings.get(symbol.name, ())) == 1
                return value if is_only and isinstance(value, s.Constant) else None
        return None

    # --- configuration of the class --------------------------------------------------------------

    def option(self, cls: ClassSymbol, name: str) -> Expr | None:
        """The value of an option such as `env_prefix`, the nearest class first.

        It stands in `model_config`, in the nested `class Config`, or among the keywords of the class.
        """
        for current in self.resolver.ancestry(cls):
            if isinstance(current, ClassSymbol):
                found = self._own_option(current, name)
                if found is not None:
                    return found
        return None

    def _own_option(self, cls: ClassSymbol, name: str) -> Expr | None:
        for given in cls.node.keywords:
            if given.name == name:
                return given.value
        for statement in cls.node.body:
            if _is_config(statement):
                found = _assigned(statement, name)
            else:
                target, _, value = _declared(statement)
                found = (
                    _in_mapping(value, name) if target is not None and target.id == "model_config" else None
                )
            if found is not None:
                return found
        return None

    def config_fields(self, cls: ClassSymbol) -> Iterator[tuple[str, Expr]]:
        """The names that `fields = {"name": {"env": ...}}` of the nested `class Config` gives to fields."""
        for statement in cls.node.body:
            fields = _assigned(statement, "fields") if _is_config(statement) else None
            if not isinstance(fields, s.Mapping):
                continue
            for key, options in zip(fields.keys, fields.values, strict=True):
                env = _in_mapping(options, "env")
                if env is not None and isinstance(key, s.Constant) and isinstance(key.value, str):
                    yield key.value, env

    def variable_name(self, declared: SettingsField) -> str | None:
        """The variable that a field reads by its name and the class's prefix, in lower case; None if
        unknown.
        """
        prefix = self.option(declared.cls, "env_prefix")
        if prefix is None:
            return declared.name.lower()
        if isinstance(prefix, s.Constant) and isinstance(prefix.value, str):
            return (prefix.value + declared.name).lower()
        return None


def _declared(statement: s.Statement) -> tuple[s.Name | None, Expr | None, Expr | None]:
    """Target, annotation and value of a declaration of one name."""
    if isinstance(statement, s.Declaration) and isinstance(statement.target, s.Name):
        return statement.target, statement.annotation, statement.value
    if isinstance(statement, s.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return (target if isinstance(target, s.Name) else None), None, statement.value
    return None, None, None


def _is_config(statement: s.Statement) -> bool:
    return isinstance(statement, s.Class) and statement.name == "Config"


def _assigned(node: s.Statement, name: str) -> Expr | None:
    for statement in node.body if isinstance(node, s.Class) else ():
        target, _, value = _declared(statement)
        if target is not None and target.id == name:
            return value
    return None


def _in_mapping(value: Expr | None, name: str) -> Expr | None:
    """An item of `SettingsConfigDict(name=...)` or `{"name": ...}`."""
    if isinstance(value, s.Call):
        return keyword(value, name)
    if isinstance(value, s.Mapping):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, s.Constant) and key.value == name:
                return item
    return None


def _default(value: Expr | None, call: s.Call | None) -> Expr | None:
    """The default that a field's value is, or that its `Field(...)` gives."""
    if value is not None and value is not call:
        return value
    found = argument(call, 0, "default") if call is not None else None
    return None if found is None or _is_ellipsis(found) else found


def _is_ellipsis(expr: Expr) -> bool:
    return isinstance(expr, s.Opaque) and not expr.children
