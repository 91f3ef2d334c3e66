"""The deployment of a project: what is started where, with which values, and what asks whether it lives."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fastapi_lint.project.deployment import expansion, locally, probes, shells, supervisors
from fastapi_lint.project.deployment.builds import Builds
from fastapi_lint.project.deployment.composition import Composition
from fastapi_lint.project.deployment.files import (
    Files,
    ImageFiles,
    MountedFiles,
    RepositoryFiles,
    deepest_first,
)
from fastapi_lint.project.deployment.launches import Launches
from fastapi_lint.project.deployment.missing import Missing
from fastapi_lint.project.deployment.model import Launch, Step
from fastapi_lint.project.deployment.run import Runner
from fastapi_lint.project.deployment.state import State
from fastapi_lint.project.deployment.targets import Targets
from fastapi_lint.project.deployment.words import expanded

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.composition import ComposeService
    from fastapi_lint.project.deployment.images import Image
    from fastapi_lint.project.deployment.model import Probe, Ran, StartCommand, Unresolved
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App


class Deployment:
    """Answers what the artifacts of a project start. Everything is worked out when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.artifacts = project.artifacts
        self.composition = Composition(project.artifacts)
        self.builds = Builds(project.artifacts, self.composition)
        self.launcher = Launches(project, self.builds)

    # --- start commands --------------------------------------------------------------------------

    @cached_property
    def launches(self) -> tuple[Launch, ...]:
        """Every process that an artifact starts, servers or not."""
        return tuple(self.launcher.all())

    @cached_property
    def _runs(self) -> dict[Launch, Runner]:
        found = {launch: self._run(launch) for launch in self.launches}
        reached = {path for run in found.values() for path in run.read}
        return {**found, **dict(self._programs(reached))}

    @property
    def starts(self) -> tuple[StartCommand, ...]:
        """Every server that is started, in the order of launches."""
        return tuple(start for run in self._runs.values() for start in run.found)

    @property
    def processes(self) -> tuple[Launch, ...]:
        """The launches, and the programs of supervisord that none of them reaches."""
        return tuple(self._runs)

    def starts_of(self, launch: Launch) -> tuple[StartCommand, ...]:
        """The servers that one launch starts."""
        return tuple(self._runs[launch].found)

    def ran(self, launch: Launch) -> tuple[Ran, ...]:
        """Every command that a launch runs on its way, in order."""
        return tuple(self._runs[launch].ran)

    def unresolved(self, launch: Launch) -> tuple[Unresolved, ...]:
        """Where the ways of a launch ended that led to no server."""
        return tuple(self._runs[launch].unresolved)

    @cached_property
    def started_apps(self) -> dict[App, tuple[StartCommand, ...]]:
        """The apps that some artifact starts, each with its start commands; those of tests don't count."""
        found: dict[App, list[StartCommand]] = {}
        for start in self.starts:
            if start.app is not None and start.environment != "test":
                found.setdefault(start.app, []).append(start)
        return {app: tuple(starts) for app, starts in found.items()}

    def is_deployed(self, app: App) -> bool:
        """Whether some artifact starts the app."""
        return app in self.started_apps

    def is_certain(self, start: StartCommand) -> bool:
        """Whether the target of a start command is missing for certain."""
        return self._missing.is_certain(start)

    def suggestion(self, start: StartCommand) -> str:
        """The target that a start command with a missing one may mean, or an empty text."""
        return self._missing.suggestion(start)

    @cached_property
    def _missing(self) -> Missing:
        return Missing(self)

    @cached_property
    def local_starts(self) -> tuple[StartCommand, ...]:
        """Servers that makefiles and scripts start which no artifact reaches."""
        known = {start.span for start in self.starts}
        found = (start for runner in locally.runners(self) for start in runner.found)
        return tuple({start.span: start for start in found if start.span not in known}.values())

    def expands_arguments(self, image: Image, keyword: str) -> bool:
        """Whether something may replace variables in the words of an image's CMD or ENTRYPOINT."""
        return expansion.expands_arguments(image, keyword, self.builds.context(image), self.artifacts)

    def shares_network(self, service: ComposeService) -> bool:
        """Whether another service uses a service's network as its own."""
        others = self.composition.merged(service.path).values()
        return any(other.network_mode == f"service:{service.name}" for other in others)

    # --- health checks ---------------------------------------------------------------------------

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """The health checks of all images, services and containers that are started."""
        return tuple(
            probe
            for launch in self.launches
            for probe in probes.of_launch(launch, self.artifacts, self.builds)
        )

    def probes_of(self, app: App) -> tuple[Probe, ...]:
        """The health checks of the containers that serve an app and nothing else."""
        return tuple(probe for probe in self.probes if self.served_by(probe.owner) is app)

    def served_by(self, launch: Launch) -> App | None:
        """The one app that a launch serves; None if it serves none that is known, or several."""
        starts = self.starts_of(launch)
        apps = {start.app for start in starts}
        return next(iter(apps)) if len(apps) == 1 else None

    def name_of(self, app: App, launch: Launch) -> str:
        """An app as a launch names it, else as it is imported from its root."""
        texts = [start.target.text for start in self.starts_of(launch) if start.target and start.app is app]
        return next((text for text in texts if text and ":" in text), app.target)

    # --- following one launch --------------------------------------------------------------------

    def files_of(self, launch: Launch) -> Files:
        """The files that a launch sees."""
        if not launch.in_container:
            return RepositoryFiles(self.artifacts)
        below = None
        if launch.image is not None:
            below = ImageFiles(launch.image, self.builds.context(launch.image), self.artifacts)
        if launch.mounts or below is None:
            return MountedFiles(deepest_first(launch.mounts), below, self.artifacts)
        return below

    def folders_of(self, launch: Launch) -> tuple[str, ...]:
        """The folders from which modules may be imported if the container's files don't tell, the
        likeliest first.
        """
        near: list[str] = []
        if launch.image is not None:
            near.append(self.builds.context(launch.image).folder)
            near.append(posixpath.dirname(launch.image.path))
        else:
            near += [posixpath.dirname(launch.path), ""]
        found = [inner for folder in near for inner in (folder, posixpath.join(folder, "src"))]
        return tuple(dict.fromkeys(found))

    def _run(self, launch: Launch) -> Runner:
        files = self.files_of(launch)
        runner = Runner(
            self.project, files, launch, Targets(self.project, files, self.folders_of(launch), launch)
        )
        family = launch.image.family if launch.image is not None else ""
        state = State(launch.path, launch.workdir, launch.variables, None, launch.steps, sh=family)
        if launch.words:
            runner.run(launch.words, state)
        else:
            self._run_plain(launch, runner, state)
        return runner

    def _run_plain(self, launch: Launch, runner: Runner, state: State) -> None:
        """The processes of Procfiles, which a shell runs, and units of systemd, which none does."""
        if launch.kind == "process":
            facts = dict(self.artifacts.procfiles)[launch.path]
            for found in facts.processes:
                if found.place.span(launch.path) == launch.span:
                    shells.read_text(runner, found.commands, state, "")
        elif launch.kind == "unit":
            unit = dict(self.artifacts.systemd)[launch.path]
            if len(unit.commands) == 1:
                words = [
                    argument
                    for word in unit.commands[0].words
                    for argument in expanded(word, launch.path, state.variables.get, splits=False)
                ]
                runner.run(words, state)

    def _programs(self, reached: set[str]) -> Iterator[tuple[Launch, Runner]]:
        """Programs of supervisord whose configuration no other launch reads."""
        for path, facts in self.artifacts.supervisord:
            if path in reached:
                continue
            for program in facts.programs:
                if len(program.commands) != 1:
                    continue
                place = program.place.span(path)
                launch = self.launcher.plain("program", path, program.name, place)
                files = self.files_of(launch)
                targets = Targets(self.project, files, self.folders_of(launch), launch)
                runner = Runner(self.project, files, launch, targets)
                steps = (Step("program", place, program.name),)
                state = State(path, None, launch.variables, (), steps)
                supervisors.run_program(runner, path, program, state)
                yield launch, runner

    def image_launch(self, image: Image) -> Launch | None:
        """The launch of an image's own command."""
        return next(
            (launch for launch in self.launches if launch.kind == "image" and launch.image is image), None
        )
