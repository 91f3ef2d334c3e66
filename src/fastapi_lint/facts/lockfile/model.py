"""What is kept of a lock file."""

from __future__ import annotations

from typing import Literal

import msgspec

LockKind = Literal["uv", "poetry", "pdm", "pipenv", "pylock", "unknown"]


class LockedDependency(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a package needs: a name, and the extras that it asks for.

    `extra` is the package's own extra or group that needs it, empty for what is always needed.
    """

    name: str
    extras: tuple[str, ...]
    extra: str


class LockedPackage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One locked distribution. `groups` are the groups that need it, where the lock says so.

    `source` is `registry`, or how the lock calls another origin (`git`, `editable`, `virtual`, `directory`).
    """

    name: str
    version: str
    dependencies: tuple[LockedDependency, ...]
    groups: tuple[str, ...]
    source: str


class LockFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One lock file; a name may have several versions (for different Pythons or platforms)."""

    kind: LockKind
    packages: tuple[LockedPackage, ...]

    def versions(self, name: str) -> tuple[str, ...]:
        """The locked versions of a distribution (normalised name)."""
        return tuple(package.version for package in self.packages if package.name == name and package.version)
