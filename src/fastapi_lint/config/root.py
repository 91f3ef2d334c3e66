"""Which directory is the root of the project, and where below it the given paths are."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from fastapi_lint.config.errors import ConfigError

MARKS = re.compile(
    r"""fastapi-lint\.toml | pyproject\.toml | setup\.cfg | \.git
      | ([\w.-]+[-_.])? requirements ([-_.][\w.-]+)? \.(txt|in)
      | ([\w.-]+[-_.])? (dockerfile|containerfile) ([-_.][\w.-]+)?
      | (docker-)?compose ([-_.][\w.-]+)? \.ya?ml""",
    re.VERBOSE | re.IGNORECASE,
)
"""Names of files that make a directory a root: configuration, requirements, images, compose, git."""


def find_root(paths: Sequence[Path], root: Path | None, here: Path) -> Path:
    """The root directory, absolute and without links.

    It is `root` if given; else the nearest directory, from the common parent of `paths` (`here` if there
    are none) upwards, that holds one of the marks; else that parent. Raises ConfigError if `root` or a
    path doesn't exist.
    """
    if root is not None:
        if not root.is_dir():
            raise ConfigError([f"--root: `{root}` is no directory"])
        return root.resolve()
    start = common_parent(paths or [here])
    return next((folder for folder in (start, *start.parents) if _is_marked(folder)), start)


def common_parent(paths: Sequence[Path]) -> Path:
    """The deepest directory that holds all paths; a directory holds itself. Raises ConfigError."""
    missing = [f"`{path}` doesn't exist" for path in paths if not path.exists()]
    if missing:
        raise ConfigError(missing)
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError as error:  # two drives on Windows
        raise ConfigError([f"the paths have no common parent: {error}"]) from error


def below(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """The paths relative to the root, POSIX; the root itself is `.`. Raises ConfigError for one outside."""
    outside = [path for path in paths if not path.resolve().is_relative_to(root)]
    if outside:
        raise ConfigError([f"`{path}` is outside of the root `{root}`" for path in outside])
    return tuple(path.resolve().relative_to(root).as_posix() for path in paths)


def _is_marked(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_marks(entry) for entry in entries)
    except OSError:
        return False


def _marks(entry: os.DirEntry[str]) -> bool:
    return bool(MARKS.fullmatch(entry.name)) and (entry.name == ".git" or entry.is_file())
