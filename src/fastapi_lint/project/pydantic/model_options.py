"""Options of Pydantic models: `class Config` and `model_config`, and their names in versions 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.names.symbols import ClassSymbol, External, Module, Scope
from fastapi_lint.project.pydantic.models import PydanticModels

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

RENAMED: dict[str, str] = {
    "orm_mode": "from_attributes",
    "allow_population_by_field_name": "populate_by_name",
    "schema_extra": "json_schema_extra",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_lower": "str_to_lower",
    "anystr_upper": "str_to_upper",
    "min_anystr_length": "str_min_length",
    "max_anystr_length": "str_max_length",
    "validate_all": "validate_default",
    "keep_untouched": "ignored_types",
}
REMOVED = frozenset({"allow_mutation", "underscore_attrs_are_private"})
"""Names of version 1 that version 2 ignores. Source: Pydantic's migration guide."""


class ModelOption(msgspec.Struct, frozen=True, eq=False):
    """One option of a model: where its name stands (`at` covers the name alone)."""

    model: ClassSymbol
    name: str
    at: int
    scope: Scope

    @property
    def module(self) -> Module:
        """The module that sets it."""
        return self.scope.module


class ModelOptions:
    """Answers which options models set."""

    def __init__(self, project: Project) -> None:
        self.types = project.types
        self.resolver = project.resolver
        self.models = PydanticModels(project)

    def of(self, model: ClassSymbol) -> Iterator[ModelOption]:
        """The options in a model's own `class Config` and `model_config`, in source order."""
        scope = self.resolver.scope(model)
        for statement in model.node.body:
            if isinstance(statement, s.Class) and statement.name == "Config":
                yield from self._in_class(model, statement, scope)
            elif isinstance(statement, s.Assign | s.Declaration) and statement.value is not None:
                targets = statement.targets if isinstance(statement, s.Assign) else (statement.target,)
                if any(isinstance(t, s.Name) and t.id == "model_config" for t in targets):
                    yield from self._in_call(model, statement.value, scope)

    def _in_class(self, model: ClassSymbol, config: s.Class, scope: Scope) -> Iterator[ModelOption]:
        for statement in config.body:
            targets = statement.targets if isinstance(statement, s.Assign) else ()
            if isinstance(statement, s.Declaration):
                targets = (statement.target,)
            for target in targets:
                if isinstance(target, s.Name):
                    yield ModelOption(model, target.id, target.at, scope)
            if isinstance(statement, s.Function):
                yield ModelOption(model, statement.name, statement.name_at, scope)

    def _in_call(self, model: ClassSymbol, value: s.Expr, scope: Scope) -> Iterator[ModelOption]:
        if isinstance(value, s.Mapping):
            for key in value.keys:
                if isinstance(key, s.Constant) and isinstance(key.value, str):
                    yield ModelOption(model, key.value, key.at, scope)
        if not isinstance(value, s.Call):
            return
        callee = self.types.callee(value, scope)
        name = callee.name.rpartition(".")[2] if isinstance(callee, External) else ""
        if name in ("ConfigDict", "SettingsConfigDict", "SQLModelConfig", "dict"):
            for keyword in value.keywords:
                if keyword.name is not None:
                    start = s.start_of(keyword.at)
                    at = s.pack(start, start + len(keyword.name))
                    yield ModelOption(model, keyword.name, at, scope)
