"""DPL027 env-file-missing: a service needs an env file that a fresh clone doesn't have."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.deployment import backing
from fastapi_lint.project.deployment.composition import below_root
from fastapi_lint.project.deployment.surroundings import example_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.project import Project


WRITES = re.compile(r">|\b(?:cp|copy|mv|ln|tee|touch|path|dest\w*)\b")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each missing file in each compose file."""
    seen: set[tuple[str, str]] = set()
    for service in project.deployment.composition.services:
        if backing.is_left_alone(project.deployment, service):
            continue
        for finding, key in _of_service(project, service):
            if key not in seen:
                seen.add(key)
                yield finding


def _of_service(project: Project, service: ComposeService) -> Iterator[tuple[Finding, tuple[str, str]]]:
    for layer, file in service.env_files:
        path = None if file.path.parts else below_root(layer.folder, file.path.text)
        if path is None or not file.required or not _is_missing(project, path):
            continue
        span = file.path.place.span(layer.path)
        name = posixpath.basename(path)
        finding = Finding(
            span=span,
            message=f"`{service.name}` needs `{file.path.text}`, which isn't in the repository, "
            "and no example tells what belongs in it",
            help=f"Add `{name}.example` with the names of the variables, or mark the file `required: false`",
        )
        yield finding, (layer.path, path)


def _is_missing(project: Project, path: str) -> bool:
    """Whether neither the file nor an example is tracked, and no guide or script speaks of it."""
    artifacts = project.artifacts
    if artifacts.is_tracked(path) or example_of(path, artifacts) is not None:
        return False
    name = posixpath.basename(path)
    if any(name in text for text in artifacts.guides):
        return False
    lines = (line for text in artifacts.recipes for line in text.split("\n"))
    return not any(name in line and WRITES.search(line) for line in lines)
