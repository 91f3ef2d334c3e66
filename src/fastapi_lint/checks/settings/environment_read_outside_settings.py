"""CFG003: a layer of the application reads an environment variable past the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.environment import EnvironmentRead
    from fastapi_lint.project.project import Project

ROLES = ("router", "service", "repository", "schema", "dependency")
PLATFORM = re.compile(
    r"(OTEL_|PYTEST_|KUBERNETES_|AWS_LAMBDA_|GOOGLE_CLOUD_|K_|DD_|SENTRY_|UVICORN_|GUNICORN_)|"
    r"(HOSTNAME|HOME|PATH|USER|TMPDIR|TZ|LANG|PWD|PORT|CI|PYTHONPATH|DYNO|POD_NAME|POD_IP|NODE_NAME)\Z"
)


def check(project: Project) -> Iterator[Finding]:
    """One finding for each read, where the application has settings."""
    if not project.settings.classes:
        return
    for module in project.application_modules():
        if project.roles.of(module).name == "app":
            continue
        for read in project.environment.reads(module):
            role = project.roles.of(read.function or module).name
            if role in ROLES and not PLATFORM.match(read.variable):
                yield _finding(project, read, role)


def _finding(project: Project, read: EnvironmentRead, role: str) -> Finding:
    what = f"the environment variable `{read.variable}`" if read.variable else "the environment"
    return Finding(
        span=project.span(read.module, read.at),
        message=f"The {role} module `{read.module.name}` reads {what} itself, past the settings",
        help=f"Declare it as a field of `{project.settings.classes[0].name}` and take it from there",
        symbol=read.function.qualname if read.function else "",
    )
