"""DPL010 lock-not-copied-before-install: an install command doesn't see the project's lock file."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from fastapi_lint.facts.dockerfile import Copy
from fastapi_lint.findings import Finding, Related, Span
from fastapi_lint.project.deployment import installs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.installs import Install
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each install command that runs without the tracked lock file."""
    deployment = project.deployment
    seen: set[Span] = set()
    for image in deployment.builds.images:
        context = deployment.builds.context(image)
        if deployment.launcher.named_environment(image) == "test":
            continue
        for install in installs.of_image(image):
            manifest = installs.manifest_of(install, image, context, project.artifacts)
            lock = manifest.lock if manifest is not None else None
            if lock is None or install.span in seen or _has_lock(install, image, context, lock):
                continue
            seen.add(install.span)
            yield _finding(install, lock)


def _has_lock(install: Install, image: Image, context: Context, lock: str) -> bool:
    """Whether an earlier instruction, or a mount of the RUN line, brings the lock file."""
    if any(_covers(context, source, lock) for source, _ in installs.binds_of(install.instruction)):
        return True
    for step in image.steps[: install.order]:
        copy = step.instruction
        if not isinstance(copy, Copy):
            continue
        sources = [step.value(source) for source in copy.sources]
        if any(source is None for source in sources) or copy.heredocs:
            return True
        if copy.flag("from") is not None:
            # Another stage may have it: a folder, or the file itself.
            if any(_is_folder_or(source or "", lock) for source in sources):
                return True
        elif any(_covers(context, source or "", lock) for source in sources):
            return True
    return False


def _is_folder_or(source: str, lock: str) -> bool:
    name = posixpath.basename(source.rstrip("/"))
    return name == posixpath.basename(lock) or ("." not in name.lstrip(".") and not name.startswith("uv"))


def _covers(context: Context, source: str, lock: str) -> bool:
    """Whether a source of COPY is the lock file, matches it, or is a folder that holds it."""
    path = context.path(source)
    if path is None:
        return True
    return path == "" or lock == path or lock.startswith(f"{path}/") or fnmatchcase(lock, path)


def _finding(install: Install, lock: str) -> Finding:
    last = next(word for word in install.words if word.text == install.action).span
    span = install.span
    return Finding(
        span=Span(span.path, span.line, span.column, last.end_line, last.end_column),
        message=f"`{install.tool} {install.action}` runs before `{lock}` is in the image, and doesn't use it",
        help=f"Copy `{posixpath.basename(lock)}` before the install, together with the manifest",
        related=(Related(Span(lock, 1, 1, 1, 1), "The lock file that the install should use", "lock"),),
    )
