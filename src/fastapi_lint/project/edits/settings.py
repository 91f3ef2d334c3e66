"""Fixes of how settings are declared and provided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Edit, Fix
from fastapi_lint.project.edits.text import add_import, insert

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.model import SettingsProvider


def cache_provider(project: Project, provider: SettingsProvider) -> Fix | None:
    """`@lru_cache` above a provider, imported from `functools`; None for a provider that takes parameters."""
    function = provider.function
    node = function.node
    if node.parameters or function.owner is not None or function.parent is not None or node.is_async:
        return None
    name, edits = _lru_cache(project, function.module)
    first = node.decorators[0].at if node.decorators else node.at
    starts = function.module.facts.line_starts
    line = project.line(function.module, first)
    start = starts[line - 1]
    indent = project.text(function.module.path)[start : s.start_of(first)].partition("@")[0]
    if indent.strip():
        return None
    edits.append(insert(project, function.module, start, f"{indent}@{name}\n"))
    return Fix("safe", f"Put `@{name}` on `{function.name}`", tuple(edits))


def _lru_cache(project: Project, module: Module) -> tuple[str, list[Edit]]:
    """How a module names `lru_cache`, and the import that this takes."""
    for node in module.facts.body:
        if isinstance(node, s.Import):
            for alias in node.names:
                if alias.name == "functools":
                    return f"{alias.asname or alias.name}.lru_cache", []
        elif isinstance(node, s.ImportFrom) and node.module == "functools" and not node.level:
            for alias in node.names:
                if alias.name in ("lru_cache", "cache"):
                    return alias.asname or alias.name, []
    taken = project.resolver.scope(module).bindings
    if "lru_cache" not in taken:
        return "lru_cache", [add_import(project, module, "from functools import lru_cache")]
    return "functools.lru_cache", [add_import(project, module, "import functools")]
