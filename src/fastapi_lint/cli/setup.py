"""From the options that commands share to a root, a configuration and a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.catalogue import Catalogue, catalogue
from fastapi_lint.config import Config, ConfigError, below, find_root, read_config, read_config_file
from fastapi_lint.engine.select import Choice, check_choice, preset_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi_lint.engine.project_view import ProjectView

STDIN = Path("-")


class Setup(msgspec.Struct, frozen=True):
    """What the command line says about the project: paths, root and configuration."""

    paths: tuple[Path, ...] = ()
    root: Path | None = None
    config: Path | None = None
    isolated: bool = False
    stdin_filename: Path | None = None


class Ready(msgspec.Struct, frozen=True):
    """A root, the paths below it whose findings count, and the configuration and rules that hold."""

    root: Path
    shown: tuple[str, ...]
    config: Config
    choice: Choice
    catalogue: Catalogue
    stdin_path: str | None = None

    @property
    def preset(self) -> str:
        return preset_name(self.config, self.choice)


def choice(
    preset: str | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    extend_select: Sequence[str] | None,
) -> Choice:
    """The choice of rules on the command line, its comma-separated lists split."""
    chosen = _words(select) if select else None
    return Choice(preset, chosen, _words(ignore or ()), _words(extend_select or ()))


def _words(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for text in texts for part in text.split(",") if (word := part.strip()))


def prepare(setup: Setup, choice: Choice) -> Ready:
    """Find the root, read the configuration and check the choice of rules. Raises ConfigError."""
    rules = catalogue()
    check_choice(choice, rules)
    if setup.config is not None and setup.isolated:
        raise ConfigError(["--config and --isolated exclude each other"])
    paths, stdin = _places(setup)
    anchors = [path if path.exists() else path.absolute().parent for path in stdin] or list(paths)
    root = find_root(anchors, setup.root, Path.cwd())
    shown = below(root, [*paths, *stdin]) or below(root, [_here(setup)])
    config = _config(setup, root, rules)
    return Ready(root, shown, config, choice, rules, shown[0] if stdin else None)


def _here(setup: Setup) -> Path:
    return setup.root or Path.cwd()


def _places(setup: Setup) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The given paths, and the file that stdin stands for (one or none)."""
    if STDIN not in setup.paths:
        if setup.stdin_filename is not None:
            raise ConfigError(["--stdin-filename needs `-` as the path"])
        return setup.paths, ()
    if len(setup.paths) > 1:
        raise ConfigError(["`-` can't be combined with other paths"])
    if setup.stdin_filename is None:
        raise ConfigError(["`-` needs --stdin-filename"])
    return (), (setup.stdin_filename,)


def _config(setup: Setup, root: Path, rules: Catalogue) -> Config:
    if setup.isolated:
        return Config()
    if setup.config is not None:
        return read_config_file(setup.config, rules)
    return read_config(root, rules)


def load(ready: Ready, jobs: int, overlay: Mapping[str, bytes] | None = None) -> ProjectView:
    """The project model. Raises ConfigError if a pattern of the configuration matches nothing."""
    from fastapi_lint.engine.load import load_project, project_options

    options = project_options(ready.config, ready.catalogue, ready.preset, jobs)
    return load_project(ready.root, ready.config, options, overlay)
