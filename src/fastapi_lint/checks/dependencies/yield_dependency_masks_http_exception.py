"""DEP006: a dependency answers an endpoint's HTTP errors with an error of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.dependencies.yielding import yield_dependencies
from fastapi_lint.project.edits.clauses import let_http_errors_pass
from fastapi_lint.project.errors.masking import MaskedErrors
from fastapi_lint.project.names.wording import call_hops, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.errors.masking import Masking
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each broad clause around a yield that some endpoint's HTTP error ends in.

    Before FastAPI 0.106 HTTP errors didn't reach the code after the yield (its release notes).
    """
    masked = MaskedErrors(project)
    for function in yield_dependencies(project):
        if project.versions.for_file(function.module.path).all_at_least("fastapi", "0.106"):
            for masking in masked.by(function):
                yield _finding(project, masking)


def _finding(project: Project, masking: Masking) -> Finding:
    hiding, raised = masking.hiding, masking.first.raised
    status = f" {masking.first.status}" if masking.first.status is not None else ""
    error = f"`{name_of(raised.error).rpartition('.')[2]}`{status}"
    answer = f"a {hiding.status}" if hiding.status is not None else "another error"
    where = name_of(masking.endpoint.function)
    return Finding(
        span=project.span(hiding.function.module, _header(hiding.handler)),
        message=f"`{name_of(hiding.function)}` takes the {error} of `{where}` and makes {answer} of it",
        help="Let it pass before: `except HTTPException: raise`",
        related=(
            Related(
                project.span(raised.function.module, raised.statement.at),
                f"The {error} is raised here",
                symbol=raised.function.qualname,
            ),
        ),
        chain=call_hops(project, raised.calls),
        fix=_fix(project, masking),
        symbol=hiding.function.qualname,
    )


def _fix(project: Project, masking: Masking) -> Fix | None:
    """Unsafe: what the clause does for the dependency's resource is skipped for HTTP errors then."""
    found = let_http_errors_pass(project, masking.hiding)
    return Fix("unsafe", found.title, found.edits) if found is not None else None


def _header(handler: s.Handler) -> int:
    """From `except` to the end of what it names."""
    start = s.start_of(handler.at)
    return s.pack(start, s.end_of(handler.type.at) if handler.type is not None else start + len("except"))
