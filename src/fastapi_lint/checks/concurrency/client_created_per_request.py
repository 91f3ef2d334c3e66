"""ASY005: each request constructs a client of its own, and opens connections anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.calls.request_clients import request_clients
from fastapi_lint.project.names.wording import call_hops, callee_name, where_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.made_per_request import RequestObject
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call in the way of a request that constructs a client which nothing keeps."""
    for made in request_clients(project):
        yield _finding(project, made)


def _finding(project: Project, made: RequestObject) -> Finding:
    return Finding(
        span=project.span(made.site.module, made.site.call.at),
        message=f"`{callee_name(made.site)}` opens new connections for each request, "
        f"in {where_served(made.served)}",
        help="Create the client once, in the lifespan, and hand it out in a dependency",
        chain=call_hops(project, (*made.served.calls, made.site)) if made.served.calls else (),
        symbol=made.served.function.qualname,
    )
