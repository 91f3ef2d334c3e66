"""CFG006: a secret has a default that everybody with the source knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import ClassSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.fields import SettingsField

SECRET = re.compile(
    r"(.*_)?(secret|secret_key|password|api_key|private_key|signing_key|jwt_key|access_token|auth_token)\Z",
    re.IGNORECASE,
)
PRIVATE_CLASS = re.compile(r"Test|Dev|Local")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each secret with a literal default."""
    for cls in project.settings.classes:
        if project.roles.is_outside(cls.module) or PRIVATE_CLASS.search(cls.name):
            continue
        for declared in project.settings.fields.of(cls):
            if _has_known_default(project, declared) and not _is_refused(project, cls, declared):
                yield _finding(project, declared)


def _has_known_default(project: Project, declared: SettingsField) -> bool:
    if not SECRET.match(declared.name):
        return False
    fields = project.settings.fields
    literal = fields.literal(declared.default, fields.inner_scope(declared.cls))
    return literal is not None and isinstance(literal.value, str) and bool(literal.value.strip())


def _is_refused(project: Project, cls: ClassSymbol, declared: SettingsField) -> bool:
    """Whether a validator compares the secret with its placeholder and raises."""
    return project.settings.validators.refuses_some_value(cls, declared.name)


def _finding(project: Project, declared: SettingsField) -> Finding:
    assert declared.default is not None
    return Finding(
        span=project.span(declared.cls.module, declared.default.at),
        message=f"The secret `{declared.cls.name}.{declared.name}` has a default that stands in the source",
        help="Leave the default out: then the service doesn't start without a value of its own",
        fix=_fix(project, declared),
        symbol=declared.cls.qualname,
    )


def _fix(project: Project, declared: SettingsField) -> Fix | None:
    """Take the default away: the assignment, or the first argument of `Field`."""
    module, default = declared.cls.module, declared.default
    if declared.annotation is None or default is None:
        return None
    if declared.value is default:
        end = s.end_of(declared.annotation.at)
        edit = replace(project, module, end, s.end_of(default.at), "")
    elif declared.call is declared.value:
        edit = replace(project, module, s.start_of(default.at), s.end_of(default.at), "...")
    else:
        return None
    return Fix("unsafe", f"Require `{declared.name}`", (edit,))
