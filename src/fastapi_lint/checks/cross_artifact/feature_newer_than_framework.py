"""XAR013 feature-newer-than-framework: the code uses what the installed FastAPI doesn't have yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related, Span
from fastapi_lint.project.versions.features import NEWEST, Features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.versions.features import UsedFeature
    from fastapi_lint.project.versions.sets import VersionSet


def check(project: Project) -> Iterator[Finding]:
    """One finding for each use of a feature that no release has which may be installed."""
    features = Features(project)
    for module in project.application_modules():
        installed = project.versions.for_file(module.path).of("fastapi")
        if not installed.all_below(NEWEST):
            continue
        for used in features.of(module):
            if installed.all_below(used.since):
                yield _finding(project, used, installed)


def _finding(project: Project, used: UsedFeature, installed: VersionSet) -> Finding:
    newest = installed.releases[-1]
    related: tuple[Related, ...] = ()
    if installed.path:
        related = (Related(Span(installed.path, 1, 1, 1, 1), "The version comes from here", "version"),)
    said = f"{used.said[0].upper()}{used.said[1:]}"
    return Finding(
        span=project.span(used.module, used.at),
        message=f"{said} came with FastAPI {used.since}: version {newest}, "
        f"which is {_ORIGINS.get(installed.origin, 'allowed at most')}, {used.before}",
        help=f"Require `fastapi>={used.since}` and renew the lock, or do without it",
        related=related,
    )


_ORIGINS = {"locked": "locked", "pinned": "pinned"}
