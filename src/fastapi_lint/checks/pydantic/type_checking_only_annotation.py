"""PYD001: an annotation that is evaluated at run time uses a name imported for type checkers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.edits.type_checking import import_at_runtime
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.pydantic.runtime_annotations import RuntimeAnnotations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import Binding
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.pydantic.runtime_annotations import AnnotatedName


def check(project: Project) -> Iterator[Finding]:
    """One finding for each such name in an annotation."""
    annotations = RuntimeAnnotations(project)
    for used in annotations.names():
        binding = annotations.type_only_import(used.name, used.scope)
        if binding is None or annotations.may_be_known_later(used):
            continue
        yield _finding(project, used, binding)


def _finding(project: Project, used: AnnotatedName, binding: Binding) -> Finding:
    owner = used.function or used.model
    reader = "Pydantic" if used.model is not None else "FastAPI"
    return Finding(
        span=project.span(used.module, used.at),
        message=f"`{used.name}` is imported for type checkers only, "
        f"but {reader} needs it at run time for {_part(used)} `{name_of(owner)}`",
        help=f"Import `{used.name}` outside of the `TYPE_CHECKING` block",
        related=(Related(project.span(used.module, binding.at), "it is imported here"),),
        fix=import_at_runtime(project, used.module, binding),
        symbol=owner.qualname if owner is not None else "",
    )


def _part(used: AnnotatedName) -> str:
    if used.of == "return":
        return "the result of"
    return f"the {'field' if used.model is not None else 'parameter'} `{used.of}` of"
