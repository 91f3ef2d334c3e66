"""What the user asked for: found, read, validated, and explained where it is wrong."""

from fastapi_lint.config.errors import ConfigError
from fastapi_lint.config.model import Config
from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.config.read import read_config, read_config_file
from fastapi_lint.config.root import below, find_root

__all__ = [
    "Config",
    "ConfigError",
    "ProjectOptions",
    "below",
    "find_root",
    "read_config",
    "read_config_file",
]
