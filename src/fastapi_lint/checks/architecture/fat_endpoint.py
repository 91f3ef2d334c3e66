"""ARC011: an endpoint does too much itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.body.weight import weight_of
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.calls.endpoints import Endpoint
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each endpoint with more statements or branches than allowed."""
    for endpoint in project.endpoints.all:
        if endpoint.is_websocket or project.roles.is_outside(endpoint.function.module):
            continue
        excess = _excess(project, endpoint)
        if excess:
            yield _finding(project, endpoint, excess)


def _excess(project: Project, endpoint: Endpoint) -> str:
    """What the endpoint has too many of, in words."""
    weight = weight_of(endpoint.function, project.types)
    options = project.options
    parts = []
    if weight.statements > options.max_endpoint_statements:
        parts.append(f"{weight.statements} statements (of {options.max_endpoint_statements} allowed)")
    if weight.branches > options.max_endpoint_branches:
        parts.append(f"{weight.branches} branches (of {options.max_endpoint_branches} allowed)")
    return " and ".join(parts)


def _finding(project: Project, endpoint: Endpoint, excess: str) -> Finding:
    function = endpoint.function
    name = name_of(function)
    return Finding(
        span=project.span(function.module, function.node.name_at),
        message=f"The endpoint `{name}` has {excess}",
        help=f"Move the decisions into a function or service that `{name}` calls",
        symbol=function.qualname,
    )
