"""The configuration of a run, validated."""

from typing import Literal

import msgspec

from fastapi_lint.config.options import Assignment
from fastapi_lint.findings import Severity

FailOn = Literal["error", "warning", "info", "never"]


class FileIgnore(msgspec.Struct, frozen=True):
    """Rules (codes, names, groups or ALL) that are not reported for the files of a gitignore pattern."""

    pattern: str
    rules: tuple[str, ...]


class SeverityChange(msgspec.Struct, frozen=True):
    """Another severity for the rules that a code, a name or a group names."""

    rules: str
    severity: Severity


class Config(msgspec.Struct, frozen=True):
    """What the configuration file says; each default is what holds without one.

    `source` names the file, empty if there is none. `select` is None if the preset decides.
    """

    source: str = ""
    preset: str = "recommended"
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[FileIgnore, ...] = ()
    exclude: tuple[str, ...] = ()
    severity: tuple[SeverityChange, ...] = ()
    fail_on: FailOn = "warning"
    layers: tuple[Assignment, ...] = ()
    roles: tuple[Assignment, ...] = ()
    environments: tuple[Assignment, ...] = ()
    blocking_calls: tuple[str, ...] = ()
    heavy_calls: tuple[str, ...] = ()
    max_call_depth: int = 6
    max_app_routes: int = 2
    max_endpoint_statements: int = 30
    max_endpoint_branches: int = 10
    error_envelope: Literal["required", "auto"] = "required"
    request_logging: Literal["auto", "required"] = "auto"
