"""ARC007: a service, repository or model speaks HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.requests.framework_uses import FrameworkUses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.requests.framework_uses import FrameworkUse

LAYERS = ("service", "repository", "model")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each module of a lower layer and name of the framework, on the first use."""
    uses = FrameworkUses(project)
    for module in project.application_modules():
        by_name: dict[str, list[FrameworkUse]] = {}
        for one in uses.of(module):
            if project.roles.of(one.use.owner or module).name in LAYERS:
                by_name.setdefault(one.name, []).append(one)
        for found in by_name.values():
            yield _finding(project, module, found)


def _finding(project: Project, module: Module, found: list[FrameworkUse]) -> Finding:
    first, *others = found
    owner = first.use.owner
    role = project.roles.of(owner or module).name
    return Finding(
        span=project.span(module, first.use.at),
        message=f"The {role} module `{module.name}` uses `{first.name}`, which belongs to the HTTP layer",
        help="Hand over plain values and give back plain results, and let the route speak HTTP",
        related=tuple(
            Related(project.span(module, one.use.at), f"`{one.name}` is used here too") for one in others
        ),
        symbol=owner.qualname if owner is not None else "",
    )
