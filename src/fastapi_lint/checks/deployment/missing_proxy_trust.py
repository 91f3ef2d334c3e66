"""DPL005 missing-proxy-trust: the server believes no proxy, and the app needs to know whom it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment import proxies
from fastapi_lint.project.deployment.surroundings import may_be_set
from fastapi_lint.project.deployment.wording import chain, of_launch, server_of
from fastapi_lint.project.requests.original_request import OriginalRequest, OriginalUse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.deployment.proxies import Front
    from fastapi_lint.project.project import Project

TRUSTING = frozenset(("uvicorn", "fastapi", "gunicorn"))
"""Servers that hand on what trusted proxies say: uvicorn, and those that run it."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each server behind a proxy whose app depends on the original request."""
    original = OriginalRequest(project)
    seen: set[Span] = set()
    for start in project.deployment.starts:
        if start.span in seen or start.app is None or not _trusts_nobody(project, start):
            continue
        front = proxies.before(project.deployment, start.launch)
        use = next(original.of(start.app), None) if front is not None else None
        if front is not None and use is not None and not original.is_restored(start.app):
            seen.add(start.span)
            yield _finding(project, start, front, use)


def _trusts_nobody(project: Project, start: StartCommand) -> bool:
    if start.server not in TRUSTING or start.open or start.conditional or not start.may_be_production:
        return False
    if start.server == "gunicorn" and "uvicorn" not in (start.worker_class.value or "").lower():
        return False
    if start.forwarded_allow_ips.is_given or start.socket.is_given:
        return False
    return not may_be_set("FORWARDED_ALLOW_IPS", start.launch, project.deployment.builds)


def _finding(project: Project, start: StartCommand, front: Front, use: OriginalUse) -> Finding:
    server = server_of(start)
    vain = ", and `--proxy-headers` changes nothing about that" if start.proxy_headers.is_given else ""
    return Finding(
        span=start.span,
        message=f"{front.said[0].upper()}{front.said[1:]} stands before {of_launch(start.launch)}, "
        f"but `{server}` believes only `127.0.0.1`{vain}: `{use.said}` tells of the proxy, not of the client",
        help="Give `--forwarded-allow-ips` or `FORWARDED_ALLOW_IPS` the addresses of the proxy",
        related=(
            Related(front.span, "Requests come through here", "proxy"),
            Related(project.span(use.module, use.at), "The app asks for the original request here", "use"),
        ),
        chain=chain(start),
    )
