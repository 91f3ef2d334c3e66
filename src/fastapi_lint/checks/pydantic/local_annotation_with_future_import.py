"""PYD004: an annotation that is kept as text names something local, which FastAPI can't find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.pydantic.runtime_annotations import RuntimeAnnotations, has_future_import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.runtime_annotations import AnnotatedName


def check(project: Project) -> Iterator[Finding]:
    """One finding for each local name in a parameter's annotation of a nested endpoint or dependency."""
    annotations = RuntimeAnnotations(project)
    for called in project.endpoints.called:
        function = called.function
        if called.kind not in ("endpoint", "dependency") or function.parent is None:
            continue
        if project.roles.is_outside(function.module) or not has_future_import(function.module):
            continue
        if project.versions.for_file(function.module.path).python.all_at_least("3.14"):
            continue
        for used in annotations.local_names(function):
            yield _finding(project, used, function)


def _finding(project: Project, used: AnnotatedName, function: FunctionSymbol) -> Finding:
    return Finding(
        span=project.span(used.module, used.at),
        message=f"FastAPI can't find `{used.name}` for the parameter `{used.of}` of `{name_of(function)}`: "
        "annotations are texts here, and the name is local to a function",
        help=f"Define `{used.name}` at module level, or remove `from __future__ import annotations`",
        symbol=function.qualname,
    )
