"""CFG001: settings are read from the environment again for each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.edits.settings import cache_provider
from fastapi_lint.project.names.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings.model import SettingsProvider
    from fastapi_lint.project.settings.use import Construction


def check(project: Project) -> Iterator[Finding]:
    """One finding for each uncached provider, and for each construction, in the path of requests."""
    for provider in project.settings.providers:
        if (
            provider.constructs is None
            or provider.cached
            or project.roles.is_outside(provider.function.module)
        ):
            continue
        if project.settings_use.serves_requests(provider):
            yield _provider(project, provider)
    for construction in project.settings_use.built_per_request():
        yield _construction(project, construction)


def _provider(project: Project, provider: SettingsProvider) -> Finding:
    name, settings = name_of(provider.function), provider.settings.name
    return Finding(
        span=project.span(provider.function.module, provider.function.node.name_at),
        message=f"`{name}` builds `{settings}` anew on every call",
        help=f"Put `@lru_cache` on `{name}`, so that the settings are read once",
        fix=cache_provider(project, provider),
        symbol=provider.function.qualname,
    )


def _construction(project: Project, construction: Construction) -> Finding:
    settings = construction.settings.name
    if construction.injected:
        message = f"FastAPI builds `{settings}` for each request and fills its fields from the query string"
    else:
        message = f"`{name_of(construction.function)}` builds `{settings}` on every call"
    return Finding(
        span=project.span(construction.module, construction.at),
        message=message,
        help=f"Return `{settings}()` from a function under `@lru_cache`, and inject that with `Depends`",
        symbol=construction.function.qualname if construction.function else "",
    )
