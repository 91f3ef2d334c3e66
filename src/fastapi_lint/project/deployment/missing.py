"""Whether what a start command names is missing for certain, and what may be meant instead."""

from __future__ import annotations

import posixpath
import re
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.facts.requirement import normalise
from fastapi_lint.project.deployment.files import stages_of
from fastapi_lint.project.deployment.images import Image
from fastapi_lint.project.deployment.targets import DISCOVERED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.deployment.deployment import Deployment
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.routing.table import App

_FETCHES = frozenset("git curl wget unzip tar svn hg aws gsutil rsync scp cookiecutter copier".split())
_INSTALLERS = frozenset("pip pip3 uv poetry pdm pipenv conda mamba micromamba pipx".split())
_ADDRESS = re.compile(r"git\+|https?://|\.whl\b|\.tar\.gz\b")


class Missing:
    """Answers for one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.project = deployment.project
        self.artifacts = deployment.artifacts

    def is_certain(self, start: StartCommand) -> bool:
        """Whether no library, no download and no other folder can have what the start command names."""
        target = start.target
        if target is None or target.status in ("found", "unknown"):
            return False
        if start.launch.in_container and start.launch.image is None and not start.launch.mounts:
            return False  # the image may be built elsewhere
        if target.status == "attribute missing":
            return True
        if any(not self._is_plain(image) for image in self._images(start)):
            return False
        if target.status == "not found":
            return not self._has_discovered(start)
        return not self._is_installed((target.text or "").partition(":")[0].partition(".")[0], start)

    def _images(self, start: StartCommand) -> Iterator[Image]:
        """The stages whose files the command may see."""
        image = start.launch.image
        if image is not None:
            for stage in stages_of(image):
                yield image.other(stage)

    def _is_plain(self, image: Image) -> bool:
        """Whether all files of an image are base, repository or packages; nothing is fetched into it."""
        base = image.base
        if base is None or (base.kind == "other" and not base.is_deprecated):
            return False
        if any(
            copied.origin == "?" or copied.destination is None or None in copied.sources
            for copied in image.copies
        ):
            return False
        if any("://" in (source or "") for copied in image.copies for source in copied.sources):
            return False
        return not any(
            command.name.rpartition("/")[2] in _FETCHES
            or _ADDRESS.search(" ".join(word.text for word in command.words))
            for run in image.runs
            for command in run.command.commands
            if command.name.rpartition("/")[2] in (_FETCHES - {"curl", "wget"}) | _INSTALLERS
        )

    def _has_discovered(self, start: StartCommand) -> bool:
        """Whether one of the files that `fastapi run` looks for stands in a folder that may be meant."""
        if start.workdir is None:
            return True
        return any(
            self.artifacts.exists(posixpath.join(folder, name))
            for folder in self.deployment.folders_of(start.launch)
            for name in DISCOVERED
        )

    def _is_installed(self, package: str, start: StartCommand) -> bool:
        """Whether a dependency of the project, or one that its image installs, has the package's name."""
        if not package:
            return True
        name = normalise(package)
        if any(name in known or known in (name, f"python-{name}") for known in self._named):
            return True
        image = start.launch.image
        return image is not None and any(
            name in normalise(word.text)
            for run in image.runs
            for command in run.command.commands
            for word in command.words[1:]
        )

    @cached_property
    def _named(self) -> frozenset[str]:
        """The names of all distributions that any dependency file names; not those of the project's own."""
        found: set[str] = set()
        for _, facts in self.artifacts.pyprojects:
            groups = (*facts.extras, *facts.groups)
            for requirement in (*facts.dependencies, *(r for group in groups for r in group.requirements)):
                found.add(requirement.name)
        for _, requirements in self.artifacts.requirements:
            found.update(requirement.name for requirement in requirements.requirements)
        for _, cfg in self.artifacts.setup_cfgs:
            found.update(requirement.name for requirement in cfg.dependencies)
        for _, pipfile in self.artifacts.pipfiles:
            found.update(requirement.name for requirement in pipfile.packages)
        for _, lock in self.artifacts.lockfiles:
            found.update(p.name for p in lock.packages if p.source in ("registry", "git", "url"))
        return frozenset(found)

    def _as_imported(self, app: App, start: StartCommand) -> str:
        """The target of an app as the start command's own import path needs it."""
        name, _, attribute = app.target.partition(":")
        inner = posixpath.join(app.module.root, name.replace(".", "/"))
        path = next(
            (p for p in (f"{inner}.py", f"{inner}/__init__.py") if self.artifacts.exists(p)), app.path
        )
        files = self.deployment.files_of(start.launch)
        here = files.locate(start.workdir) if start.workdir is not None else None
        for folder in (*([here] if here is not None else []), *self.deployment.folders_of(start.launch)):
            prefix = f"{folder}/" if folder else ""
            if path.startswith(prefix):
                dotted = path[len(prefix) :].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                return f"{dotted}:{attribute}"
        return app.target

    def suggestion(self, start: StartCommand) -> str:
        """The target that is meant: the same module's app, else the only app, else one that is spelled
        alike.
        """
        target = start.target
        if target is None or target.text is None:
            return ""
        module, _, _ = target.text.partition(":")
        if target.status == "attribute missing":
            return f"{module}:{target.suggestion}" if target.suggestion else ""
        apps = [self._as_imported(app, start) for app in self.project.apps]
        if len(apps) == 1:
            return apps[0]
        return next(iter(get_close_matches(target.text, apps, 1, 0.7)), "")
