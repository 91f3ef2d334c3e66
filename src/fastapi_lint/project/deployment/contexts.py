"""The folder that an image is built from, and what `.dockerignore` keeps out of it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.dockerfile import Copy
from fastapi_lint.project.deployment.files import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.dockerfile import DockerfileFacts
    from fastapi_lint.facts.dockerignore import DockerignoreFacts
    from fastapi_lint.project.artifacts import Artifacts

_GLOB = frozenset("*?[")


class Context(msgspec.Struct, frozen=True):
    """A build context: a folder below the root ("" for the root itself).

    `certain` tells that a compose file names it, or that all that the Dockerfile copies is there.
    """

    folder: str
    artifacts: Artifacts
    ignored: DockerignoreFacts | None = None
    ignore_path: str = ""
    certain: bool = True

    def matches(self, source: str) -> Sequence[str]:
        """The files and folders below the root that a source of COPY names."""
        path = self.path(source)
        if path is None:
            return ()
        if _GLOB & set(source):
            return self.artifacts.matching(path)
        return (path,) if is_there(self.artifacts, path) else ()

    def path(self, source: str) -> str | None:
        """A source of COPY as a path below the root; None if it is an address or leaves the root."""
        if "://" in source or source.startswith("git@"):
            return None
        inner = posixpath.normpath("/" + source.lstrip("/")).lstrip("/")
        return posixpath.normpath(posixpath.join(self.folder, inner)) if inner else self.folder

    def inside(self, path: str) -> str:
        """A path below the root as a path inside the context."""
        return path[len(self.folder) + 1 :] if self.folder and path.startswith(self.folder + "/") else path

    def ignores(self, path: str) -> bool:
        """Whether `.dockerignore` keeps a file (a path below the root) out of the context."""
        return self.ignored is not None and self.ignored.ignores(self.inside(path))


def context_of(path: str, facts: DockerfileFacts, named: Sequence[str], artifacts: Artifacts) -> Context:
    """The build context of a Dockerfile.

    `named` are the folders that compose files name for it. Without any, the Dockerfile's folder and the
    folders above it are tried: the first one that has all that is copied.
    """
    folder = posixpath.dirname(path)
    candidates = list(dict.fromkeys(named)) or _ancestors(folder)
    sources = _sources(facts)
    if not named and all(source.strip("./") == "" for source in sources):
        candidates = [
            candidate for candidate in candidates if _has_content(artifacts, candidate)
        ] or candidates
    scores = [
        (sum(_has(artifacts, candidate, source) for source in sources), candidate) for candidate in candidates
    ]
    best = max((score for score, _ in scores), default=0)
    chosen = next((candidate for score, candidate in scores if score == best), folder)
    certain = bool(named) or best == len(sources)
    ignored, ignore_path = _dockerignore(path, chosen, artifacts)
    return Context(chosen, artifacts, ignored, ignore_path, certain)


def _has_content(artifacts: Artifacts, folder: str) -> bool:
    """Whether a folder holds something that is worth copying as a whole."""
    prefix = f"{folder}/" if folder else ""
    return any(
        path.startswith(prefix) and path.endswith((".py", ".toml", ".txt", ".lock"))
        for path in artifacts.all_files
    )


def _ancestors(folder: str) -> list[str]:
    found = [folder]
    while found[-1]:
        found.append(posixpath.dirname(found[-1]))
    return found


def _sources(facts: DockerfileFacts) -> list[str]:
    """The literal sources that any stage copies from the context."""
    found: list[str] = []
    for stage in facts.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Copy) and instruction.flag("from") is None:
                found += [
                    word.text for word in instruction.sources if not word.parts and not _GLOB & set(word.text)
                ]
    return [text for text in found if "://" not in text]


def _has(artifacts: Artifacts, folder: str, source: str) -> bool:
    path = Context(folder, artifacts).path(source)
    return path is not None and is_there(artifacts, path)


def _dockerignore(path: str, folder: str, artifacts: Artifacts) -> tuple[DockerignoreFacts | None, str]:
    """The ignore file that Docker takes: `<Dockerfile>.dockerignore`, else the one of the context."""
    known = dict(artifacts.dockerignores)
    own = f"{path}.dockerignore"
    if own in known:
        return known[own], own
    shared = posixpath.join(folder, ".dockerignore")
    return (known[shared], shared) if shared in known else (None, "")
