"""The environment variables that settings classes read, field by field.

Source: pydantic-settings, `sources/providers/env.py` and `dotenv.py`: the name is the alias if there is one,
else prefix and field name; with `env_nested_delimiter` every longer name that begins so belongs to the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.body.statements import dotted_name, keyword, walk_statements
from fastapi_lint.project.names.symbols import ClassSymbol, External, FunctionSymbol
from fastapi_lint.project.settings.fields import SettingsField, SettingsFields

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.project import Project

_BASES = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
_NEUTRAL = frozenset({"object", "abc.ABC", "typing.Generic", *_BASES})
_CHOICES = frozenset({"pydantic.AliasChoices", "pydantic.aliases.AliasChoices"})
_SOURCES = (
    "secrets_dir",
    "toml_file",
    "yaml_file",
    "json_file",
    "pyproject_toml_table_header",
    "alias_generator",
    "cli_parse_args",
)
_SHAPES_SOURCES = frozenset(
    ("settings_customise_sources", "customise_sources", "__init__", "model_post_init")
)
_DECORATORS = frozenset(("model_validator", "root_validator"))


class FieldVariables(msgspec.Struct, frozen=True, eq=False):
    """A field and the variables that set it, in lower case unless the class tells case apart.

    Any of `names` will do; a variable that begins with one of `prefixes` belongs to the field as well.
    """

    field: SettingsField
    names: tuple[str, ...]
    prefixes: tuple[str, ...]
    required: bool


class SettingsClass(msgspec.Struct, frozen=True, eq=False):
    """A settings class with all its fields, inherited ones included.

    `opaque` tells that it may read other sources than the environment, or that a variable's name isn't
    known. `calls` are the places where it is built. `env_files` are the literal values of `env_file`, None
    if the class has none or they aren't known. `is_first_version` tells that Pydantic 1 reads it.
    """

    cls: ClassSymbol
    fields: tuple[FieldVariables, ...]
    opaque: bool
    env_files: tuple[str, ...] | None
    extra: str | None
    case_sensitive: bool
    is_first_version: bool
    overrides_env_file: bool
    given: frozenset[str] = frozenset()
    """The fields that every construction gives as an argument."""

    def normal(self, name: str) -> str:
        """A variable's name as the class compares it."""
        return name if self.case_sensitive else name.lower()

    def knows(self, variable: str) -> bool:
        """Whether a variable belongs to one of the fields."""
        name = self.normal(variable)
        return any(
            name in known.names or any(name.startswith(prefix) for prefix in known.prefixes)
            for known in self.fields
        )


class SettingsVariables:
    """Answers which variables an application reads through its settings."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.resolver = project.resolver
        self.declared = SettingsFields(project.types)

    @cached_property
    def classes(self) -> tuple[SettingsClass, ...]:
        """The settings classes that the application uses, in the order of path and place.

        A class that others inherit from counts only if it is built itself.
        """
        known = self.project.settings.classes
        built = self._built() if known else {}
        bases = {id(base) for cls in known for base in list(self.resolver.ancestry(cls))[1:]}
        return tuple(
            self._class(cls, built.get(id(cls), []))
            for cls in known
            if (id(cls) in built or id(cls) not in bases) and not self.project.roles.is_outside(cls.module)
        )

    def _built(self) -> dict[int, list[s.Call]]:
        """The calls that build each class; an empty list for a class that is only handed on."""
        found: dict[int, list[s.Call]] = {}
        for module in self.project.application_modules():
            functions = self.resolver.index(module).functions
            sites = [
                *self.project.calls.of_module(module),
                *(c for f in functions for c in self.project.calls.of(f)),
            ]
            for site in sites:
                if isinstance(site.callee, ClassSymbol):
                    found.setdefault(id(site.callee), []).append(site.call)
                for value in (*site.call.args, *(k.value for k in site.call.keywords)):
                    if isinstance(value, s.Name | s.Attribute):
                        handed = self.resolver.resolve(value, site.scope)
                        if isinstance(handed, ClassSymbol) and self.project.settings.is_settings(handed):
                            found.setdefault(id(handed), [])
        return found

    def _class(self, cls: ClassSymbol, calls: list[s.Call]) -> SettingsClass:
        sensitive = self._constant(cls, "case_sensitive") is True
        first = self._is_first_version(cls)
        fields = tuple(self._fields(cls, sensitive, first))
        given = [frozenset(k.name for k in call.keywords if k.name) for call in calls]
        return SettingsClass(
            cls=cls,
            fields=fields,
            opaque=self._is_opaque(cls) or any(not one.names for one in fields) or _is_open(calls),
            env_files=self._env_files(cls),
            extra=self._extra(cls),
            case_sensitive=sensitive,
            is_first_version=first,
            overrides_env_file=any("_env_file" in names for names in given),
            given=frozenset.intersection(*given) if given else frozenset(),
        )

    def _is_first_version(self, cls: ClassSymbol) -> bool:
        versions = self.project.versions.for_file(cls.module.path)
        of_pydantic = any(
            isinstance(base, External) and base.name == "pydantic.BaseSettings"
            for base in self.resolver.ancestry(cls)
        )
        return of_pydantic or not versions.all_at_least("pydantic", "2")

    def _constant(self, cls: ClassSymbol, name: str) -> object:
        value = self.declared.option(cls, name)
        return value.value if isinstance(value, s.Constant) else None

    def _extra(self, cls: ClassSymbol) -> str | None:
        """The value of `extra`: `forbid` where nothing is said, None if it isn't known."""
        value = self.declared.option(cls, "extra")
        if value is None:
            return "forbid"
        if isinstance(value, s.Constant) and isinstance(value.value, str):
            return value.value
        return (dotted_name(value) or "").rpartition(".")[2] or None

    def _env_files(self, cls: ClassSymbol) -> tuple[str, ...] | None:
        value = self.declared.option(cls, "env_file")
        items = value.items if isinstance(value, s.Collection) else (value,)
        texts = [item.value for item in items if isinstance(item, s.Constant) and isinstance(item.value, str)]
        return tuple(texts) if texts and len(texts) == len(items) else None

    # --- fields ----------------------------------------------------------------------------------

    def _fields(self, cls: ClassSymbol, sensitive: bool, first: bool) -> Iterator[FieldVariables]:
        found: dict[str, FieldVariables] = {}
        for current in reversed(list(self.resolver.ancestry(cls))):
            if isinstance(current, ClassSymbol):
                for declared in self.declared.of(current):
                    found[declared.name] = self._variables(cls, declared, sensitive, first)
        yield from found.values()

    def _variables(
        self, cls: ClassSymbol, declared: SettingsField, sensitive: bool, first: bool
    ) -> FieldVariables:
        names = self._aliases(declared, first)
        if names is None:
            names = self._own_names(cls, declared)
        names = tuple(name if sensitive else name.lower() for name in names)
        delimiter = self.declared.option(cls, "env_nested_delimiter")
        text = delimiter.value if isinstance(delimiter, s.Constant) else None
        nested = tuple(f"{name}{text}" for name in names) if isinstance(text, str) else ()
        return FieldVariables(declared, names, nested, self._is_required(declared, first))

    def _own_names(self, cls: ClassSymbol, declared: SettingsField) -> tuple[str, ...]:
        """Prefix and name; nothing if the prefix isn't known."""
        prefix = self.declared.option(cls, "env_prefix")
        if prefix is None:
            return (declared.name,)
        known = isinstance(prefix, s.Constant) and isinstance(prefix.value, str)
        return (f"{prefix.value}{declared.name}",) if known else ()  # type: ignore[union-attr]

    def _aliases(self, declared: SettingsField, first: bool) -> tuple[str, ...] | None:
        """The names that `validation_alias`, `alias` or (Pydantic 1) `env` give; None without any."""
        for option in ("env", "alias") if first else ("validation_alias", "alias"):
            value = keyword(declared.call, option) if declared.call is not None else None
            if value is not None:
                return tuple(self._texts(value, declared))
        if first:
            for name, env in self.declared.config_fields(declared.cls):
                if name == declared.name:
                    return tuple(self._texts(env, declared))
        return None

    def _texts(self, value: Expr, declared: SettingsField) -> Iterator[str]:
        if isinstance(value, s.Constant) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, s.Collection):
            for item in value.items:
                yield from self._texts(item, declared)
        elif isinstance(value, s.Call):
            symbol = self.resolver.resolve(value.func, self.declared.inner_scope(declared.cls))
            if isinstance(symbol, External) and symbol.name in _CHOICES:
                for item in value.args:
                    yield from self._texts(item, declared)

    def _is_required(self, declared: SettingsField, first: bool) -> bool:
        if declared.default is not None or declared.annotation is None:
            return False
        call = declared.call
        if call is not None and any(k.name in ("default_factory", "default", None) for k in call.keywords):
            return any(k.name == "default" and _is_ellipsis(k.value) for k in call.keywords)
        if self._is_settings(declared):
            return False
        return not (first and _is_optional(declared.annotation))

    def _is_settings(self, declared: SettingsField) -> bool:
        """Whether the field holds settings itself, or a model whose parts may come one by one."""
        kind = self.project.types.annotated(declared.annotation, self.declared.inner_scope(declared.cls))
        cls = getattr(kind, "cls", None)
        return isinstance(cls, ClassSymbol) and self.project.settings.is_settings(cls)

    # --- what else a class may read ----------------------------------------------------------------

    def _is_opaque(self, cls: ClassSymbol) -> bool:
        if any(self.declared.option(cls, name) is not None for name in _SOURCES):
            return True
        for current in self.resolver.ancestry(cls):
            if isinstance(current, External):
                if current.name not in _NEUTRAL:
                    return True
            elif len(self.resolver.bases(current)) < len(current.node.bases) or self._shapes(current):
                return True
        return False

    def _shapes(self, cls: ClassSymbol) -> bool:
        """Whether a class itself changes what it reads."""
        for method in self.project.types.methods(cls):
            if method.owner is cls and (method.name in _SHAPES_SOURCES or _runs_before(method)):
                return True
        for statement in walk_statements(cls.node.body):
            if isinstance(statement, s.Class) and statement.name == "Config":
                names = {inner.name for inner in statement.body if isinstance(inner, s.Function)}
                if names & _SHAPES_SOURCES:
                    return True
            if isinstance(statement, s.Assign | s.Declaration) and _is_copied_config(statement):
                return True
        return False


def _runs_before(method: FunctionSymbol) -> bool:
    """Whether a validator of the whole model sees the values before the fields do."""
    for decorator in method.node.decorators:
        call = decorator if isinstance(decorator, s.Call) else None
        name = (dotted_name(call.func if call else decorator) or "").rpartition(".")[2]
        if name not in _DECORATORS or call is None:
            continue
        mode, pre = keyword(call, "mode"), keyword(call, "pre")
        if isinstance(pre, s.Constant) and pre.value is True:
            return True
        if isinstance(mode, s.Constant) and mode.value in ("before", "wrap"):
            return True
    return False


def _is_copied_config(statement: s.Assign | s.Declaration) -> bool:
    """`model_config = common`, or one with `**common`."""
    target = statement.targets[0] if isinstance(statement, s.Assign) else statement.target
    if not isinstance(target, s.Name) or target.id != "model_config":
        return False
    value = statement.value
    if isinstance(value, s.Call):
        return any(keyword.name is None for keyword in value.keywords)
    return not isinstance(value, s.Mapping) or any(key is None for key in value.keys)


def _is_open(calls: list[s.Call]) -> bool:
    """Whether some construction hands over values that aren't known."""
    return any(k.name is None for call in calls for k in call.keywords)


def _is_ellipsis(expr: Expr) -> bool:
    return isinstance(expr, s.Opaque) and not expr.children


def _is_optional(annotation: Expr) -> bool:
    if isinstance(annotation, s.Subscript):
        return (dotted_name(annotation.value) or "").rpartition(".")[2] == "Optional"
    return isinstance(annotation, s.Operation) and any(
        isinstance(item, s.Constant) and item.value is None for item in annotation.operands
    )
