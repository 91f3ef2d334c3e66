"""SEC002: a write route that anybody may call, although its siblings ask for a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import route_words
from fastapi_lint.project.security.unprotected import UnprotectedRoutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint that changes something and was forgotten."""
    for found in UnprotectedRoutes(project).all():
        function = found.endpoint.function
        yield Finding(
            span=project.span(function.module, function.node.name_at),
            message=(
                f"{route_words(found.route)} has no authentication, unlike {found.protected} of the "
                f"{found.siblings} other write routes of its router"
            ),
            help="Give it the dependency of its siblings, or give that to the router",
            symbol=function.qualname,
        )
