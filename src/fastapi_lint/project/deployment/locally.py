"""Servers that developers start by hand: targets of makefiles, and scripts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fastapi_lint.project.deployment import environments, shells
from fastapi_lint.project.deployment.files import RepositoryFiles
from fastapi_lint.project.deployment.model import Launch, Step
from fastapi_lint.project.deployment.run import Runner
from fastapi_lint.project.deployment.state import State
from fastapi_lint.project.deployment.targets import Targets
from fastapi_lint.sources.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.facts.shell import SimpleCommand
    from fastapi_lint.project.deployment.deployment import Deployment


_MAX_READ = 20_000
"""How many commands are read, all targets and scripts together."""


def runners(deployment: Deployment) -> Iterator[Runner]:
    """One for each makefile target and each script, until too much was read."""
    left = _MAX_READ
    for launch, commands in _launches(deployment):
        runner = _run(deployment, launch, commands)
        left -= runner.spent
        yield runner
        if left <= 0:
            return


def _launches(deployment: Deployment) -> Iterator[tuple[Launch, Sequence[SimpleCommand]]]:
    artifacts = deployment.artifacts
    for path, facts in artifacts.makefiles:
        for target in facts.targets:
            span = target.place.span(path)
            launch = deployment.launcher.plain("target", path, target.name, span)
            yield launch, target.commands
    for path in artifacts.paths(Kind.SHELL):
        script = artifacts.script(path)
        if script is not None and script.commands:
            span = script.commands[0].place.span(path)
            launch = deployment.launcher.plain("script", path, posixpath.basename(path), span)
            yield launch, script.commands


def _run(deployment: Deployment, launch: Launch, commands: Sequence[SimpleCommand]) -> Runner:
    if launch.environment == "unknown" and environments.named(launch.path) == "unknown":
        launch = replace(launch, environment="development")
    files = RepositoryFiles(deployment.artifacts)
    targets = Targets(deployment.project, files, deployment.folders_of(launch), launch)
    runner = Runner(deployment.project, files, launch, targets)
    step = Step(launch.kind, launch.span, launch.name, path=launch.path)
    state = State(launch.path, f"/{posixpath.dirname(launch.path)}", launch.variables, None, (step,))
    shells.read_text(runner, commands, replace(state, path=launch.path), "")
    return runner
