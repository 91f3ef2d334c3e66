"""WSK005: a websocket endpoint believes a cookie whichever website has opened the socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.cross_site import CrossSiteSockets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint that identifies its client by a cookie and checks no origin."""
    for found in CrossSiteSockets(project).all():
        function = found.endpoint.function
        cookie = f"the cookie `{found.name}`" if found.name else "its session"
        name, read = name_of(function), project.span(found.module, found.at)
        yield Finding(
            span=project.span(function.module, function.node.name_at),
            message=f"`{name}` knows its client by {cookie}, and nothing checks the `Origin` header",
            help='Compare `websocket.headers.get("origin")` with your own origins before you accept',
            related=(Related(read, "the cookie is read here"),),
            symbol=function.qualname,
        )
