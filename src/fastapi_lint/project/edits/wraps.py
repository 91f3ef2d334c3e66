"""Adding `@functools.wraps(func)` to the inner function of a decorator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Fix
from fastapi_lint.project.edits.imports import import_from
from fastapi_lint.project.edits.text import insert

if TYPE_CHECKING:
    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project


def add_wraps(project: Project, wrapper: FunctionSymbol, wrapped: str) -> Fix | None:
    """Let `wrapper` look like `wrapped`, a name that is visible where it is defined.

    None if it has parameters of its own, which the wrapped function's would then hide.
    """
    if any(p.kind not in ("args", "kwargs") for p in wrapper.node.parameters) or wrapper.node.decorators:
        return None
    imported = import_from(project, wrapper.module, "functools", "wraps")
    text = project.text(wrapper.module.path)
    start = s.start_of(wrapper.node.at)
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    if imported is None or indent.strip():
        return None
    name, edits = imported
    added = insert(project, wrapper.module, start, f"@{name}({wrapped})\n{indent}")
    return Fix("safe", f"Add `@{name}({wrapped})`", (*edits, added))
