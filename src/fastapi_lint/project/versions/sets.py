"""Which releases of the frameworks a part of the project runs with, as a set.

The set is one release where a lock file or a pin names it; all known releases that a declared range allows;
else the newest known one. A rule with a gate fires only if its condition holds for the whole set.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from fastapi_lint.project.versions.dependency_files import DependencyFiles, Mention, is_pin
from fastapi_lint.project.versions.releases import (
    ASSUMED_PYTHON,
    PYTHONS,
    known_releases,
    matching_releases,
    required_releases,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi_lint.project.artifacts import Artifacts

Origin = Literal["locked", "pinned", "declared", "required", "assumed"]

_REQUIRERS = {"starlette": ("fastapi",), "pydantic": ("fastapi", "sqlmodel"), "sqlalchemy": ("sqlmodel",)}
_MINOR = re.compile(r"(\d+)\.(\d+)")


class VersionSet(msgspec.Struct, frozen=True):
    """The releases of one package that may be installed, oldest first.

    `origin` tells how they are known: `locked`, `pinned`, `declared` (a range), `required` (by a framework
    that is known), or `assumed` (the newest known release). `path` is the file that says so, or empty. The
    set is empty for a package that no file names and whose releases aren't known; no question about it
    holds.
    """

    package: str
    releases: tuple[Version, ...]
    origin: Origin
    path: str = ""

    def always(self, condition: Callable[[Version], bool]) -> bool:
        """Whether a condition holds for every release of the set, and there is one."""
        return bool(self.releases) and all(condition(release) for release in self.releases)

    def all_at_least(self, version: str) -> bool:
        """Whether every release is `version` or later."""
        bound = Version(version)
        return self.always(lambda release: release >= bound)

    def all_below(self, version: str) -> bool:
        """Whether every release is earlier than `version`."""
        bound = Version(version)
        return self.always(lambda release: release < bound)

    def all_within(self, first: str, below: str) -> bool:
        """Whether every release is `first` or later, and earlier than `below`."""
        return self.all_at_least(first) and self.all_below(below)

    @property
    def is_exact(self) -> bool:
        """Whether the project itself names one release."""
        return len(self.releases) == 1 and self.origin in ("locked", "pinned")


class FolderVersions:
    """Versions for the code in one folder."""

    def __init__(self, files: DependencyFiles, folder: str) -> None:
        self._files = files
        self._folder = folder
        self._known: dict[str, VersionSet] = {}

    def of(self, package: str) -> VersionSet:
        """The releases of a package (normalised name) that may be installed."""
        if package not in self._known:
            self._known[package] = self._find(package)
        return self._known[package]

    def all_at_least(self, package: str, version: str) -> bool:
        """Whether every release of the package that may be installed is `version` or later."""
        return self.of(package).all_at_least(version)

    def all_below(self, package: str, version: str) -> bool:
        """Whether every release of the package that may be installed is earlier than `version`."""
        return self.of(package).all_below(version)

    def all_within(self, package: str, first: str, below: str) -> bool:
        """Whether every release that may be installed is `first` or later, and earlier than `below`."""
        return self.of(package).all_within(first, below)

    def is_named(self, package: str) -> bool:
        """Whether some dependency file for this folder names the package, directly or in a lock."""
        return bool(self._files.mentions(self._folder, package))

    def _find(self, package: str) -> VersionSet:
        mentions = self._files.mentions(self._folder, package)
        if mentions and (found := _from_mentions(package, mentions)):
            return found
        return self._required(package) or VersionSet(package, known_releases(package)[-1:], "assumed")

    def _required(self, package: str) -> VersionSet | None:
        """The releases that a named framework asks for, where the project leaves them open."""
        for framework in _REQUIRERS.get(package, ()):
            by = self.of(framework)
            if by.origin == "assumed":
                continue
            releases = required_releases(package, framework, by.releases)
            if releases:
                return VersionSet(package, releases, "required", by.path)
        return None

    @cached_property
    def python(self) -> VersionSet:
        """The minor releases of Python that the project allows (3.13 where it says nothing)."""
        pinned, declared = self._files.python_pin(self._folder), self._files.requires_python(self._folder)
        allowed = _pythons(declared[0]) if declared else ()
        minor = _MINOR.match(pinned[0]) if pinned else None
        if pinned and minor:
            version = Version(minor.group())
            if not declared or version in allowed:
                return VersionSet("python", (version,), "pinned", pinned[1])
        if declared:
            return VersionSet("python", allowed, "declared", declared[1])
        return VersionSet("python", (Version(ASSUMED_PYTHON),), "assumed")


def _pythons(specifier: str) -> tuple[Version, ...]:
    """Known minor releases of which some patch release is allowed."""
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return tuple(Version(minor) for minor in PYTHONS)
    return tuple(Version(m) for m in PYTHONS if any(f"{m}.{patch}" in allowed for patch in range(40)))


def _from_mentions(package: str, mentions: tuple[Mention, ...]) -> VersionSet | None:
    """The union of what the mentions allow; None if they leave the release open."""
    found: set[Version] = set()
    origin: Origin = "locked"
    for mention in mentions:
        if mention.locked:
            found.update(_versions(mention.locked))
            continue
        if is_pin(mention.specifier):
            origin = "pinned" if origin == "locked" else origin
            found.update(_versions((mention.specifier.lstrip("="),)))
        elif mention.specifier:
            origin = "declared"
            found.update(matching_releases(package, mention.specifier))
        else:
            return None
    return VersionSet(package, tuple(sorted(found)), origin, mentions[0].path) if found else None


def _versions(texts: tuple[str, ...]) -> list[Version]:
    return [version for version in map(_version, texts) if version is not None]


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


class VersionSets:
    """Versions for every folder of a project."""

    def __init__(self, artifacts: Artifacts) -> None:
        self._files = DependencyFiles(artifacts)
        self._folders: dict[str, FolderVersions] = {}

    def for_folder(self, folder: str) -> FolderVersions:
        """Versions for the code in a folder (POSIX, below the root; the root is an empty text)."""
        folder = folder.strip("/")
        if folder not in self._folders:
            self._folders[folder] = FolderVersions(self._files, folder)
        return self._folders[folder]

    def for_file(self, path: str) -> FolderVersions:
        """Versions for the code in a file (POSIX, below the root)."""
        return self.for_folder(path.rpartition("/")[0])


def versions_for(folder: str, artifacts: Artifacts) -> FolderVersions:
    """Versions for the code in a folder; the nearest dependency files win."""
    return VersionSets(artifacts).for_folder(folder)
