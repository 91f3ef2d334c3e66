"""CFG001: settings are read from the environment again for each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.findings import Finding
from fastapi_lint.project.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi_lint.project.project import Project
    from fastapi_lint.project.settings import SettingsProvider
    from fastapi_lint.project.settings_use import Construction


def check(project: Project) -> Iterator[Finding]:
    """One finding for each uncached provider that requests use, and for each construction in a request's path."""
    for provider in project.settings.providers:
        if (
            provider.constructs is not None
            and not provider.cached
            and project.settings_use.serves_requests(provider)
        ):
            yield _provider(project, provider)
    for construction in project.settings_use.built_per_request():
        yield _construction(project, construction)


def _provider(project: Project, provider: SettingsProvider) -> Finding:
    name, settings = name_of(provider.function), provider.settings.name
    return Finding(
        span=project.span(provider.function.module, provider.function.node.name_at),
        message=f"`{name}` builds `{settings}` anew on every call",
        help=f"Put `@lru_cache` on `{name}`, so that the settings are read once",
        symbol=provider.function.qualname,
    )


def _construction(project: Project, construction: Construction) -> Finding:
    settings = construction.settings.name
    where = f"`{name_of(construction.function)}`" if construction.function else "each request"
    how = "FastAPI builds" if construction.injected else f"{where} builds"
    detail = ", and takes its fields from the query string" if construction.injected else " on every call"
    return Finding(
        span=project.span(construction.module, construction.at),
        message=f"{how} `{settings}` for each request{detail}"
        if construction.injected
        else f"{how} `{settings}`{detail}",
        help=f"Return `{settings}()` from a function under `@lru_cache`, and inject that with `Depends`",
        symbol=construction.function.qualname if construction.function else "",
    )
