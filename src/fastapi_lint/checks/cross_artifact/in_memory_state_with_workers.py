"""XAR011 in-memory-state-with-workers: endpoints share state that each process has its own copy of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.background.process_state import ProcessState
from fastapi_lint.project.deployment.processes import several
from fastapi_lint.project.deployment.wording import chain, of_launch
from fastapi_lint.project.names.wording import call_hops, route_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.background.process_state import SharedState
    from fastapi_lint.project.calls.graph import CallSite
    from fastapi_lint.project.deployment.processes import Several
    from fastapi_lint.project.project import Project

_LIMITS = "RATELIMIT_STORAGE_URL"
"""The variable that slowapi takes its store from if it is given none."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each collection and limiter, by the first command that starts several processes."""
    states = ProcessState(project)
    seen: set[tuple[str, int]] = set()
    for app in project.apps:
        found = next((one for one in several(project.deployment, app) if one.count is not None), None)
        if found is None:
            continue
        for finding in (
            *(_of_state(project, states, shared, found) for shared in states.shared(app)),
            *(_of_limiter(project, site, found) for site in states.limiters(app) if not _has_store(found)),
        ):
            place = (finding.span.path, finding.span.line)
            if place not in seen:
                seen.add(place)
                yield finding


def _has_store(found: Several) -> bool:
    return found.start.launch.variables.find(_LIMITS) is not None


def _of_state(project: Project, states: ProcessState, shared: SharedState, found: Several) -> Finding:
    name, where = shared.collection.name, of_launch(found.start.launch)
    writer, reader = route_words(shared.writer.routes[0]), route_words(shared.reader.routes[0])
    variable = states.lifetimes.variable(shared.collection)
    written = project.span(shared.written.scope.module, shared.written.at)
    read = project.span(shared.read.scope.module, shared.read.at)
    return Finding(
        span=project.span(variable.module, variable.binding.at) if variable is not None else written,
        message=f"`{name}` is in memory, and {where} starts {found.said}: "
        f"what {writer} changes is seen by {reader} in the same process only",
        help="Keep it in Redis or the database, or start one process",
        related=(
            Related(written, "Changed here"),
            Related(read, "Read here"),
            Related(found.span, f"{found.said[0].upper()}{found.said[1:]} are asked for here", "workers"),
        ),
        chain=(*call_hops(project, shared.written.path), *chain(found.start)),
    )


def _of_limiter(project: Project, site: CallSite, found: Several) -> Finding:
    where = of_launch(found.start.launch)
    return Finding(
        span=project.span(site.module, site.call.at),
        message=f"The rate limits are counted in memory, and {where} starts {found.said}: "
        f"clients may send {found.count} times as many requests",
        help='Give the limiter a store that all processes share: `storage_uri="redis://..."`',
        related=(
            Related(found.span, f"{found.said[0].upper()}{found.said[1:]} are asked for here", "workers"),
        ),
        chain=chain(found.start),
    )
