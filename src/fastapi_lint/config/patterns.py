"""Patterns for files, in gitignore's syntax, applied to POSIX paths below the root."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

    from fastapi_lint.config.model import Config


def fault(pattern: str) -> str:
    """Why a text is no pattern; empty if it is one."""
    if not pattern.strip():
        return "is empty"
    try:
        _spec(pattern)
    except ValueError as error:
        return f"is no pattern: {error}"
    return ""


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches the file, or a directory that holds it."""
    return bool(_spec(pattern).match_file(path))


def unmatched(config: Config, paths: Iterable[str]) -> list[str]:
    """One line for each pattern of a layer, role or environment that matches no file."""
    known = list(paths)
    tables = (("layers", config.layers), ("roles", config.roles), ("environments", config.environments))
    return [
        f"{config.source}: `{place.pattern}` of `{table}.{assignment.value}` matches no file"
        for table, assignments in tables
        for assignment in assignments
        for place in assignment.places
        if not any(matches(place.pattern, path) for path in known)
    ]


def idle_file_ignores(config: Config, paths: Iterable[str]) -> list[str]:
    """One line for each pattern of `per-file-ignores` that matches no file."""
    known = list(paths)
    return [
        f"{config.source}: `{ignore.pattern}` of `per-file-ignores` matches no file"
        for ignore in config.per_file_ignores
        if not any(matches(ignore.pattern, path) for path in known)
    ]


@functools.lru_cache(maxsize=1024)
def _spec(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([pattern])
