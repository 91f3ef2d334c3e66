"""From a root folder to its project model: discover, read, extract."""

from __future__ import annotations

from pathlib import Path

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.facts.python.pool import extract_all
from fastapi_lint.facts.python.screen import screened
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.project import Problem, Project
from fastapi_lint.project.role_names import outside_role
from fastapi_lint.sources.discover import discover
from fastapi_lint.sources.kinds import Kind
from fastapi_lint.sources.limits import size_limit
from fastapi_lint.sources.read import read_bytes


def load(root: Path, options: ProjectOptions, *, screen: bool = True) -> Project:
    """Read everything below `root` (a folder) that matters, and build the model of it.

    Files that can't be read or parsed become `Project.problems`; nothing is raised for them. With `screen`
    off, files that can't matter are lowered as well: findings are the same.
    """
    discovery = discover(root, options.exclude)
    paths: list[str] = []
    sources: list[bytes] = []
    problems: list[Problem] = []
    python: dict[str, PythonFacts] = {}
    for file in discovery.files:
        if file.kind is not Kind.PYTHON:
            continue
        content = read_bytes(root, file.path, size_limit(file.kind))
        if isinstance(content, str):
            problems.append(Problem(file.path, 1, 1, f"the file is {content}", "unreadable"))
            continue
        reason = screened(content, outside_role(file.path) == "test") if screen else ""
        if reason:
            python[file.path] = PythonFacts((), (0,), (), reason)
            continue
        paths.append(file.path)
        sources.append(content)
    for path, facts in zip(paths, extract_all(sources, options.jobs or None), strict=True):
        if isinstance(facts, PythonFacts):
            python[path] = facts
        else:
            problems.append(Problem(path, facts.line, facts.column, facts.message, facts.kind))
    return Project(root, options, discovery, python, problems)
