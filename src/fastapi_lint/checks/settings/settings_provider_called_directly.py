"""CFG002: an endpoint or dependency calls the settings provider instead of having it injected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project


def check(project: Project) -> Iterator[Finding]:
    """One finding for each call of an injectable provider where `Depends` is possible."""
    for site, provider, function in project.settings_use.direct_calls():
        name, settings = name_of(provider.function), provider.settings.name
        yield Finding(
            span=project.span(site.module, site.call.at),
            message=f"`{name_of(function)}` calls `{name}` itself, where overriding it has no effect",
            help=f"Take it as a parameter: `settings: Annotated[{settings}, Depends({name})]`",
            symbol=function.qualname,
        )
