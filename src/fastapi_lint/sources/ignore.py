"""Which paths are left out: gitignore rules, the user's excludes, and folders that nobody wants checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAMES = (
    ".git .hg .svn .bzr .jj .tox .nox .venv venv virtualenv .virtualenv __pypackages__ site-packages "
    "node_modules bower_components build dist _build .eggs __pycache__ .cache .mypy_cache .pytest_cache "
    ".ruff_cache .pytype .pyre .hypothesis .ipynb_checkpoints .fastapi_lint_cache .import_linter_cache "
    ".pixi .direnv .terraform .next .nuxt .svelte-kit .turbo .yarn .idea .vs htmlcov"
)
EXCLUDED_FOLDERS = frozenset(_NAMES.split())
"""Names of folders that are never entered, unless the user's excludes take them back with `!name/`."""

_MAX_LINES = 5_000
_MAX_LINE = 500
_STARS = re.compile(r"\*+")


def is_excluded_folder(name: str) -> bool:
    """Whether a folder of this name is left out by default."""
    return name in EXCLUDED_FOLDERS or name.endswith(".egg-info")


def _is_cheap(line: str) -> bool:
    """Whether a pattern can be matched quickly: many `*` in one segment make a regex try every split."""
    if len(line) > _MAX_LINE or len(_STARS.findall(line)) > 8:
        return False
    return all(len(_STARS.findall(segment)) <= 3 for segment in line.split("/"))


def spec_of(lines: Iterable[str]) -> GitIgnoreSpec | None:
    """Rules of a `.gitignore`, or None if it has none. Lines that are slow to match are dropped."""
    kept: list[str] = []
    for line in lines:
        if len(kept) >= _MAX_LINES:
            break
        if line.strip() and not line.startswith("#") and _is_cheap(line):
            kept.append(line)
    if not kept:
        return None
    try:
        return GitIgnoreSpec.from_lines(kept)
    except ValueError:
        return _spec_of_valid(kept)


def _spec_of_valid(lines: list[str]) -> GitIgnoreSpec | None:
    """The rules without the lines that are no pattern at all (`!`, a trailing backslash)."""
    valid: list[str] = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        valid.append(line)
    return GitIgnoreSpec.from_lines(valid) if valid else None


@dataclass(frozen=True, slots=True)
class Rules:
    """The `.gitignore` of one folder, and those of the folders above it."""

    start: int
    """How many characters of a path below the root stand before this folder's own part."""
    spec: GitIgnoreSpec
    above: Rules | None


def is_ignored(rules: Rules | None, path: str) -> bool:
    """Whether gitignore rules leave out `path` (below the root; a folder ends with `/`)."""
    while rules is not None:
        verdict = rules.spec.check_file(path[rules.start :]).include
        if verdict is not None:
            return verdict
        rules = rules.above
    return False


class Excludes:
    """The user's excludes, and which of them have matched something."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._spec = spec_of(patterns)
        self._pending: dict[str, GitIgnoreSpec | None] = {pattern: spec_of([pattern]) for pattern in patterns}

    def verdict(self, path: str) -> bool | None:
        """True if `path` is excluded, False if it is taken back with `!`, None if nothing speaks of it."""
        if self._spec is None:
            return None
        for pattern in [p for p, spec in self._pending.items() if spec and _speaks_of(spec, path)]:
            del self._pending[pattern]
        return self._spec.check_file(path).include

    def unused(self) -> tuple[str, ...]:
        return tuple(self._pending)


def _speaks_of(spec: GitIgnoreSpec, path: str) -> bool:
    return spec.check_file(path).include is not None
