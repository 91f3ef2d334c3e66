"""DBS002: each request creates an engine, and with it a pool of connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.database.request_engines import request_engines
from fastapi_lint.project.names.wording import call_hops, callee_name, where_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.made_per_request import RequestObject
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call in the way of a request that creates an engine which nothing keeps."""
    for made in request_engines(project):
        yield _finding(project, made)


def _finding(project: Project, made: RequestObject) -> Finding:
    return Finding(
        span=project.span(made.site.module, made.site.call.at),
        message=f"`{callee_name(made.site)}` opens a new pool of connections for each request, "
        f"in {where_served(made.served)}",
        help="Create the engine once, in a module or in the lifespan",
        chain=call_hops(project, (*made.served.calls, made.site)) if made.served.calls else (),
        symbol=made.served.function.qualname,
    )
