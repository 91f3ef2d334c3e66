"""DPL025 trust-all-proxies: the server believes every client's word about the client's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.proxies import may_be_fronted
from fastapi_lint.project.deployment.published import published_on_all
from fastapi_lint.project.deployment.wording import chain, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `*` that a server gets whose port is open to everybody."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        service, span = start.launch.service, start.forwarded_allow_ips.span
        if service is None or span is None or span in seen or not _trusts_all(start):
            continue
        if not start.may_be_production or start.conditional or may_be_fronted(project.deployment, service):
            continue
        port = next(published_on_all(project.deployment, start), None)
        if port is not None:
            seen.add(span)
            yield _finding(start, span, port)


def _trusts_all(start: StartCommand) -> bool:
    trusted = (start.forwarded_allow_ips.value or "").split(",")
    return "*" in (address.strip() for address in trusted) and start.proxy_headers.value is True


def _finding(start: StartCommand, span: Span, port: Span) -> Finding:
    return Finding(
        span=span,
        message=f"`{server_of(start)}` trusts every proxy, and the service `{start.launch.name}` publishes "
        "its port without one: any client chooses its own address in `X-Forwarded-For`",
        help="Name the addresses of the proxy, or publish the port on `127.0.0.1` only",
        related=(Related(port, "Everybody reaches the port that is published here", "port"),),
        chain=chain(start) if start.forwarded_allow_ips.origin == "argument" else (),
    )
