"""DPL011 source-copied-before-install: every change of the source installs all dependencies anew."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from fastapi_lint.facts.dockerfile import Copy
from fastapi_lint.findings import Edit, Finding, Fix, Related, Span
from fastapi_lint.project.deployment import edits, installs
from fastapi_lint.project.deployment.installs import Install, has_cache, manifest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.project import Project


LOCAL = frozenset(("workspace", "path"))


def check(project: Project) -> Iterator[Finding]:
    """One finding for each stage whose first install of dependencies comes after the source."""
    deployment = project.deployment
    seen: set[Span] = set()
    for image in deployment.builds.images:
        if deployment.launcher.environment_of(image) in ("development", "test"):
            continue
        install = _first_install(image)
        context = deployment.builds.context(image)
        if install is None or install.stage is not image.stage or has_cache(install.instruction):
            continue
        if not _needs_only_manifest(project, image, context, install):
            continue
        order = _source_before(project, image, context, install)
        copy = image.steps[order].instruction if order is not None else None
        if isinstance(copy, Copy) and copy.place.span(image.path) not in seen:
            seen.add(copy.place.span(image.path))
            yield _finding(project, image, copy, install, order == install.order - 1)


def _first_install(image: Image) -> Install | None:
    """The first command that installs what a manifest or a project of the repository lists.

    Tools that are installed by name don't count.
    """
    return next(
        (
            install
            for install in installs.of_image(image)
            if install.tool in installs.LOCKS
            or any(install.values("-r", "--requirement"))
            or any(name.startswith((".", "/")) or name.endswith(".whl") for name in install.named)
        ),
        None,
    )


def _needs_only_manifest(project: Project, image: Image, context: Context, install: Install) -> bool:
    if install.tool in ("pip", "uv pip"):
        return (
            not install.named and not install.has("-e", "--editable") and not _lists_local(project, install)
        )
    manifest = manifest_of(install, image, context, project.artifacts)
    if manifest is None:
        return False
    if install.tool == "uv":
        facts = dict(project.artifacts.pyprojects).get(manifest.path)
        is_package = facts is None or (facts.has_build_system and facts.builds_package is not False)
        if facts is not None and (facts.workspace or any(kind in LOCAL for _, kind in facts.sources)):
            return install.has("--no-install-workspace")  # its members are built from their source
        return install.has("--no-install-project", "--no-install-workspace") or not is_package
    if install.tool == "poetry":
        return install.has("--no-root")
    if install.tool == "pdm":
        return install.has("--no-self")
    return install.action == "sync" or install.has("--deploy")


def _lists_local(project: Project, install: Install) -> bool:
    """Whether a requirements file names projects of the repository, or isn't there to look at."""
    known = dict(project.artifacts.requirements)
    for text in install.values("-r", "--requirement"):
        name = posixpath.basename(text)
        found = [facts for path, facts in known.items() if posixpath.basename(path) == name]
        if not found or any(facts.local for facts in found):
            return True
    return False


def _source_before(project: Project, image: Image, context: Context, install: Install) -> int | None:
    """The place in the image's steps of the first COPY of source code before an install."""
    for order, step in enumerate(image.steps[: install.order]):
        copy = step.instruction
        if isinstance(copy, Copy) and copy.flag("from") is None and step.stage is image.stage:
            for source in copy.sources:
                text = step.value(source)
                path = context.path(text) if text is not None else None
                if path is not None and _holds_source(project, context, path):
                    return order
    return None


def _holds_source(project: Project, context: Context, path: str) -> bool:
    """Whether a folder holds Python code of the project that isn't kept out of the context."""
    prefix = f"{path}/" if path else ""
    if path and path not in project.artifacts.folders:
        return False
    return any(known.startswith(prefix) and not context.ignores(known) for known in project.table.by_path)


def _finding(project: Project, image: Image, copy: Copy, install: Install, follows: bool) -> Finding:
    span = copy.place.span(image.path)
    run = install.instruction.place.span(image.path)
    return Finding(
        span=span,
        message=f"`{copy.keyword}` puts the source into the image before its dependencies are installed, "
        "so every change of the source installs them anew",
        help="Copy the manifest and the lock file, install, and copy the source after that",
        related=(Related(run, "The dependencies are installed here", "install"),),
        fix=_fix(project, copy, install, span, run) if follows else None,
    )


def _fix(project: Project, copy: Copy, install: Install, span: Span, run: Span) -> Fix | None:
    """Puts a COPY of the requirements in place of the one of the source, which moves below the install."""
    if (
        install.tool not in ("pip", "uv pip")
        or copy.flags
        or copy.destination is None
        or len(copy.sources) != 1
    ):
        return None
    names = list(install.values("-r", "--requirement"))
    if (
        copy.sources[0].text not in (".", "./")
        or not names
        or any(name.startswith(("/", "..")) for name in names)
    ):
        return None
    text = edits.text_at(project.artifacts, span)
    target = copy.destination.text.rstrip("/")
    manifests = "\n".join(
        f"COPY {name} {posixpath.join(target, posixpath.dirname(name)).rstrip('/')}/" for name in names
    )
    end = Span(run.path, run.end_line, run.end_column, run.end_line, run.end_column)
    return Fix("unsafe", "Copy the source after the install", (Edit(span, manifests), Edit(end, f"\n{text}")))
