"""Database URLs that come from settings: the field's default, and what files and services set for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.facts.python.syntax import Expr
from fastapi_lint.findings import Span
from fastapi_lint.project.body.statements import dotted_name, walk_expressions
from fastapi_lint.project.deployment.documented import Documented
from fastapi_lint.project.deployment.settings_variables import (
    FieldVariables,
    SettingsClass,
    SettingsVariables,
)
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol, Module, Scope
from fastapi_lint.project.types.infer import Instance

if TYPE_CHECKING:
    from fastapi_lint.project.project import Project

_OF_FIELDS = frozenset({"field_validator", "validator"})
_OF_MODELS = frozenset({"model_validator", "root_validator"})


class UrlSetting(msgspec.Struct, frozen=True, eq=False):
    """A field of a settings class that nothing rewrites."""

    settings: SettingsClass
    variables: FieldVariables


class GivenUrl(msgspec.Struct, frozen=True, eq=False):
    """A literal URL, its place, and the environment variable that is set to it, if it is one."""

    text: str
    span: Span
    variable: str = ""


class SettingUrls:
    """Answers which URLs settings bring."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.documented = Documented(project.artifacts)

    @cached_property
    def _classes(self) -> dict[int, SettingsClass]:
        return {id(known.cls): known for known in SettingsVariables(self.project).classes}

    def field(self, expr: Expr, scope: Scope) -> UrlSetting | None:
        """The field that `settings.database_url` reads, unless a validator may change it."""
        if not isinstance(expr, s.Attribute):
            return None
        owner = self.project.types.infer(expr.value, scope)
        cls = owner.cls if isinstance(owner, Instance) else None
        if not isinstance(cls, ClassSymbol) or not self.project.settings.is_settings(cls):
            return None
        known = self._classes.get(id(cls))
        variables = next((v for v in known.fields if v.field.name == expr.attr), None) if known else None
        if known is None or variables is None or self._is_rewritten(cls, expr.attr):
            return None
        if _has_validator(variables.field.annotation):
            return None
        return UrlSetting(known, variables)

    def _is_rewritten(self, cls: ClassSymbol, name: str) -> bool:
        """Whether a validator, or a method that sets it, may change a field."""
        for current in self.project.resolver.ancestry(cls):
            for method in self.project.types.methods(current) if isinstance(current, ClassSymbol) else ():
                if method.name in ("__init__", "model_post_init", "__getattribute__"):
                    return True
                if any(_validates(decorator, name) for decorator in method.node.decorators):
                    return True
        return isinstance(self.project.resolver.class_member(cls, name), FunctionSymbol)

    def default(self, setting: UrlSetting) -> GivenUrl | None:
        """The literal default of a field."""
        declared = setting.variables.field
        expr = declared.default
        if not isinstance(expr, s.Constant) or not isinstance(expr.value, str):
            return None
        return GivenUrl(expr.value, self.project.span(declared.cls.module, expr.at))

    def given(self, setting: UrlSetting, module: Module) -> tuple[GivenUrl, ...]:
        """The literal URLs in env files and in the services that serve the module's application."""
        return (*self._in_files(setting), *self._in_services(setting, module))

    def _in_files(self, setting: UrlSetting) -> Iterator[GivenUrl]:
        settings = setting.settings
        files = dict((*self.documented.examples(settings), *self.documented.read_by(settings)))
        for path, facts in files.items():
            for entry in facts.active():
                text = entry.value.text if entry.value is not None else ""
                if settings.normal(entry.name) in setting.variables.names and "://" in text:
                    yield GivenUrl(text, entry.place.span(path), entry.name)

    def _in_services(self, setting: UrlSetting, module: Module) -> Iterator[GivenUrl]:
        for start in self.project.deployment.starts:
            if start.app is None or start.app.module.root != module.root:
                continue
            for name, value in start.launch.variables:
                is_its = setting.settings.normal(name) in setting.variables.names
                if is_its and value.span is not None and "://" in (value.value or ""):
                    yield GivenUrl(value.value or "", value.span, name)


def _validates(decorator: Expr, field: str) -> bool:
    call = decorator if isinstance(decorator, s.Call) else None
    name = (dotted_name(call.func if call else decorator) or "").rpartition(".")[2]
    if name in _OF_MODELS:
        return True
    if name not in _OF_FIELDS or call is None:
        return False
    names = {arg.value for arg in call.args if isinstance(arg, s.Constant)}
    return bool({field, "*"} & names) or any(not isinstance(arg, s.Constant) for arg in call.args)


def _has_validator(annotation: Expr | None) -> bool:
    """Whether `Annotated[...]` names a validator, such as `BeforeValidator`."""
    names = (dotted_name(expr) or "" for expr in walk_expressions((annotation,) if annotation else ()))
    return any(name.endswith("Validator") for name in names)
