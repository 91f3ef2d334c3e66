"""Build the project model of a root, and check the configuration's patterns against its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.config.errors import ConfigError
from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.config.patterns import idle_file_ignores, unmatched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fastapi_lint.catalogue import Catalogue
    from fastapi_lint.config.model import Config
    from fastapi_lint.engine.project_view import ProjectView


def project_options(config: Config, catalogue: Catalogue, preset: str, jobs: int = 0) -> ProjectOptions:
    """What the model and the rules are told; `preset` is the one that holds for the run."""
    shared = {
        name: getattr(config, name) for name in ProjectOptions.__struct_fields__ if hasattr(config, name)
    }
    layered = catalogue.presets[preset].layered
    return msgspec.structs.replace(ProjectOptions(**shared), layered=layered, jobs=jobs)


def load_project(
    root: Path,
    config: Config,
    options: ProjectOptions,
    overlay: Mapping[str, bytes] | None = None,
    *,
    screen: bool = True,
) -> ProjectView:
    """Read and understand everything below the root; `overlay` holds contents that replace files'.

    With `screen` off, files are parsed as well that can't matter: only tests of that have a use for it.
    Raises ConfigError if a pattern of a layer, role or environment matches no file.
    """
    from fastapi_lint.project.load import load

    project: ProjectView = load(root, options, overlay=overlay, screen=screen)
    problems = unmatched(config, [file.path for file in project.files])
    if problems:
        raise ConfigError(problems)
    return project


def idle_patterns(project: ProjectView, config: Config) -> list[str]:
    """One line for each exclude, and for each pattern of `per-file-ignores`, that matches nothing."""
    excludes = [
        f"{config.source}: `{pattern}` of `exclude` matches nothing" for pattern in project.unused_excludes
    ]
    return excludes + idle_file_ignores(config, [file.path for file in project.files])
