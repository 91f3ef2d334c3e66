"""ARC006: a service, repository or model raises an HTTP error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project

LAYERS = ("service", "repository", "model")


def check(project: Project) -> Iterator[Finding]:
    """One finding for each `raise` of an HTTP error below the API.

    Functions that are used as a dependency have the role dependency, so they are none of these layers.
    """
    for module in project.application_modules():
        for function in project.resolver.index(module).functions:
            role = project.roles.of(function).name
            for raised in project.errors.raised_by(function) if role in LAYERS else ():
                yield Finding(
                    span=project.span(module, raised.at),
                    message=f"The {role} `{name_of(function)}` raises the HTTP error `{raised.name}`",
                    help="Raise an error of the domain, and turn it into a response in the route"
                    " or an exception handler",
                    symbol=function.qualname,
                )
