"""XAR009 python-version-mismatch: an image has another Python than the project or its packages need."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from fastapi_lint.findings import Finding, Related, Span
from fastapi_lint.project.deployment import installs
from fastapi_lint.project.deployment.copies import final_images
from fastapi_lint.project.deployment.files import ImageFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.facts.pyproject import PyprojectFacts
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.installs import Install
    from fastapi_lint.project.project import Project

PACKAGES = re.compile(r"site-packages|\.venv|/venv\b|/usr/local(?:/lib)?/?\Z|lib/python3")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each base image whose Python doesn't fit."""
    seen: set[Span] = set()
    for image in project.deployment.builds.images:
        for finding in (*_against_project(project, image), *_against_copied(image)):
            if finding.span not in seen:
                seen.add(finding.span)
                yield finding


def _against_project(project: Project, image: Image) -> Iterator[Finding]:
    version = _version(image)
    found = _required(project, image) if version is not None and not _chooses_python(project, image) else None
    if version is None or found is None:
        return
    path, facts = found
    if _allows(facts.requires_python, version) is False and facts.requires_python_place is not None:
        base = image.lineage[0].base
        yield Finding(
            span=base.place.span(image.path),
            message=f"`{base.text}` brings Python {version[0]}.{version[1]}, "
            f"and `{path}` requires `{facts.requires_python}`",
            help="Build upon an image with a Python that the project allows",
            related=(
                Related(facts.requires_python_place.span(path), "The project says so here", "requires"),
            ),
        )


def _version(image: Image) -> tuple[int, int] | None:
    return image.base.python if image.base is not None else None


def _allows(specifier: str, version: tuple[int, int]) -> bool | None:
    """Whether some patch release is allowed; None if that can't be told."""
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None
    return any(f"{version[0]}.{version[1]}.{patch}" in allowed for patch in range(40))


def _chooses_python(project: Project, image: Image) -> bool:
    """Whether uv installs a Python of its own."""
    if "UV_PYTHON" in image.variables or "UV_PYTHON_INSTALL_DIR" in image.variables:
        return True
    texts = [" ".join(w.text for w in c.words) for run in image.runs for c in run.command.commands]
    if any("python install" in text or "--python" in text or "pyenv" in text for text in texts):
        return True
    if not any(install.tool in ("uv", "uv pip") for install in installs.of_image(image)):
        return False
    files = ImageFiles(image, project.deployment.builds.context(image), project.artifacts)
    return files.locate(posixpath.join(image.workdir or "/", ".python-version")) is not None


def _installs_project(install: Install) -> bool:
    names = (*install.named, *install.values("-e", "--editable"))
    return any(name.startswith(".") for name in names)


def _required(project: Project, image: Image) -> tuple[str, PyprojectFacts] | None:
    """The project that a stage installs or runs, if it requires a version."""
    known = dict(project.artifacts.pyprojects)
    context = project.deployment.builds.context(image)
    files = ImageFiles(image, context, project.artifacts)
    for install in installs.of_image(image):
        manifest = installs.manifest_of(install, image, context, project.artifacts)
        path = manifest.path if manifest is not None else None
        if path is None and install.workdir is not None and _installs_project(install):
            path = files.locate(posixpath.join(install.workdir, "pyproject.toml"))
        if path in known and known[path or ""].requires_python:
            return path or "", known[path or ""]
    starts = [
        start for start in project.deployment.starts if start.launch.image is image and start.app is not None
    ]
    for start in starts:
        assert start.app is not None
        folder = posixpath.dirname(start.app.path)
        while True:
            path = posixpath.join(folder, "pyproject.toml")
            if path in known:
                return (path, known[path]) if known[path].requires_python else None
            if not folder:
                break
            folder = posixpath.dirname(folder)
    return None


def _against_copied(image: Image) -> Iterator[Finding]:
    """Packages that a stage of another Python has installed."""
    version = _version(image)
    if version is None or not any(final.stage.index == image.stage.index for final in final_images(image)):
        return
    for copied in image.copies:
        stage = image.stage_named(copied.origin, copied.stage) if copied.origin else None
        if stage is None or not any(PACKAGES.search(source or "") for source in copied.sources):
            continue
        other = image.other(stage)
        own, theirs = image.lineage[0].base, other.lineage[0].base
        found = _version(other)
        if found is not None and found != version and "UV_PYTHON" not in other.variables:
            yield Finding(
                span=own.place.span(image.path),
                message=f"`{own.text}` brings Python {version[0]}.{version[1]}, and the packages that it "
                f"copies were installed for Python {found[0]}.{found[1]}",
                help="Use the same version of Python in both stages",
                related=(
                    Related(theirs.place.span(image.path), "The packages come from this image", "base"),
                    Related(copied.instruction.place.span(image.path), "They are copied here", "copy"),
                ),
            )
