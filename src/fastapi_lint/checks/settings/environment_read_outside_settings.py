"""CFG003: a layer of the application reads an environment variable past the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.names.symbols import ClassSymbol
    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.environment import EnvironmentRead

ROLES = ("router", "service", "repository", "schema", "dependency")
ALLOWED = ("settings", "app", "database", "task", "middleware")
"""Roles of modules that may read the environment: they are set up before requests come."""

PLATFORM = re.compile(
    r"(OTEL_|PYTEST_|KUBERNETES_|AWS_LAMBDA_|AWS_EXECUTION_|GOOGLE_CLOUD_|K_|DD_|UVICORN_|GUNICORN_|NVIDIA_|CUDA_)|"
    r"(CI|DYNO|HOME|HOSTNAME|LANG|NODE_NAME|PATH|POD_IP|POD_NAME|POD_NAMESPACE|PORT|PWD|PYTHONPATH|TMPDIR|TZ|USER)\Z"
)
"""Variables of libraries and platforms: no setting of the application's own."""


def check(project: Project) -> Iterator[Finding]:
    """One finding for each read, where the application has settings."""
    for module in project.application_modules() if project.settings.classes else ():
        if project.roles.of(module).name in ALLOWED or not project.environment.is_reader(module):
            continue
        settings = project.settings_use.settings_for(module)
        for read in project.environment.reads(module) if settings else ():
            role = project.roles.of(read.function or module).name
            if settings and role in ROLES and _is_own_variable(read):
                yield _finding(project, read, role, settings)


def _is_own_variable(read: EnvironmentRead) -> bool:
    """Whether it is the whole environment, or a variable that is known and belongs to the application."""
    return read.reads_all or bool(read.variable and not PLATFORM.match(read.variable))


def _finding(project: Project, read: EnvironmentRead, role: str, settings: ClassSymbol) -> Finding:
    what = f"the environment variable `{read.variable}`" if read.variable else "the environment"
    return Finding(
        span=project.span(read.module, read.at),
        message=f"The {role} module `{read.module.name}` reads {what} itself, past `{settings.name}`",
        help=f"Declare it as a field of `{settings.name}` and take it from there",
        symbol=read.function.qualname if read.function else "",
    )
