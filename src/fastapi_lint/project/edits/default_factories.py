"""Edits that make a field's default value a factory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.body.statements import keyword, walk_expressions
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import replace, text_between
from fastapi_lint.project.pydantic.models import PydanticModels

if TYPE_CHECKING:
    from fastapi_lint.facts.python.syntax import Expr
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.models import ModelField

_SQLMODEL = frozenset({"sqlmodel.SQLModel"})


def use_factory(project: Project, models: PydanticModels, one: ModelField, value: Expr) -> Fix | None:
    """`Field(default_factory=...)` instead of a default; None if the value uses names of the class body."""
    if any(isinstance(e, s.Name) and e.id in one.scope.bindings for e in walk_expressions((value,))):
        return None
    module = one.scope.module
    factory = _factory(text_between(project, module, s.start_of(value.at), s.end_of(value.at)), value)
    call = models.field_call(one.default, one.scope)
    edits: tuple[Edit, ...]
    if call is not None:
        start = s.start_of(value.at)
        given = keyword(call, "default")
        if given is not None:
            start = next(s.start_of(k.at) for k in call.keywords if k.value is given)
        if keyword(call, "default_factory") is not None:
            return None
        edits = (replace(project, module, start, s.end_of(value.at), f"default_factory={factory}"),)
    else:
        source = "sqlmodel" if project.resolver.inherits(one.owner, _SQLMODEL) else "pydantic"
        imported = import_from(project, module, source, "Field")
        if imported is None:
            return None
        name, added = imported
        text = f"{name}(default_factory={factory})"
        edits = (*added, replace(project, module, s.start_of(value.at), s.end_of(value.at), text))
    return Fix("safe", f"Compute `{one.name}` for each object", edits)


def _factory(text: str, value: Expr) -> str:
    """`uuid4` for `uuid4()`, else a lambda."""
    if isinstance(value, s.Call) and not value.args and not value.keywords and text.endswith("()"):
        return text[:-2]
    return f"lambda: {text}"
