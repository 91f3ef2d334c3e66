"""SEC003: the answers of a middleware outside of `CORSMiddleware` get no CORS headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.security.cors_order import CorsOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `CORSMiddleware` inside of a middleware that may answer by itself."""
    order = CorsOrder(project)
    for found in order.refusing_outside():
        cors, other = found.cors.site, found.refusing
        yield Finding(
            span=project.span(cors.module, cors.at),
            message=f"`CORSMiddleware` stands inside `{other.name}`, whose own answers get no CORS headers",
            help="Add `CORSMiddleware` last, or put it first in `middleware=[...]`: then it is the outermost",
            related=(
                Related(project.span(other.site.module, other.site.at), f"`{other.name}` is added here"),
            ),
            fix=order.moved_outside(found),
        )
