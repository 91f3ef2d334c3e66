"""Which dependency files speak for a folder, and what they say of a package.

The files of the folder itself and of the folders above it are asked, nearest first. A lock file further up
than the declaration counts only if it locks that project too (a workspace). If no file there lists any
dependency, the files below the nearest folder above that has some are asked together.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from fastapi_lint.facts.requirement import Requirement, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi_lint.facts.lockfile import LockFacts
    from fastapi_lint.facts.pipfile import PipfileFacts
    from fastapi_lint.facts.pyproject import PyprojectFacts
    from fastapi_lint.facts.requirements import RequirementsFacts
    from fastapi_lint.facts.setup_cfg import SetupCfgFacts

_DEVELOPMENT = re.compile(r"dev|test|lint|doc|ci|local|example|tool|type")
_VERSION = re.compile(r"(?:cpython[-@]?|python[-@]?)?(\d+(?:\.\d+)+)")
_PIN = re.compile(r"===?[0-9][^*,]*\Z")
_MAX_INCLUDES = 50
T = TypeVar("T")


class Files(Protocol):
    """The dependency files of a project, each with its path."""

    @property
    def pyprojects(self) -> Sequence[tuple[str, PyprojectFacts]]: ...
    @property
    def lockfiles(self) -> Sequence[tuple[str, LockFacts]]: ...
    @property
    def requirements(self) -> Sequence[tuple[str, RequirementsFacts]]: ...
    @property
    def pipfiles(self) -> Sequence[tuple[str, PipfileFacts]]: ...
    @property
    def setup_cfgs(self) -> Sequence[tuple[str, SetupCfgFacts]]: ...
    @property
    def python_versions(self) -> Sequence[tuple[str, str]]: ...


class Mention(msgspec.Struct, frozen=True):
    """What one file says of a package: locked versions, else a specifier set (empty: any version)."""

    path: str
    specifier: str
    locked: tuple[str, ...] = ()


class DependencyFiles:
    """Answers by folder. Paths are POSIX and relative to the root, which is the empty folder."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._mentions: dict[tuple[str, str], tuple[Mention, ...]] = {}

    def mentions(self, folder: str, package: str) -> tuple[Mention, ...]:
        """What speaks of a package for a folder; several mentions are alternatives."""
        key = (folder, package)
        if key not in self._mentions:
            self._mentions[key] = self._above(folder, package) or self._below(folder, package)
        return self._mentions[key]

    def requires_python(self, folder: str) -> tuple[str, str] | None:
        """The specifier set of the nearest file that limits Python, and that file's path."""
        for level in _upwards(folder):
            for path, facts in (*self._pyprojects.get(level, ()), *self._setup_cfgs.get(level, ())):
                if facts.requires_python:
                    return facts.requires_python, path
            for path, pipfile in self._pipfiles.get(level, ()):
                if pipfile.python_version:
                    return f"=={pipfile.python_version}.*", path
        return None

    def python_pin(self, folder: str) -> tuple[str, str] | None:
        """The version in the nearest `.python-version`, and that file's path."""
        for level in _upwards(folder):
            for path, text in self._python_versions.get(level, ()):
                match = _VERSION.match(text)
                if match:
                    return match.group(1), path
        return None

    def _above(self, folder: str, package: str) -> tuple[Mention, ...]:
        declared: tuple[Mention, ...] = ()
        project = ""
        for level in _upwards(folder):
            locked = self._locked(level, package, project if declared else None)
            if locked:
                return locked
            if not declared:
                declared, project = self._declared(level, package)
        return declared

    def _below(self, folder: str, package: str) -> tuple[Mention, ...]:
        """What the files below the nearest folder above say, if no file above lists any dependency."""
        if any(self._lists_something(level) for level in _upwards(folder)):
            return ()
        for level in _upwards(folder):
            found: list[Mention] = []
            for inner in sorted(self._folders):
                if inner != level and (not level or inner.startswith(level + "/")):
                    found += self._locked(inner, package, None) or self._declared(inner, package)[0]
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _lists_something(self, level: str) -> bool:
        listed = any(requirements for _, requirements, _ in self._declarations(level))
        return listed or any(facts.packages for _, facts in self._lockfiles.get(level, ()))

    def _locked(self, level: str, package: str, project: str | None) -> tuple[Mention, ...]:
        """The locked versions in a folder; only of locks that hold `project` too, if it is given."""
        found: list[Mention] = []
        for path, facts in self._lockfiles.get(level, ()):
            versions = facts.versions(package)
            if versions and (project is None or any(p.name == project for p in facts.packages)):
                found.append(Mention(path, "", tuple(sorted(set(versions)))))
        return tuple(found[:1])

    def _declared(self, level: str, package: str) -> tuple[tuple[Mention, ...], str]:
        """What a folder's files declare, and the name of its project; a pin is better than a range."""
        first: tuple[tuple[Mention, ...], str] = ((), "")
        for path, listed, project in self._declarations(level):
            entries = [requirement for requirement in listed if requirement.name == package]
            if not entries:
                continue
            specifiers = dict.fromkeys("" if entry.url else entry.specifier for entry in entries)
            found = tuple(Mention(path, specifier) for specifier in specifiers), project
            if all(is_pin(mention.specifier) for mention in found[0]):
                return found
            first = first if first[0] else found
        return first

    def _declarations(self, level: str) -> Iterator[tuple[str, Iterable[Requirement], str]]:
        """Lists of requirements in a folder, the most binding ones first."""
        for path, facts in self._pyprojects.get(level, ()):
            yield path, facts.dependencies, normalise(facts.name)
        for path, cfg in self._setup_cfgs.get(level, ()):
            yield path, cfg.dependencies, normalise(cfg.name)
        for path, pipfile in self._pipfiles.get(level, ()):
            yield path, pipfile.packages, ""
        for path, _ in sorted(self._requirements.get(level, ()), key=lambda item: _rank(item[0])):
            yield path, self._with_includes(path), ""
        for path, facts in self._pyprojects.get(level, ()):
            for group in (*facts.extras, *facts.groups):
                yield path, group.requirements, normalise(facts.name)

    def _with_includes(self, path: str) -> list[Requirement]:
        """The requirements of a file and of those it includes; constraints narrow what they name."""
        found: list[Requirement] = []
        limits: dict[str, str] = {}
        todo, seen = [(path, False)], set[str]()
        while todo and len(seen) < _MAX_INCLUDES:
            current, is_constraint = todo.pop(0)
            facts = self._requirements_by_path.get(current)
            if facts is None or current in seen:
                continue
            seen.add(current)
            if is_constraint:
                limits.update((r.name, r.specifier) for r in facts.requirements)
            else:
                found.extend(facts.requirements)
            folder = posixpath.dirname(current)
            todo += [
                (posixpath.normpath(posixpath.join(folder, i.path)), is_constraint or i.kind == "constraints")
                for i in facts.includes
            ]
        return [_limited(requirement, limits.get(requirement.name, "")) for requirement in found]

    # --- the files by folder ---------------------------------------------------------------------

    @cached_property
    def _pyprojects(self) -> dict[str, list[tuple[str, PyprojectFacts]]]:
        return _by_folder(self._files.pyprojects)

    @cached_property
    def _lockfiles(self) -> dict[str, list[tuple[str, LockFacts]]]:
        return _by_folder(self._files.lockfiles)

    @cached_property
    def _pipfiles(self) -> dict[str, list[tuple[str, PipfileFacts]]]:
        return _by_folder(self._files.pipfiles)

    @cached_property
    def _setup_cfgs(self) -> dict[str, list[tuple[str, SetupCfgFacts]]]:
        return _by_folder(self._files.setup_cfgs)

    @cached_property
    def _python_versions(self) -> dict[str, list[tuple[str, str]]]:
        return _by_folder(self._files.python_versions)

    @cached_property
    def _requirements(self) -> dict[str, list[tuple[str, RequirementsFacts]]]:
        """Requirements files by folder; a folder named `requirements` speaks for the one above it."""
        found: dict[str, list[tuple[str, RequirementsFacts]]] = {}
        for path, facts in self._files.requirements:
            folder = posixpath.dirname(path)
            if posixpath.basename(folder) in ("requirements", "requirement"):
                folder = posixpath.dirname(folder)
            found.setdefault(folder, []).append((path, facts))
        return found

    @cached_property
    def _requirements_by_path(self) -> dict[str, RequirementsFacts]:
        return dict(self._files.requirements)

    @cached_property
    def _folders(self) -> set[str]:
        groups = (self._pyprojects, self._lockfiles, self._pipfiles, self._setup_cfgs, self._requirements)
        return {folder for group in groups for folder in group}


def is_pin(specifier: str) -> bool:
    """Whether a specifier set names one release."""
    return _PIN.match(specifier) is not None


def _upwards(folder: str) -> Iterator[str]:
    """The folder and those above it, the root last."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _by_folder(files: Sequence[tuple[str, T]]) -> dict[str, list[tuple[str, T]]]:
    found: dict[str, list[tuple[str, T]]] = {}
    for path, facts in files:
        found.setdefault(posixpath.dirname(path), []).append((path, facts))
    return found


def _rank(path: str) -> tuple[int, str]:
    """Compiled and plain requirements first, those for development last."""
    name = posixpath.basename(path).lower()
    development = bool(_DEVELOPMENT.search(name.replace("requirements", "").replace("requirement", "")))
    constraint = name.startswith("constraint")
    special = not re.fullmatch(r"requirements?\.(?:txt|in)", name)
    return (8 * constraint + 4 * development + 2 * special + name.endswith(".in"), path)


def _limited(requirement: Requirement, limit: str) -> Requirement:
    if not limit:
        return requirement
    specifier = ",".join(part for part in (requirement.specifier, limit) if part)
    if limit.startswith("==") and "*" not in limit:
        specifier = limit
    return Requirement(
        requirement.name,
        specifier,
        requirement.extras,
        requirement.marker,
        requirement.url,
        requirement.place,
    )
