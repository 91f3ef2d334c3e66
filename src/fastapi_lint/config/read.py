"""Find and read the one configuration of a run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fastapi_lint.config.errors import ConfigError
from fastapi_lint.config.model import Config
from fastapi_lint.config.validate import RuleWords, validate

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OWN_FILE = "fastapi-lint.toml"
PYPROJECT = "pyproject.toml"
TOOL = "fastapi-lint"
MAX_BYTES = 1_000_000


def read_config(root: Path, words: RuleWords) -> Config:
    """The configuration at the root: `fastapi-lint.toml`, else `[tool.fastapi-lint]`, else the defaults.

    Raises ConfigError if there are both, or if what there is can't be used.
    """
    own = root / OWN_FILE
    for file in (root / PYPROJECT, own):
        if file.is_symlink() and not file.resolve().is_relative_to(root.resolve()):
            raise ConfigError([f"{file.name}: is a link out of the root; name the file with --config"])
    table = _tool_table(root / PYPROJECT, PYPROJECT)
    if not own.is_file():
        return validate(table, PYPROJECT, words) if table is not None else Config()
    if table is not None:
        raise ConfigError([f"both `{OWN_FILE}` and `[tool.{TOOL}]` in `{PYPROJECT}`: keep one of them"])
    return validate(_parse(own, OWN_FILE), OWN_FILE, words)


def read_config_file(file: Path, words: RuleWords) -> Config:
    """The configuration in a file that the user names: `[tool.fastapi-lint]` of a pyproject.toml, else all.

    Raises ConfigError.
    """
    if not file.is_file():
        raise ConfigError([f"--config: `{file}` is no file"])
    name = str(file)
    if file.name != PYPROJECT:
        return validate(_parse(file, name), name, words)
    table = _tool_table(file, name)
    if table is None:
        raise ConfigError([f"{name}: there is no `[tool.{TOOL}]`"])
    return validate(table, name, words)


def _tool_table(file: Path, name: str) -> dict[str, object] | None:
    """`[tool.fastapi-lint]`, or None. A broken file matters only if it seems to hold the table."""
    try:
        tool = _parse(file, name).get("tool") if file.is_file() else None
    except ConfigError:
        if TOOL.encode() in file.read_bytes()[:MAX_BYTES]:
            raise
        return None
    table = tool.get(TOOL) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError([f"{name}: `tool.{TOOL}` takes a table"])
    return table


def _parse(file: Path, name: str) -> dict[str, object]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError([f"{name}: can't be read: {error.strerror}"]) from error
    if len(content) > MAX_BYTES:
        raise ConfigError([f"{name}: is larger than {MAX_BYTES} bytes"])
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError([f"{name}: is no valid TOML: {error}"]) from error
