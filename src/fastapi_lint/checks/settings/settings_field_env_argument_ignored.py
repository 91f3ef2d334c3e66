"""CFG005: `env=` of a settings field, which Pydantic 2 doesn't read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.body.statements import keyword
from fastapi_lint.project.edits.text import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import ClassSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.fields import SettingsField

ALIASES = ("validation_alias", "alias")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each field whose variable is given in the way of Pydantic 1."""
    for cls in project.settings.classes:
        if project.roles.is_outside(cls.module) or not project.settings.is_pydantic_2(cls, project.versions):
            continue
        for declared in project.settings.fields.of(cls):
            yield from _in_field(project, declared)
        yield from _in_config(project, cls)


def _in_field(project: Project, declared: SettingsField) -> Iterator[Finding]:
    """`Field(..., env="X")`"""
    call = declared.call
    if call is None or any(keyword(call, alias) is not None for alias in ALIASES):
        return
    argument = next((argument for argument in call.keywords if argument.name == "env"), None)
    if argument is None or not _matters(project, declared, argument.value):
        return
    yield Finding(
        span=project.span(declared.cls.module, argument.at),
        message=_message(declared, argument.value),
        help=f"Name it with `validation_alias={_source(project, declared.cls, argument.value)}`",
        fix=_fix(project, declared, argument),
        symbol=declared.cls.qualname,
    )


def _in_config(project: Project, cls: ClassSymbol) -> Iterator[Finding]:
    """`class Config: fields = {"name": {"env": "X"}}`"""
    given = project.settings.fields.config_fields(cls)
    declared = {one.name: one for one in project.settings.fields.of(cls)}
    for name, env in given:
        field = declared.get(name)
        if field is not None and _matters(project, field, env):
            yield Finding(
                span=project.span(cls.module, env.at),
                message=_message(field, env),
                help=f"Write `{name}: ... = Field(validation_alias={_source(project, cls, env)})`",
                symbol=cls.qualname,
            )


def _matters(project: Project, declared: SettingsField, env: s.Expr) -> bool:
    """Whether the field wouldn't read the variable anyway; not where the names can't be told."""
    names = _names(env)
    own = project.settings.fields.variable_name(declared)
    return bool(names) and own is not None and own not in {name.lower() for name in names}


def _names(env: s.Expr) -> list[str]:
    items = env.items if isinstance(env, s.Collection) else (env,)
    return [item.value for item in items if isinstance(item, s.Constant) and isinstance(item.value, str)]


def _message(declared: SettingsField, env: s.Expr) -> str:
    names = ", ".join(f"`{name}`" for name in _names(env))
    return f"`{declared.cls.name}.{declared.name}` never reads {names}: Pydantic 2 ignores `env`"


def _source(project: Project, cls: ClassSymbol, env: s.Expr) -> str:
    text = project.text(cls.module.path)[s.start_of(env.at) : s.end_of(env.at)]
    if isinstance(env, s.Collection):
        return f"AliasChoices({text[1:-1].rstrip(', ')})"
    return text


def _fix(project: Project, declared: SettingsField, argument: s.Keyword) -> Fix | None:
    """`validation_alias` in place of `env`, for one name; several need an import."""
    if not isinstance(argument.value, s.Constant):
        return None
    start = s.start_of(argument.at)
    edit = replace(project, declared.cls.module, start, start + len("env"), "validation_alias")
    return Fix("unsafe", "Replace `env` by `validation_alias`", (edit,))
