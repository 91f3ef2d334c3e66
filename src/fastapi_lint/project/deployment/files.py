"""Which file of the repository stands at a path inside a container."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi_lint.facts.dockerfile import Stage
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.contexts import Context
    from fastapi_lint.project.deployment.images import Copied, Image

_MAX_HOPS = 12
_MAX_MOUNTS = 200


class Files(Protocol):
    """Maps paths as a process sees them to paths below the root."""

    def locate(self, path: str) -> str | None:
        """The file or folder of the repository at an absolute path, or None."""


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """For processes that run in a checkout: `/x` stands for `x` below the root."""

    artifacts: Artifacts

    def locate(self, path: str) -> str | None:
        """The file or folder of the repository at an absolute path, or None."""
        below = posixpath.normpath(path).strip("/")
        return below if is_there(self.artifacts, below) else None


@dataclass(frozen=True, slots=True)
class MountedFiles:
    """Folders of the repository that are mounted over other files.

    `mounts` are pairs (container, repository), the deepest ones first: see `deepest_first`.
    """

    mounts: tuple[tuple[str, str], ...]
    below: Files | None
    artifacts: Artifacts

    def locate(self, path: str) -> str | None:
        """The file or folder of the repository at an absolute path, or None."""
        path = posixpath.normpath(path)
        for target, source in self.mounts:
            rest = _below(path, target)
            if rest is not None:
                found = _join(source, rest)
                return found if is_there(self.artifacts, found) else None
        return self.below.locate(path) if self.below is not None else None


def deepest_first(mounts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Mounts in the order in which they are looked through."""
    return tuple(sorted(mounts, key=lambda mount: -len(mount[0]))[:_MAX_MOUNTS])


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """The files that COPY and ADD bring into an image."""

    image: Image
    context: Context
    artifacts: Artifacts
    _hops: int = field(default=0, repr=False)
    _known: dict[tuple[int, str], str | None] = field(default_factory=dict, repr=False, compare=False)
    """What was found, by stage and path: stages that copy from each other ask the same over and over."""

    def locate(self, path: str) -> str | None:
        """The file or folder of the repository at an absolute path, or None."""
        key = (self.image.stage.index, posixpath.normpath(path))
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._located(key[1])
        return self._known[key]

    def _located(self, path: str) -> str | None:
        found = (self._from_copy(copied, path) for copied in reversed(self.image.copies))
        return next((file for file in found if file is not None), None)

    def _from_copy(self, copied: Copied, path: str) -> str | None:
        if copied.destination is None:
            return None
        for source in copied.sources:
            if source is None:
                continue
            found = (
                self._from_stage(copied, source, path)
                if copied.origin
                else self._from_context(copied, source, path)
            )
            if found is not None:
                return found
        return None

    def _from_context(self, copied: Copied, source: str, path: str) -> str | None:
        assert copied.destination is not None
        keeps = any(flag.name == "parents" for flag in copied.instruction.flags)
        for item in self.context.matches(source):
            target = copied.destination
            if keeps:
                target = _join(target.rstrip("/") or "/", self.context.inside(item))
            rest = self._rest(item, target, path)
            if rest is not None:
                found = _join(item, rest)
                if is_there(self.artifacts, found) and not self.context.ignores(found):
                    return found
        return None

    def _rest(self, item: str, destination: str, path: str) -> str | None:
        """What follows after a copied item in a container path; None if the path isn't what it becomes."""
        if item in self.artifacts.folders:
            return _below(path, destination)
        name = posixpath.basename(item)
        if path == posixpath.join(destination, name) or (
            path == destination and not destination.endswith("/")
        ):
            return ""
        return None

    def _from_stage(self, copied: Copied, source: str, path: str) -> str | None:
        assert copied.destination is not None
        stage = self.image.stage_named(copied.origin, copied.stage)
        if stage is None or self._hops > _MAX_HOPS:
            return None
        files = ImageFiles(self.image.other(stage), self.context, self.artifacts, self._hops + 1, self._known)
        origin = posixpath.normpath(posixpath.join("/", source))
        rest = _below(path, copied.destination)
        if rest is None:
            return None
        found = files.locate(_join(origin, rest) or "/")
        if found is None and rest == posixpath.basename(origin):
            found = files.locate(origin)
        return found


def stages_of(image: Image) -> Iterator[Stage]:
    """The stages whose files may be in an image: its own, its parents', and those it copies from."""
    seen: set[int] = set()
    waiting = [image.stage]
    while waiting:
        stage = waiting.pop(0)
        part = image.other(stage)
        for own in part.lineage:
            if own.index not in seen:
                seen.add(own.index)
                yield own
        for copied in part.copies:
            origin = image.stage_named(copied.origin, copied.stage) if copied.origin else None
            if origin is not None and origin.index not in seen:
                waiting.append(origin)


def is_there(artifacts: Artifacts, path: str) -> bool:
    """Whether a file or folder exists below the root."""
    return path in artifacts.folders or artifacts.exists(path)


def _below(path: str, folder: str) -> str | None:
    """The rest of a path below a folder (an empty text for the folder itself), or None if it isn't below
    it.
    """
    folder = folder.rstrip("/")
    if path.rstrip("/") == folder:
        return ""
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else None


def _join(folder: str, rest: str) -> str:
    return posixpath.join(folder, rest) if folder and rest else folder or rest
