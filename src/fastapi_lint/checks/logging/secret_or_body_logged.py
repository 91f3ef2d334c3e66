"""LOG003: code that serves a request writes a secret, or the request's whole body or headers, to the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.logs.logging_calls import LoggingCalls, written
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.security.exposure import Exposure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import FunctionSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.exposure import Exposed

_KINDS = ("endpoint", "dependency", "middleware", "exception handler")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each argument of a logging call that gives a secret away."""
    exposure = Exposure(project)
    logging = LoggingCalls(project.types, project.calls)
    for called in project.endpoints.called:
        if called.kind not in _KINDS or project.roles.is_outside(called.function.module):
            continue
        for site in logging.of(called.function):
            for value in written(site.call):
                found = next(exposure.of(value, site.scope), None)
                if found is not None:
                    yield _finding(project, called.function, found)


def _finding(project: Project, function: FunctionSymbol, found: Exposed) -> Finding:
    return Finding(
        span=project.span(function.module, found.expr.at),
        message=f"`{name_of(function)}` logs {found.what}",
        help="Log only what can't be misused: names, identifiers, a masked value, or that it is there",
        symbol=function.qualname,
    )
