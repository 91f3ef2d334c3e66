"""What the tests of rules are written with, ours and other people's.

from fastapi_lint.testing import lint

def test_reports_the_second_route() -> None:
    [finding] = lint({"app/main.py": SOURCE}, select=["RTE001"])
    assert finding.span.line == 12
"""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from fastapi_lint.catalogue import catalogue
from fastapi_lint.config import Config, read_config
from fastapi_lint.engine.evaluate import evaluate
from fastapi_lint.engine.load import load_project, project_options
from fastapi_lint.engine.select import Choice, check_choice, preset_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fastapi_lint.engine.result import Result
    from fastapi_lint.findings import Edit, Finding

__all__ = ["apply_fixes", "lint", "lint_folder", "write_files"]


def lint(
    files: Mapping[str, str | bytes], select: Sequence[str] | None = None, preset: str | None = None
) -> list[Finding]:
    """The findings in a small repository, in their order.

    `files` maps POSIX paths to contents; a configuration among them holds. `select` takes codes, names and
    groups, and replaces what the configuration and the preset select; a file that can't be parsed is
    reported in any case. An exception in a rule is raised.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        result = lint_folder(Path(folder), select, preset)
    return [reported.finding for reported in result.findings]


def lint_folder(
    folder: Path, select: Sequence[str] | None = None, preset: str | None = None, *, screen: bool = True
) -> Result:
    """The result for the project in a folder; the arguments are those of `lint`. Raises ConfigError.

    With `screen` off, files are parsed as well that can't matter, which changes nothing but the time.
    """
    rules = catalogue()
    choice = Choice(preset, tuple(select) if select is not None else None)
    check_choice(choice, rules)
    config: Config = read_config(folder, rules)
    options = project_options(config, rules, preset_name(config, choice), jobs=1)
    project = load_project(folder, config, options, screen=screen)
    return evaluate(project, rules, config, choice, reraise=True)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write contents below a folder. Raises ValueError for a path that leads out of it."""
    for path, content in files.items():
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ValueError(f"`{path}` leads out of the folder")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def apply_fixes(files: Mapping[str, str], findings: Iterable[Finding]) -> dict[str, str]:
    """The files after the fixes of the findings. A fix that overlaps an earlier one is left out."""
    taken: list[Edit] = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix is not None else ()
        if not any(_overlap(edit, other) for edit in edits for other in taken):
            taken += [edit for edit in edits if edit not in taken]
    return {path: _edited(text, [e for e in taken if e.span.path == path]) for path, text in files.items()}


def _overlap(edit: Edit, other: Edit) -> bool:
    if edit == other or edit.span.path != other.span.path:
        return False
    (start, end), (other_start, other_end) = _ends(edit), _ends(other)
    both_insert = start == end == other_start == other_end
    return (start < other_end and other_start < end) or both_insert


def _ends(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)


def _edited(text: str, edits: Sequence[Edit]) -> str:
    lines = text.split("\n")
    for edit in sorted(edits, key=_ends, reverse=True):
        span = edit.span
        before = lines[span.line - 1][: span.column - 1]
        after = lines[span.end_line - 1][span.end_column - 1 :]
        lines[span.line - 1 : span.end_line] = (before + edit.text + after).split("\n")
    return "\n".join(lines)
