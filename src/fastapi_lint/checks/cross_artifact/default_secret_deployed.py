"""XAR015 default-secret-deployed: production runs with a secret that the repository tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related
from fastapi_lint.project.deployment import assigned
from fastapi_lint.project.deployment.known_secrets import KnownSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.findings import Span
    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each place that sets a secret to its default or to the value of an example."""
    secrets = KnownSecrets(project)
    seen: set[Span] = set()
    for variable in assigned.all_of(project.deployment):
        if variable.environment != "production" or variable.value is None or variable.span in seen:
            continue
        known = secrets.of(variable.name, variable.value)
        if known is not None:
            seen.add(variable.span)
            yield Finding(
                span=variable.span,
                message=f"In production {variable.said} gets a `{variable.name}` that everybody knows: "
                f"it is {known.said}",
                help=f"Generate a value of its own, and give it as a secret or as `${{{variable.name}:?}}`",
                related=(Related(known.span, f"The value of `{known.field}` stands here", "source"),),
            )
