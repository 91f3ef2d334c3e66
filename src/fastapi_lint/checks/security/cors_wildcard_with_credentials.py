"""SEC001: every site may send requests with the visitor's cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.security.cors import Cors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.security.cors import CorsSite
    from fastapi_lint.project.types.literal_values import Literal


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `CORSMiddleware` that allows credentials and any origin."""
    for site in Cors(project).sites():
        origins, credentials = site.any_origin, site.allows_credentials
        if origins is not None and credentials is not None:
            yield _finding(project, site, origins, credentials)


def _finding(project: Project, site: CorsSite, origins: Literal, credentials: Literal) -> Finding:
    option = next(name for name, literal in site.options.items() if literal is origins)
    return Finding(
        span=project.span(site.module, site.call.at),
        message=f"`CORSMiddleware` allows credentials and, by `{option}`, any origin",
        help="List the origins that may send cookies, or leave `allow_credentials` out",
        related=(
            _related(project, origins, "any origin is allowed here"),
            _related(project, credentials, "credentials are allowed here"),
        ),
    )


def _related(project: Project, literal: Literal, message: str) -> Related:
    return Related(project.span(literal.scope.module, literal.expr.at), message)
