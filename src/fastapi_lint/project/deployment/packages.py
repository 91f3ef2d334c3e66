"""Which distributions an application has when it runs, and which only while it is developed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.facts.requirement import Requirement, normalise
from fastapi_lint.findings import Span
from fastapi_lint.project.deployment import installs
from fastapi_lint.project.deployment.distributions import ALONE, BRINGS
from fastapi_lint.project.names.modules import ancestors

if TYPE_CHECKING:
    from fastapi_lint.facts.lockfile import LockedPackage, LockFacts
    from fastapi_lint.facts.pyproject import PyprojectFacts
    from fastapi_lint.project.artifacts import Artifacts
    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.installs import Install

_DEVELOPMENT = re.compile(
    r"(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs?|typing|types|ci|local|format)(?:[-_.]|$)"
)
_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")


class Declared(msgspec.Struct, frozen=True):
    """A distribution that a file names: with which extras, where, and in which group ("" for none)."""

    name: str
    extras: tuple[str, ...]
    span: Span
    group: str = ""


class Packages(msgspec.Struct, frozen=True):
    """The distributions of one application.

    `runtime` and `development` are what its files name; `closure` what is installed with the runtime ones.
    `complete` tells that the closure holds all of it. `place` is where a further one would be declared.
    """

    runtime: tuple[Declared, ...]
    development: tuple[Declared, ...]
    closure: frozenset[str]
    complete: bool
    place: Span
    kind: str
    last: Declared | None = None

    def lacks(self, name: str) -> bool:
        """Whether a distribution is missing at run time for certain."""
        return self.complete and name not in self.closure

    def only_in(self, name: str) -> Declared | None:
        """The development group that alone names a distribution; None if it is there at run time."""
        if not self.lacks(name):
            return None
        return next((declared for declared in self.development if declared.name == name), None)


class PackageFinder:
    """Answers for the folders of applications."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.artifacts: Artifacts = deployment.artifacts
        self._known: dict[str, Packages | None] = {}

    def of(self, path: str) -> Packages | None:
        """The packages of the application that a file belongs to; None if no file declares any."""
        folder = next((f for f in ancestors(path) if self._declares(f)), None)
        if folder is None:
            return None
        if folder not in self._known:
            self._known[folder] = self._packages(folder)
        return self._known[folder]

    def _declares(self, folder: str) -> bool:
        return any(posixpath.dirname(path) == folder for path in self._files) or any(
            self._folder_of_requirements(path) == folder for path, _ in self.artifacts.requirements
        )

    @cached_property
    def _files(self) -> tuple[str, ...]:
        """Files other than requirements that list dependencies."""
        found = [path for path, facts in self.artifacts.pyprojects if facts.lists_dependencies]
        found += [path for path, cfg in self.artifacts.setup_cfgs if cfg.lists_dependencies]
        return (*found, *(path for path, pipfile in self.artifacts.pipfiles if pipfile.packages))

    def _folder_of_requirements(self, path: str) -> str:
        folder = posixpath.dirname(path)
        return posixpath.dirname(folder) if posixpath.basename(folder).startswith("requirement") else folder

    def _packages(self, folder: str) -> Packages | None:
        runtime: list[Declared] = []
        development: list[Declared] = []
        for declared in self._declared(folder):
            target = development if declared.group and _DEVELOPMENT.search(declared.group) else runtime
            target.append(declared)
        if self._is_dynamic(folder) or not runtime:
            return None
        runtime += self._by_images()
        lock = self._lock(folder)
        closure, complete = _locked(runtime, lock) if lock is not None else _guessed(runtime)
        if self._is_pinned(folder):
            complete = True
        place, kind, last = self._place(folder)
        return Packages(tuple(runtime), tuple(development), closure, complete, place, kind, last)

    # --- what files declare ----------------------------------------------------------------------

    def _declared(self, folder: str) -> Iterator[Declared]:
        for path, facts in self.artifacts.pyprojects:
            if posixpath.dirname(path) == folder:
                yield from self._of_pyproject(path, facts)
        for path, cfg in self.artifacts.setup_cfgs:
            if posixpath.dirname(path) == folder:
                yield from _all(cfg.dependencies, path)
                for group, requirements in cfg.extras:
                    yield from _all(requirements, path, group)
        for path, pipfile in self.artifacts.pipfiles:
            if posixpath.dirname(path) == folder:
                yield from _all(pipfile.packages, path)
                yield from _all(pipfile.dev_packages, path, "dev")
        for path, requirements_file in self.artifacts.requirements:
            if self._folder_of_requirements(path) == folder and not posixpath.basename(path).startswith(
                "constraint"
            ):
                stem = posixpath.splitext(posixpath.basename(path))[0]
                yield from _all(
                    requirements_file.requirements, path, stem if _DEVELOPMENT.search(stem) else ""
                )

    def _of_pyproject(self, path: str, facts: PyprojectFacts) -> Iterator[Declared]:
        yield from _all(facts.dependencies, path)
        for group in (*facts.extras, *facts.groups):
            name = "" if group.name in self._installed_groups else group.name
            yield from _all(group.requirements, path, name)

    @cached_property
    def _installs(self) -> tuple[Install, ...]:
        """The install commands of all images that are run."""
        images = {id(s.launch.image): s.launch.image for s in self.deployment.starts if s.launch.image}
        from fastapi_lint.project.deployment.files import stages_of

        found: list[Install] = []
        for image in images.values():
            for stage in stages_of(image):
                found += installs.of_image(image.other(stage))
        return tuple(found)

    @cached_property
    def _installed_groups(self) -> frozenset[str]:
        """Groups and extras that an image asks for by name."""
        found: set[str] = set()
        for install in self._installs:
            for option in ("--group", "--extra", "--with", "-E", "--extras", "-G"):
                for value in install.values(option):
                    found.update(normalise(name) for name in re.split(r"[,\s]+", value) if name)
            for name in install.named:
                match = re.search(r"\[([^\]]*)\]", name)
                found.update(
                    normalise(extra) for extra in match.group(1).split(",") if match
                ) if match else None
        return frozenset(found)

    @property
    def installs_development(self) -> bool:
        """Whether an image takes development groups in, by choice or by default."""
        for install in self._installs:
            leaves_out = install.has("--no-dev", "--no-default-groups", "--only-group")
            if install.tool == "uv" and not leaves_out and not install.is_set("UV_NO_DEV"):
                return True
            if install.tool == "poetry" and not install.has("--without", "--only", "--no-dev", "--only-root"):
                return True
            if install.tool == "pdm" and not install.has("--prod", "--production"):
                return True
            if install.tool == "pipenv" and install.has("--dev", "-d"):
                return True
            if install.has("--all-extras", "--all-groups", "--dev"):
                return True
            if any(_DEVELOPMENT.search(value) for value in install.values("-r", "--requirement")):
                return True
        return False

    def _by_images(self) -> Iterator[Declared]:
        """What images install by name."""
        for install in self._installs:
            if install.tool not in ("pip", "uv pip", "pipenv"):
                continue
            for name in install.named:
                match = _REQUIREMENT.match(name)
                if match is not None and not name.startswith((".", "/")):
                    extras = tuple(normalise(e) for e in (match.group(2) or "").split(",") if e.strip())
                    yield Declared(normalise(match.group(1)), extras, install.span)

    def _is_dynamic(self, folder: str) -> bool:
        return any(
            posixpath.dirname(path) == folder and "dependencies" in facts.dynamic
            for path, facts in self.artifacts.pyprojects
        ) or (self.artifacts.exists(posixpath.join(folder, "setup.py")) and not self._files)

    def _lock(self, folder: str) -> LockFacts | None:
        """The lock of a folder; one further up counts if it locks a project of this folder too."""
        names = {
            normalise(facts.name)
            for path, facts in self.artifacts.pyprojects
            if posixpath.dirname(path) == folder and facts.name
        }
        for level in (folder, *ancestors(folder)) if folder else ("",):
            for path, lock in self.artifacts.lockfiles:
                here = posixpath.dirname(path) == level and lock.packages
                if here and (level == folder or any(package.name in names for package in lock.packages)):
                    return lock
        return None

    def _is_pinned(self, folder: str) -> bool:
        """Whether a requirements file pins everything, as compiled ones do."""
        for path, facts in self.artifacts.requirements:
            if self._folder_of_requirements(path) == folder and len(facts.requirements) >= 8:
                names = {requirement.name for requirement in facts.requirements}
                pinned = all("==" in r.specifier or r.url for r in facts.requirements)
                # A compiled file holds what FastAPI itself needs as well.
                if pinned and {"starlette", "pydantic", "anyio"} <= names:
                    return True
        return False

    def _place(self, folder: str) -> tuple[Span, str, Declared | None]:
        for path, facts in self.artifacts.pyprojects:
            if posixpath.dirname(path) == folder and facts.lists_dependencies:
                place = facts.dependencies_place
                last = max(_all(facts.dependencies, path), key=lambda d: d.span, default=None)
                return (place.span(path) if place else Span(path, 1, 1, 1, 1)), "pyproject", last
        for path, requirements in self.artifacts.requirements:
            if self._folder_of_requirements(path) == folder and not _DEVELOPMENT.search(
                posixpath.basename(path)
            ):
                last = max(_all(requirements.requirements, path), key=lambda d: d.span, default=None)
                return Span(path, 1, 1, 1, 1), "requirements", last
        other = next((p for p in self._files if posixpath.dirname(p) == folder), "pyproject.toml")
        return Span(other, 1, 1, 1, 1), "other", None


def _all(requirements: tuple[Requirement, ...], path: str, group: str = "") -> Iterator[Declared]:
    for requirement in requirements:
        yield Declared(requirement.name, requirement.extras, requirement.place.span(path), group)


def _locked(runtime: list[Declared], lock: LockFacts) -> tuple[frozenset[str], bool]:
    """All that the lock installs with the runtime dependencies; complete if it knows each of them."""
    by_name: dict[str, list[LockedPackage]] = {}
    for package in lock.packages:
        by_name.setdefault(package.name, []).append(package)
    waiting = [(declared.name, declared.extras) for declared in runtime]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    found: set[str] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found.add(name)
        for package in by_name.get(name, ()):
            waiting += [
                (dependency.name, dependency.extras)
                for dependency in package.dependencies
                if not dependency.extra or dependency.extra in extras
            ]
    has_edges = any(package.dependencies for package in lock.packages)
    if not has_edges:  # such locks list what is installed, without saying why
        return frozenset({p.name for p in lock.packages if "dev" not in p.groups} | found), True
    complete = all(declared.name in by_name for declared in runtime if declared.span.path.endswith(".toml"))
    return frozenset(found | _extras_of(runtime)), complete


def _extras_of(runtime: list[Declared]) -> set[str]:
    """What is known to come with the extras that are asked for, where a lock lists them apart."""
    return {
        name
        for declared in runtime
        for extra in declared.extras
        for name in BRINGS.get(f"{declared.name}[{extra}]", ())
    }


def _guessed(runtime: list[Declared]) -> tuple[frozenset[str], bool]:
    """What is known to be installed without a lock; complete if every distribution is known."""
    waiting = [name for d in runtime for name in (d.name, *(f"{d.name}[{extra}]" for extra in d.extras))]
    found: set[str] = set()
    complete = True
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in BRINGS:
            waiting += BRINGS[name]
        elif name not in ALONE and "[" not in name and name not in _COMMON:
            complete = False
    return frozenset(found), complete


_COMMON = frozenset({name for brought in BRINGS.values() for name in brought})
