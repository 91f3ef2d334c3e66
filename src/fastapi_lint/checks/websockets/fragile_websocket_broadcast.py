"""WSK004: one client that has left ends a broadcast to all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.findings import Finding, Fix, Related
from fastapi_lint.project.edits.text import insert
from fastapi_lint.project.names.wording import name_of
from fastapi_lint.project.websockets.broadcast_loops import BroadcastLoops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.websockets.broadcast_loops import BroadcastLoop


def check(project: Project) -> Iterator[Finding]:
    """One finding for each loop that sends to the sockets of a collection itself, unguarded."""
    for found in BroadcastLoops(project).fragile():
        module, name = found.function.module, found.collection.name
        sent = Related(project.span(module, found.send.call.at), "what this raises ends the loop")
        yield Finding(
            span=project.span(module, found.loop.iterable.at),
            message=(
                f"A client that has left ends the loop of `{name_of(found.function)}` over `{name}`, "
                "which changes while it sends"
            ),
            help="Iterate over `list(...)` of it, and catch what a send raises for a client that has left",
            related=(sent,),
            fix=_copied(project, found),
            symbol=found.function.qualname,
        )


def _copied(project: Project, found: BroadcastLoop) -> Fix:
    module, iterable = found.function.module, found.loop.iterable
    before = insert(project, module, s.start_of(iterable.at), "list(")
    after = insert(project, module, s.end_of(iterable.at), ")")
    return Fix("unsafe", "Iterate over a copy", (before, after))
