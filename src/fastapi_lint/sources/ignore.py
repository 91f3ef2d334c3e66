"""Which paths are left out: gitignore rules, the user's excludes, and folders that nobody wants checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.sources.gitignore import Pattern, patterns_of, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = (
    ".git .hg .svn .bzr .jj .tox .nox .venv venv virtualenv .virtualenv __pypackages__ site-packages "
    "node_modules bower_components build dist _build .eggs __pycache__ .cache .mypy_cache .pytest_cache "
    ".ruff_cache .pytype .pyre .hypothesis .ipynb_checkpoints .fastapi_lint_cache .import_linter_cache "
    ".pixi .direnv .terraform .next .nuxt .svelte-kit .turbo .yarn .idea .vs htmlcov"
)
EXCLUDED_FOLDERS = frozenset(_NAMES.split())
"""Names of folders that are never entered, unless the user's excludes take them back with `!name/`."""


def is_excluded_folder(name: str) -> bool:
    """Whether a folder of this name is left out by default."""
    return name in EXCLUDED_FOLDERS or name.endswith(".egg-info")


class Rules(msgspec.Struct, frozen=True):
    """The `.gitignore` of one folder, and those of the folders above it."""

    start: int
    """How many characters of a path below the root stand before this folder's own part."""
    patterns: tuple[Pattern, ...]
    above: Rules | None


def is_ignored(rules: Rules | None, path: str) -> bool:
    """Whether gitignore rules leave out `path` (below the root; a folder ends with `/`).

    The rules of the nearest folder that speak of the path decide.
    """
    while rules is not None:
        found = verdict(rules.patterns, path[rules.start :])
        if found is not None:
            return found
        rules = rules.above
    return False


class Excludes:
    """The user's excludes, and which of them have matched something."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._patterns = patterns_of(lines)
        self._pending = [*self._patterns]

    def verdict(self, path: str) -> bool | None:
        """True if `path` is excluded, False if it is taken back with `!`, None if nothing speaks of it."""
        self.note(path)
        return verdict(self._patterns, path)

    def note(self, path: str) -> None:
        """Remember which patterns speak of `path`."""
        if self._pending:
            self._pending = [pattern for pattern in self._pending if not pattern.matches(path)]

    def unused(self) -> tuple[str, ...]:
        """The lines that have matched nothing."""
        return tuple(pattern.text for pattern in self._pending)
