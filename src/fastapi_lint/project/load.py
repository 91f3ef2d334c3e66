"""From a root folder to its project model: discover, read, extract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.facts.python.pool import extract_all
from fastapi_lint.facts.python.screen import screened
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.layers.role_names import outside_role
from fastapi_lint.project.project import Problem, Project
from fastapi_lint.sources.discover import Discovery, SourceFile, discover
from fastapi_lint.sources.kinds import Kind, kind_of
from fastapi_lint.sources.limits import size_limit
from fastapi_lint.sources.read import Skipped, read_bytes
from fastapi_lint.sources.templates import is_python_template


def load(
    root: Path,
    options: ProjectOptions,
    *,
    screen: bool = True,
    overlay: Mapping[str, bytes] | None = None,
) -> Project:
    """Read everything below `root` (a folder) that matters, and build the model of it.

    Files that can't be read or parsed become `Project.problems`; nothing is raised for them. With `screen`
    off, files that can't matter are lowered as well: findings are the same. `overlay` holds contents that
    stand for those of files on the disk (an editor's), by POSIX path; a path that isn't there is a new file.
    """
    discovery = with_overlay(discover(root, options.exclude), overlay or {})
    contents = {
        file.path: read_python(root, file.path, overlay or {})
        for file in discovery.files
        if file.kind is Kind.PYTHON
    }
    python: dict[str, PythonFacts] = {}
    problems = [
        Problem(path, 1, 1, f"The file is {reason}", "unreadable")
        for path, reason in contents.items()
        if isinstance(reason, str)
    ]
    lowered: dict[str, bytes] = {}
    templates: list[Skipped] = []
    for path, content in contents.items():
        if isinstance(content, str):
            continue
        reason = screened(content, outside_role(path) == "test") if screen else ""
        if reason:
            python[path] = PythonFacts((), (0,), (), reason)
        else:
            lowered[path] = content
    extracted = extract_all(list(lowered.values()), options.jobs or None)
    for path, facts in zip(lowered, extracted, strict=True):
        if isinstance(facts, PythonFacts):
            python[path] = facts
        elif facts.kind == "syntax" and is_python_template(lowered[path], facts.line):
            templates.append(Skipped(path, "template"))
        else:
            problems.append(Problem(path, facts.line, facts.column, facts.message, facts.kind))
    if templates:
        discovery = msgspec.structs.replace(
            discovery, skipped=tuple(sorted((*discovery.skipped, *templates)))
        )
    return Project(root, options, discovery, python, problems, overlay or {})


def read_python(root: Path, path: str, overlay: Mapping[str, bytes]) -> bytes | str:
    """The bytes of a Python file, or the reason why it can't be read."""
    given = overlay.get(path)
    return given if given is not None else read_bytes(root, path, size_limit(Kind.PYTHON))


def with_overlay(discovery: Discovery, overlay: Mapping[str, bytes]) -> Discovery:
    """The discovery with the overlay's files that aren't on the disk."""
    known = {file.path for file in discovery.files}
    added = [
        SourceFile(path, kind, len(content))
        for path, content in overlay.items()
        if path not in known and (kind := kind_of(path)) is not None
    ]
    if not added:
        return discovery
    return msgspec.structs.replace(discovery, files=tuple(sorted((*discovery.files, *added))))
