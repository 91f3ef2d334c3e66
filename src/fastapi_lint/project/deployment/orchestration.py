"""Who starts an app several times: orchestrators, platforms, and services that run the same image."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fastapi_lint.facts.python import syntax as s
from fastapi_lint.project.deployment.surroundings import may_be_set
from fastapi_lint.project.imports.graph import import_statements

if TYPE_CHECKING:
    from fastapi_lint.project.deployment.model import StartCommand
    from fastapi_lint.project.names.symbols import Module
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.routing.table import App

_FILES = frozenset(
    "chart.yaml kustomization.yaml kustomization.yml skaffold.yaml fly.toml render.yaml railway.json "
    "railway.toml procfile app.json cloudbuild.yaml cloudbuild.json apprunner.yaml helmfile.yaml "
    "dockerrun.aws.json copilot.yml cdk.json serverless.yml zappa_settings.json koyeb.yaml "
    "captain-definition nomad.hcl vercel.json azure.yaml".split()
)
_ENDINGS = (".tf", ".nomad", ".bicep")
_TASK_DEFINITION = re.compile(r"task[-_]?def|ecs[-_]", re.I)
_COMMANDS = re.compile(
    r"kubectl|\bhelm\b|gcloud\s+run|google-github-actions/deploy-cloudrun|aws\s+ecs|amazon-ecs|flyctl|fly\s+deploy"
    r"|az\s+(?:containerapp|webapp)|azure/webapps|docker\s+(?:stack|service)|--scale\b|railway\s+up|render\.com"
    r"|argocd|eb\s+deploy|cloudfoundry|cf\s+push|heroku",
    re.I,
)
_SCHEDULERS = frozenset(
    "apscheduler fastapi_utils fastapi_utilities rocketry aiocron schedule fastapi_scheduler fastapi_crons "
    "crontab".split()
)


def has_orchestrator(project: Project) -> bool:
    """Whether any file speaks of something that runs containers several times: Kubernetes, a platform."""
    artifacts = project.artifacts
    if any(facts.workloads or facts.autoscalers for _, facts in artifacts.kubernetes):
        return True
    names = ((path, posixpath.basename(path).lower()) for path in artifacts.all_files)
    for path, name in names:
        if name in _FILES or name.endswith(_ENDINGS) or "/charts/" in f"/{path}":
            return True
        if name.endswith(".json") and _TASK_DEFINITION.search(name):
            return True
    return any(_COMMANDS.search(text) for text in artifacts.recipes)


def run_together(project: Project, start: StartCommand) -> int | None:
    """How many processes of an app the launches of an image start at most; None if that isn't known.

    The image's own command, and the services that run it, count together; those for development don't.
    """
    image = start.launch.image
    highest = 0
    services: dict[str, int] = {}
    for other in project.deployment.starts:
        own = other.launch.image
        same = other.launch is start.launch or (
            image is not None
            and own is not None
            and (own.path, own.stage.index) == (image.path, image.stage.index)
        )
        if not same or not other.may_be_production:
            continue
        workers, replicas = other.workers.value, other.launch.replicas.value
        if workers is None or replicas is None or other.open or _may_be_told(project, other):
            return None
        services[other.launch.path] = services.get(other.launch.path, 0) + 1
        highest = max(highest, workers, replicas, services[other.launch.path])
    return highest


def _may_be_told(project: Project, start: StartCommand) -> bool:
    """Whether a file that the repository doesn't hold may set the number of workers."""
    return not start.workers.is_given and may_be_set(
        "WEB_CONCURRENCY", start.launch, project.deployment.builds
    )


def keeps_state(project: Project, app: App) -> bool:
    """Whether an app keeps in memory what several processes would not share: sockets, or a scheduler."""
    from fastapi_lint.project.deployment.broadcasts import Broadcasts

    if any(_schedules(module) for module in project.import_graph.reachable(app.module)):
        return True
    broadcasts = Broadcasts(project)
    return any(app in m.endpoint.apps and not broadcasts.uses_broker(m) for m in broadcasts.managers())


def _schedules(module: Module) -> bool:
    """Whether a module imports a scheduler."""
    for statement, _ in import_statements(module.facts.body):
        if isinstance(statement, s.ImportFrom):
            names = [statement.module] if not statement.level else []
        else:
            names = [alias.name for alias in statement.names]
        if any(name.partition(".")[0] in _SCHEDULERS for name in names):
            return True
    return False
