"""XAR004 in-memory-websocket-manager-with-workers: messages reach only the clients of one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related, Severity
from fastapi_lint.project.deployment.broadcasts import Broadcasts, Manager
from fastapi_lint.project.deployment.processes import Several, several
from fastapi_lint.project.deployment.wording import chain, of_launch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each manager whose app is served by several processes."""
    broadcasts = Broadcasts(project)
    seen: set[tuple[str, int]] = set()
    for manager in broadcasts.managers():
        place = (manager.module.path, manager.at)
        found = next((one for app in manager.endpoint.apps for one in several(project.deployment, app)), None)
        if found is None or place in seen or broadcasts.uses_broker(manager):
            continue
        seen.add(place)
        yield _finding(project, manager, found)


def _finding(project: Project, manager: Manager, found: Several) -> Finding:
    where = of_launch(found.start.launch)
    verb = "may start several processes" if found.count is None else f"starts {found.said}"
    return Finding(
        span=project.span(manager.module, manager.at),
        message=f"`{manager.name}` keeps WebSockets in memory, and {where} {verb}: "
        "a message reaches only the clients of one process",
        help="Exchange messages between processes with a broker such as Redis pub/sub, or start one worker",
        related=(
            Related(found.span, f"{found.said[0].upper()}{found.said[1:]} are asked for here", "workers"),
        ),
        chain=chain(found.start),
        severity=Severity.WARNING if found.count is None else None,
    )
