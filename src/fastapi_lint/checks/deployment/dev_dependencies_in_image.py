"""DPL012 dev-dependencies-in-image: an image that is run holds the tools of development."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Edit, Finding, Fix, Span
from fastapi_lint.project.deployment import installs
from fastapi_lint.project.deployment.files import stages_of
from fastapi_lint.project.deployment.installs import manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.pyproject import PyprojectFacts
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.installs import Install
    from fastapi_lint.project.project import Project

DEVELOPMENT = re.compile(r"(?:^|[-_./])(?:dev|develop|development|test|tests|testing)(?:[-_.]|$)")
LEAVES_OUT = {
    "uv": ("--no-dev", "--no-default-groups", "--only-group", "--no-group", "--package"),
    "poetry": ("--without", "--only", "--no-dev", "--only-root"),
    "pdm": ("--prod", "--production", "--no-default"),
}
OPTION = {"uv": "--no-dev", "poetry": "--without dev", "pdm": "--prod"}


def check(project: Project) -> Iterator[Finding]:
    """One finding for each install command that takes development dependencies along."""
    deployment = project.deployment
    seen: set[Span] = set()
    for start in deployment.starts:
        image = start.launch.image
        if image is None or not start.may_be_production or _runs_tests(project, image):
            continue
        for stage in stages_of(image):
            part = deployment.builds.image_at(image.path, stage.index)
            if deployment.launcher.named_environment(part) in ("development", "test"):
                continue
            for install in installs.of_image(part):
                if install.span not in seen and _takes_development(project, part, install):
                    seen.add(install.span)
                    yield _finding(install)


def _runs_tests(project: Project, image: Image) -> bool:
    """Whether a service runs the tests in this image."""
    return any(
        ran.name == "pytest"
        for launch in project.deployment.launches
        if launch.image is not None and launch.image.path == image.path
        for ran in project.deployment.ran(launch)
    )


def _takes_development(project: Project, image: Image, install: Install) -> bool:
    if install.tool in ("pip", "uv pip"):
        return any(
            DEVELOPMENT.search(posixpath.splitext(text)[0]) for text in install.values("-r", "--requirement")
        )
    options = LEAVES_OUT.get(install.tool)
    if options is None or install.is_open or install.has(*options) or install.is_set("UV_NO_DEV"):
        return False
    context = project.deployment.builds.context(image)
    manifest = manifest_of(install, image, context, project.artifacts)
    facts = dict(project.artifacts.pyprojects).get(manifest.path) if manifest is not None else None
    return facts is not None and _has_development(install.tool, facts)


def _has_development(tool: str, facts: PyprojectFacts) -> bool:
    """Whether a plain install takes a group for development in."""
    if tool == "uv":
        chosen = facts.default_groups if facts.default_groups is not None else ("dev",)
        return any(group.name in chosen and (group.requirements or group.includes) for group in facts.groups)
    return any(
        group.requirements and not group.optional and DEVELOPMENT.search(group.name) for group in facts.groups
    )


def _finding(install: Install) -> Finding:
    last = next(word for word in install.words if word.text == install.action).span
    span = install.span
    option = OPTION.get(install.tool)
    edit = Edit(Span(last.path, last.end_line, last.end_column, last.end_line, last.end_column), f" {option}")
    return Finding(
        span=Span(span.path, span.line, span.column, last.end_line, last.end_column),
        message=f"`{install.tool} {install.action}` puts development dependencies into an image that is run",
        help=f"Add `{option}`" if option else "Install the requirements of production alone",
        fix=Fix("unsafe", f"Add `{option}`", (edit,)) if option else None,
    )
