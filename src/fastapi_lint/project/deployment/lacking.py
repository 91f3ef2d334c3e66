"""Whether the container of a start command lacks a folder of the repository for certain."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment.files import stages_of
from fastapi_lint.project.deployment.images import Image

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import Launch, StartCommand

_BRINGING = frozenset("git tar unzip rsync cp mv ln".split())
_KNOWN_BASES = frozenset("python debian ubuntu alpine uv distroless chainguard".split())


def tracked_folder(deployment: Deployment, start: StartCommand, folder: str) -> str | None:
    """The folder of the repository that a relative path means where the app is started in a checkout."""
    artifacts = deployment.artifacts
    above = start.app.module.root if start.app is not None else ""
    for place in (*deployment.folders_of(start.launch), above, posixpath.dirname(above), ""):
        path = posixpath.normpath(posixpath.join(place, folder))
        if path in artifacts.folders and any(
            artifacts.is_tracked(file) for file in artifacts.all_files if file.startswith(path + "/")
        ):
            return path
    return None


def lacks(deployment: Deployment, start: StartCommand, folder: str) -> bool:
    """Whether a folder, relative to the working directory, is certainly not in a start command's container.

    It may be there if the base image isn't known, if some COPY can't be read, if an instruction names the
    folder or brings files from elsewhere, or if a volume covers it.
    """
    image, workdir = start.launch.image, start.workdir
    if image is None or workdir is None or not workdir.startswith("/"):
        return False
    inside = posixpath.normpath(posixpath.join(workdir, folder))
    if deployment.files_of(start.launch).locate(inside) is not None:
        return False
    if _is_covered(deployment, start.launch, inside) or not deployment.builds.context(image).certain:
        return False
    base = image.base
    if base is None or (base.kind not in _KNOWN_BASES and not base.is_deprecated):
        return False
    parts = [image.other(stage) for stage in stages_of(image)]
    if any(_may_bring(part, folder) for part in parts) or _is_copied_from_elsewhere(image, inside):
        return False
    return not _is_made_by_copy(image, parts, inside)


def _is_covered(deployment: Deployment, launch: Launch, inside: str) -> bool:
    """Whether a volume or mount of the service or container is, or may be, at or around a path."""
    targets: list[str | None] = []
    if launch.service is not None:
        targets += [
            mount.target.value(deployment.builds.lookup(layer)) for layer, mount in launch.service.volumes
        ]
    if launch.container is not None:
        targets += launch.container.mounts
    return any(target is None or _is_below(inside, target) or _is_below(target, inside) for target in targets)


def _is_below(path: str, folder: str) -> bool:
    folder = posixpath.normpath(folder)
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _may_bring(part: Image, folder: str) -> bool:
    """Whether a stage has a COPY that can't be read, or a RUN that names the folder or fetches files."""
    for copied in part.copies:
        if copied.destination is None or None in copied.sources or copied.instruction.heredocs:
            return True
        if copied.instruction.keyword.upper() == "ADD" and any("." in (s or "") for s in copied.sources):
            return True
    word = re.compile(rf"(?<![\w-]){re.escape(posixpath.basename(folder))}(?![\w-])")
    texts = [text for run in part.runs for text in (run.command.text, *(h.text for h in run.heredocs))]
    texts += [word.text for run in part.runs for word in run.command.words]
    commands = {command.name for run in part.runs for command in run.command.commands}
    return bool(commands & _BRINGING) or any(word.search(text) for text in texts)


def _is_made_by_copy(image: Image, parts: list[Image], inside: str) -> bool:
    """Whether single files are copied into the folder, or into one of that name in an earlier stage."""
    own = {stage.index for stage in image.lineage}
    name = posixpath.basename(inside)
    return any(
        name in destination.split("/") if part.stage.index not in own else _is_below(destination, inside)
        for part in parts
        for destination in (copied.destination or "" for copied in part.copies)
    )


def _is_copied_from_elsewhere(image: Image, inside: str) -> bool:
    """Whether files of an image that isn't known may be at or around a path."""
    return any(
        copied.origin
        and image.stage_named(copied.origin, copied.stage) is None
        and copied.destination is not None
        and (_is_below(inside, copied.destination) or _is_below(copied.destination, inside))
        for copied in image.copies
    )
