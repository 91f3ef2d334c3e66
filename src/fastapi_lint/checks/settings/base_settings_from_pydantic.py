"""CFG008: `BaseSettings` from `pydantic`, which Pydantic 2 doesn't have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix
from fastapi_lint.project.edits.text import replace
from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project

MESSAGE = "`pydantic.BaseSettings` is gone in Pydantic 2: importing this module raises `PydanticImportError`"
HELP = "Take `BaseSettings` from `pydantic_settings`, and add `pydantic-settings` to the dependencies"


def check(project: Project) -> Iterator[Finding]:
    """One finding for each import, and for each use as an attribute."""
    for module in project.application_modules():
        if not module.facts.names >= {"pydantic", "BaseSettings"}:
            continue
        names = list(_names(project, module))
        if names and project.versions.for_file(module.path).all_at_least("pydantic", "2"):
            for statement, alias in names:
                yield from _judge(project, module, statement, alias)


def _names(project: Project, module: Module) -> Iterator[tuple[s.Import | s.ImportFrom, s.Alias]]:
    """What a module imports of `pydantic` itself at runtime, without a fallback."""
    for statement, place in project.import_graph.statements(module):
        if place.kind == "type-only" or place.guarded:
            continue
        for alias in statement.names:
            imported = statement.module if isinstance(statement, s.ImportFrom) else alias.name
            if imported == "pydantic":
                yield statement, alias


def _judge(
    project: Project, module: Module, statement: s.Import | s.ImportFrom, alias: s.Alias
) -> Iterator[Finding]:
    if isinstance(statement, s.ImportFrom):
        if alias.name == "BaseSettings" and not statement.level:
            yield _finding(project, module, alias.at, _fix(project, module, statement))
        return
    index = project.resolver.index(module)
    for use in project.name_uses.of(index.scope, alias.asname or alias.name):
        if use.attributes[:1] == ("BaseSettings",):
            yield _finding(project, module, use.at, None, use.owner)


def _finding(
    project: Project,
    module: Module,
    at: int,
    fix: Fix | None,
    owner: FunctionSymbol | ClassSymbol | None = None,
) -> Finding:
    symbol = owner.qualname if owner is not None else ""
    return Finding(span=project.span(module, at), message=MESSAGE, help=HELP, fix=fix, symbol=symbol)


def _fix(project: Project, module: Module, statement: s.ImportFrom) -> Fix | None:
    """Another module in the statement, if it imports nothing else; else a statement of its own."""
    start = s.start_of(statement.at)
    text = project.text(module.path)[start : s.end_of(statement.at)]
    if len(statement.names) == 1:
        offset = start + text.index("pydantic")
        edit = replace(project, module, offset, offset + len("pydantic"), "pydantic_settings")
        return Fix("unsafe", "Import `BaseSettings` from `pydantic_settings`", (edit,))
    if "\n" in text or "(" in text or "#" in text:
        return None
    rest = ", ".join(_source(alias) for alias in statement.names if alias.name != "BaseSettings")
    moved = ", ".join(_source(alias) for alias in statement.names if alias.name == "BaseSettings")
    indent = " " * (project.span(module, statement.at).column - 1)
    new = f"from pydantic import {rest}\n{indent}from pydantic_settings import {moved}"
    edit = replace(project, module, start, s.end_of(statement.at), new)
    return Fix("unsafe", "Import `BaseSettings` from `pydantic_settings`", (edit,))


def _source(alias: s.Alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
