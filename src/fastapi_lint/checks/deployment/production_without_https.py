"""DPL006 production-without-https: clients reach the app in clear text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment.proxies import ingresses_to, may_be_fronted, offers_tls
from fastapi_lint.project.deployment.published import published_on_all
from fastapi_lint.project.deployment.wording import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each published port, and for each Ingress, that leads to a server without TLS."""
    seen: set[Span] = set()
    for start in project.deployment.starts:
        if start.environment != "production" or start.tls.is_given or start.open or start.conditional:
            continue
        for finding in (*_published(project, start), *_ingresses(project, start)):
            if finding.span not in seen:
                seen.add(finding.span)
                yield finding


def _published(project: Project, start: StartCommand) -> Iterator[Finding]:
    service = start.launch.service
    if service is None or may_be_fronted(project.deployment, service):
        return
    for span in published_on_all(project.deployment, start):
        yield Finding(
            span=span,
            message=f"The service `{service.name}` publishes the port of `{server_of(start)}` to everybody, "
            "without TLS and without a proxy before it",
            help="Put a proxy that ends TLS before it, and publish the port on `127.0.0.1` or not at all",
            related=(Related(start.span, "The server gets no certificate", "server"),),
        )


def _ingresses(project: Project, start: StartCommand) -> Iterator[Finding]:
    for path, ingress in ingresses_to(project.deployment, start.launch):
        if ingress.kind == "Ingress" and not offers_tls(project.deployment, ingress):
            yield Finding(
                span=ingress.place.span(path),
                message=f"The Ingress `{ingress.name}` leads to the {start.launch.workload.kind} "  # type: ignore[union-attr]
                f"`{start.launch.workload.name}` without TLS",  # type: ignore[union-attr]
                help="Give it a `tls` entry, or an annotation that brings a certificate",
                related=(Related(start.launch.span, "Requests end here", "container"),),
            )
