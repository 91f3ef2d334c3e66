"""DPL009 unfrozen-lock-install: an image is built from a lock file that the build may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Span
from fastapi_lint.project.deployment import installs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.installs import Install
    from fastapi_lint.project.project import Project

FROZEN = {
    ("uv", "sync"): (
        ("--frozen", "--locked", "--check", "--dry-run"),
        ("UV_FROZEN", "UV_LOCKED"),
        "--frozen",
    ),
    ("pdm", "install"): (
        ("--frozen-lockfile", "--no-lock", "--check"),
        ("PDM_FROZEN_LOCKFILE",),
        "--frozen-lockfile",
    ),
    ("pipenv", "install"): (("--deploy", "--ignore-pipfile"), ("PIPENV_IGNORE_PIPFILE",), "--deploy"),
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each install command that may resolve anew."""
    deployment = project.deployment
    seen: set[Span] = set()
    for image in deployment.builds.images:
        if deployment.launcher.environment_of(image) in ("development", "test"):
            continue
        for install in installs.of_image(image):
            if install.span in seen or not _may_resolve(install):
                continue
            context = deployment.builds.context(image)
            manifest = installs.manifest_of(install, image, context, project.artifacts)
            if manifest is not None and manifest.lock is not None:
                seen.add(install.span)
                yield _finding(install, manifest.lock)


def _may_resolve(install: Install) -> bool:
    options, variables, _ = FROZEN.get((install.tool, install.action), ((), (), ""))
    if not options or install.is_open or install.has(*options) or install.is_set(*variables):
        return False
    return not (install.tool == "pipenv" and install.named)  # it installs the packages that it names


def _finding(install: Install, lock: str) -> Finding:
    option = FROZEN[install.tool, install.action][2]
    last = next(word for word in install.words if word.text == install.action).span
    span = install.span
    place = Span(span.path, span.line, span.column, last.end_line, last.end_column)
    edit = Edit(Span(last.path, last.end_line, last.end_column, last.end_line, last.end_column), f" {option}")
    return Finding(
        span=place,
        message=f"`{install.tool} {install.action}` may change `{lock}` while the image is built, "
        "so that two builds of one commit differ",
        help=f"Add `{option}`",
        fix=Fix("safe", f"Add `{option}`", (edit,)),
    )
