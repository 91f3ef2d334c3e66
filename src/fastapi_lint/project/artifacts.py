"""The files beside the code: Dockerfiles, compose files, manifests and what else a deployment consists of."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from fastapi_lint.sources.kinds import Kind, kind_of
from fastapi_lint.sources.read import Skipped, SourceText, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fastapi_lint.facts.compose import ComposeFacts
    from fastapi_lint.facts.dockerfile import DockerfileFacts
    from fastapi_lint.facts.dockerignore import DockerignoreFacts
    from fastapi_lint.facts.dotenv import DotenvFacts
    from fastapi_lint.facts.kubernetes import KubernetesFacts
    from fastapi_lint.facts.lockfile import LockFacts
    from fastapi_lint.facts.makefile import MakefileFacts
    from fastapi_lint.facts.pipfile import PipfileFacts
    from fastapi_lint.facts.procfile import ProcfileFacts
    from fastapi_lint.facts.pyproject import PyprojectFacts
    from fastapi_lint.facts.python.syntax import Comment
    from fastapi_lint.facts.requirements import RequirementsFacts
    from fastapi_lint.facts.setup_cfg import SetupCfgFacts
    from fastapi_lint.facts.shell import ShellFacts
    from fastapi_lint.facts.supervisord import SupervisordFacts
    from fastapi_lint.facts.systemd import SystemdFacts
    from fastapi_lint.facts.workflow import WorkflowFacts
    from fastapi_lint.sources.discover import Discovery

_READERS = {
    Kind.DOCKERFILE: "dockerfile",
    Kind.COMPOSE: "compose",
    Kind.KUBERNETES: "kubernetes",
    Kind.PROCFILE: "procfile",
    Kind.SHELL: "shell",
    Kind.DOTENV: "dotenv",
    Kind.PYPROJECT: "pyproject",
    Kind.PIPFILE: "pipfile",
    Kind.LOCKFILE: "lockfile",
    Kind.REQUIREMENTS: "requirements",
    Kind.SETUP_CFG: "setup_cfg",
    Kind.DOCKERIGNORE: "dockerignore",
    Kind.MAKEFILE: "makefile",
    Kind.SUPERVISORD: "supervisord",
    Kind.SYSTEMD: "systemd",
}


_GUIDES = re.compile(
    r"(?:^|/)(?:readme|contributing|install|setup|develop)[^/]*\Z|(?:^|/)docs?/[^/]+\.(?:md|rst|txt)\Z", re.I
)
_WORKFLOWS = re.compile(
    r"^\.github/workflows/[^/]+\Z|(?:^|/)(?:\.gitlab-ci\.yml|justfile|taskfile\.ya?ml)\Z", re.I
)
_ACTIONS = re.compile(r"^\.github/workflows/[^/]+\.ya?ml\Z", re.I)
_TEXT_LIMIT = 1 << 19


class Artifacts:
    """Reads each artifact of a root once, when it is first asked for. Lists are in the order of the paths."""

    def __init__(self, root: Path, discovery: Discovery) -> None:
        self.root = root
        self.discovery = discovery
        self._kinds = {file.path: file.kind for file in discovery.files if file.kind is not Kind.PYTHON}
        self._texts: dict[str, SourceText | Skipped] = {}
        self._facts: dict[str, Any] = {}
        self._matching: dict[str, tuple[str, ...]] = {}

    def kind(self, path: str) -> Kind | None:
        """The kind of an artifact, or None if there is none at this path."""
        return self._kinds.get(path)

    def paths(self, kind: Kind) -> tuple[str, ...]:
        """The paths of all artifacts of a kind."""
        return tuple(path for path, found in self._kinds.items() if found is kind)

    def text(self, path: str) -> str:
        """The text of an artifact; empty if it can't be read, is a template, or is none."""
        source = self._source(path)
        return source.text if isinstance(source, SourceText) else ""

    def comments(self, path: str) -> Sequence[Comment]:
        """The comments of an artifact that speak to us."""
        if "fastapi-lint:" not in self.text(path):
            return ()
        return cast("Sequence[Comment]", getattr(self._read(path), "comments", ()))

    @cached_property
    def skipped(self) -> tuple[Skipped, ...]:
        """Artifacts whose contents can't be read as what their names say: templates and binaries."""
        sources = (self._source(path) for path in self._kinds)
        return tuple(source for source in sources if isinstance(source, Skipped))

    def exists(self, path: str) -> bool:
        """Whether there is a file at a path below the root, read by us or not."""
        return path in self._all_files

    def is_tracked(self, path: str) -> bool:
        """Whether a file is in the repository: it is there, and git doesn't ignore it as far as we know."""
        return path in self._tracked or (path in self._all_files and kind_of(path) is None)

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(file.path for file in self.discovery.files)

    @cached_property
    def guides(self) -> tuple[str, ...]:
        """The texts that tell people what to do: READMEs and their like."""
        return tuple(self.plain_text(path) for path in self.all_files if _GUIDES.search(path))

    @cached_property
    def recipes(self) -> tuple[str, ...]:
        """The texts that tell machines what to do: workflows, scripts, makefiles."""
        workflows = (self.plain_text(path) for path in self.all_files if _WORKFLOWS.search(path))
        scripts = (self.text(path) for kind in (Kind.SHELL, Kind.MAKEFILE) for path in self.paths(kind))
        return (*workflows, *scripts)

    @cached_property
    def workflows(self) -> tuple[WorkflowFacts, ...]:
        """The workflows of GitHub Actions."""
        from fastapi_lint.facts.workflow import read

        return tuple(read(self.plain_text(path)) for path in self.all_files if _ACTIONS.search(path))

    def plain_text(self, path: str) -> str:
        """The text of a file of any kind, or of none; empty if it can't be read."""
        content = read_bytes(self.root, path, _TEXT_LIMIT)
        return "" if isinstance(content, str) else content.decode("utf-8", "replace")

    @cached_property
    def all_files(self) -> tuple[str, ...]:
        """Every file below the root outside of the folders that are left out, sorted."""
        return tuple(sorted(self._all_files))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, the root as an empty text included."""
        found = {""}
        for path in self._all_files:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Files and folders that match a path with `*`, `?` or `[...]` in its segments, sorted."""
        if pattern not in self._matching:
            parts = pattern.split("/")
            self._matching[pattern] = tuple(
                path
                for path in self._by_depth.get(len(parts), ())
                if all(map(fnmatchcase, path.split("/"), parts))
            )
        return self._matching[pattern]

    @cached_property
    def _by_depth(self) -> dict[int, list[str]]:
        """The files and folders by the number of their segments, each list sorted."""
        found: dict[int, list[str]] = {}
        for path in sorted({*self._all_files, *self.folders} - {""}):
            found.setdefault(path.count("/") + 1, []).append(path)
        return found

    @cached_property
    def _all_files(self) -> frozenset[str]:
        return frozenset((*(file.path for file in self.discovery.files), *self.discovery.others))

    # --- facts by kind ---------------------------------------------------------------------------

    @cached_property
    def dockerfiles(self) -> tuple[tuple[str, DockerfileFacts], ...]:
        """Dockerfiles with their paths."""
        return self._all(Kind.DOCKERFILE)

    @cached_property
    def compose(self) -> tuple[tuple[str, ComposeFacts], ...]:
        """Compose files with their paths."""
        return self._all(Kind.COMPOSE)

    @cached_property
    def kubernetes(self) -> tuple[tuple[str, KubernetesFacts], ...]:
        """Kubernetes manifests with their paths."""
        return self._all(Kind.KUBERNETES)

    @cached_property
    def procfiles(self) -> tuple[tuple[str, ProcfileFacts], ...]:
        """Procfiles with their paths."""
        return self._all(Kind.PROCFILE)

    @cached_property
    def dotenv(self) -> tuple[tuple[str, DotenvFacts], ...]:
        """`.env` files and their examples, with their paths."""
        return self._all(Kind.DOTENV)

    @cached_property
    def pyprojects(self) -> tuple[tuple[str, PyprojectFacts], ...]:
        """`pyproject.toml` files with their paths."""
        return self._all(Kind.PYPROJECT)

    @cached_property
    def pipfiles(self) -> tuple[tuple[str, PipfileFacts], ...]:
        """Pipfiles with their paths."""
        return self._all(Kind.PIPFILE)

    @cached_property
    def lockfiles(self) -> tuple[tuple[str, LockFacts], ...]:
        """Lock files with their paths."""
        return self._all(Kind.LOCKFILE)

    @cached_property
    def requirements(self) -> tuple[tuple[str, RequirementsFacts], ...]:
        """Requirements files with their paths."""
        return self._all(Kind.REQUIREMENTS)

    @cached_property
    def setup_cfgs(self) -> tuple[tuple[str, SetupCfgFacts], ...]:
        """`setup.cfg` files with their paths."""
        return self._all(Kind.SETUP_CFG)

    @cached_property
    def dockerignores(self) -> tuple[tuple[str, DockerignoreFacts], ...]:
        """`.dockerignore` files with their paths."""
        return self._all(Kind.DOCKERIGNORE)

    @cached_property
    def makefiles(self) -> tuple[tuple[str, MakefileFacts], ...]:
        """Makefiles with their paths."""
        return self._all(Kind.MAKEFILE)

    @cached_property
    def supervisord(self) -> tuple[tuple[str, SupervisordFacts], ...]:
        """Configurations of supervisord with their paths."""
        return self._all(Kind.SUPERVISORD)

    @cached_property
    def systemd(self) -> tuple[tuple[str, SystemdFacts], ...]:
        """Unit files of systemd with their paths."""
        return self._all(Kind.SYSTEMD)

    @cached_property
    def python_versions(self) -> tuple[tuple[str, str], ...]:
        """`.python-version` files with their paths: the first word of each."""
        texts = ((path, self.text(path).split()) for path in self.paths(Kind.PYTHON_VERSION))
        return tuple((path, words[0]) for path, words in texts if words)

    def script(self, path: str) -> ShellFacts | None:
        """The commands of a shell script, or None if there is no text file at this path below the root."""
        if path not in self._all_files:
            return None
        return cast("ShellFacts | None", self._read(path, Kind.SHELL))

    def _all(self, kind: Kind) -> tuple[tuple[str, Any], ...]:
        found = ((path, self._read(path)) for path in self.paths(kind))
        return tuple((path, facts) for path, facts in found if facts is not None)

    def _source(self, path: str, kind: Kind | None = None) -> SourceText | Skipped | None:
        if path not in self._texts:
            known = self._kinds.get(path) or kind
            if known is None:
                return None
            self._texts[path] = read_text(self.root, path, known)
        return self._texts[path]

    def _read(self, path: str, kind: Kind | None = None) -> Any:
        if path not in self._facts:
            self._facts[path] = self._parse(path, self._kinds.get(path) or kind)
        return self._facts[path]

    def _parse(self, path: str, kind: Kind | None) -> Any:
        source = self._source(path, kind)
        if not isinstance(source, SourceText) or kind not in _READERS:
            return None
        return import_module(f"fastapi_lint.facts.{_READERS[kind]}").read(source.text)
