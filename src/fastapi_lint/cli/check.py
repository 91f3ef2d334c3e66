"""The command `check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fastapi_lint.cli.setup import Ready, Setup, load, prepare
from fastapi_lint.cli.streams import fail, note, wants_colour, write
from fastapi_lint.engine.evaluate import Shown, evaluate, is_below
from fastapi_lint.engine.load import idle_patterns
from fastapi_lint.engine.select import Choice
from fastapi_lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi_lint.engine.project_view import ProjectView
    from fastapi_lint.engine.result import Result

CLEAN, FOUND, FAILED = 0, 1, 2


class Request(msgspec.Struct, frozen=True):
    """The options of `check`. `fail_on` is None if the configuration decides."""

    setup: Setup
    choice: Choice
    output_format: str = "text"
    fail_on: str | None = None
    severity: str = "info"
    jobs: int = 0
    quiet: bool = False


def run_check(request: Request) -> int:
    """Check, print the report, and return the exit code. Raises ConfigError."""
    ready = prepare(request.setup, request.choice)
    overlay = {ready.stdin_path: sys.stdin.buffer.read()} if ready.stdin_path else None
    project = load(ready, request.jobs, overlay)
    shown = Shown(ready.shown, Severity(request.severity))
    result = evaluate(project, ready.catalogue, ready.config, ready.choice, shown)
    if not request.quiet:
        _tell(project, ready, result)
    write(_report(result, project, request))
    if not has_work((file.path for file in project.files), ready.shown):
        fail(_nothing(ready))
        return FAILED
    return exit_code(result, request.fail_on or ready.config.fail_on)


def exit_code(result: Result, fail_on: str) -> int:
    """2 if we failed ourselves, 1 if a finding is at or above `fail_on`, else 0."""
    if result.failed:
        return FAILED
    if fail_on == "never":
        return CLEAN
    least = Severity(fail_on).rank
    return FOUND if any(reported.severity.rank >= least for reported in result.findings) else CLEAN


def has_work(paths: Iterable[str], shown: tuple[str, ...]) -> bool:
    """Whether at least one file that was read is among those that are shown."""
    return any(is_below(path, shown) for path in paths)


def list_files(request: Request) -> int:
    """Print the files that would be checked, and return the exit code. Raises ConfigError."""
    from fastapi_lint.sources.discover import discover

    ready = prepare(request.setup, request.choice)
    found = discover(ready.root, ready.config.exclude)
    paths = [file.path for file in found.files if is_below(file.path, ready.shown)]
    write(paths)
    if not paths:
        fail(_nothing(ready))
    return CLEAN if paths else FAILED


def print_schema() -> int:
    """Print the JSON Schema of the JSON report."""
    from fastapi_lint import report

    schema = Path(report.__file__).with_name("schema.json")
    write([schema.read_text("utf-8").rstrip()])
    return CLEAN


def _report(result: Result, project: ProjectView, request: Request) -> Iterable[str]:
    if request.output_format == "json":
        from fastapi_lint.report.as_json import json_report

        return [json_report(result)]
    from fastapi_lint.report.terminal import Style
    from fastapi_lint.report.text import concise_report, text_report

    style = Style(wants_colour(sys.stdout))
    if request.output_format == "concise":
        return concise_report(result, style)
    return text_report(result, project.text, style, quiet=request.quiet)


def _tell(project: ProjectView, ready: Ready, result: Result) -> None:
    """Say on stderr what was left out and what seems odd."""
    for skipped in result.summary.skipped:
        note(f"skipped: {skipped.path}: {skipped.reason}")
    for line in idle_patterns(project, ready.config):
        note(f"note: {line}")
    if project.files and not result.summary.apps and not result.failed:
        note("note: no FastAPI app was found")


def _nothing(ready: Ready) -> str:
    where = ", ".join(f"`{path}`" for path in ready.shown) if ready.shown != (".",) else f"`{ready.root}`"
    return f"nothing to check in {where}: no file of a known kind that isn't ignored or excluded"
