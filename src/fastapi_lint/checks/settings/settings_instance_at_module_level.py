"""CFG010: settings are a module-level instance instead of a cached, injected getter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each instance that code in the path of requests uses."""
    for shared in project.settings_use.shared_instances():
        name, settings = shared.variable.name, shared.settings.name
        yield Finding(
            span=project.span(shared.variable.module, shared.variable.binding.at),
            message=f"`{name}` is a `{settings}` built at import, and the application uses it directly",
            help=f"Return `{settings}()` from a function under `@lru_cache`, and inject that with `Depends`",
            related=tuple(
                Related(project.span(use.module, use.at), f"`{use.module.name}` uses it")
                for use in shared.uses
            ),
        )
