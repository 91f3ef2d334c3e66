"""From a root folder to its project model: discover, read, extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import msgspec

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.config.patterns import matches
from fastapi_lint.facts.python.pool import extract_all
from fastapi_lint.facts.python.screen import Screened, screened
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.layers.role_names import outside_role, stem_of
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
    files = _Files(contents, options.jobs or None)
    reasons = _screened(files.sources, options) if screen else {}
    files.lower([path for path in files.sources if path not in reasons])
    _lower_imported_tests(files, reasons)
    for path, reason in reasons.items():
        files.python.setdefault(path, PythonFacts((), (0,), (), reason))
    if files.templates:
        discovery = msgspec.structs.replace(
            discovery, skipped=tuple(sorted((*discovery.skipped, *files.templates)))
        )
    return Project(
        root, options, discovery, files.python, files.problems, {**(overlay or {}), **files.sources}
    )


class _Files:
    """The Python files as far as they are read: their facts, and what is wrong with the others."""

    def __init__(self, contents: Mapping[str, bytes | str], jobs: int | None) -> None:
        self.jobs = jobs
        self.sources = {path: content for path, content in contents.items() if isinstance(content, bytes)}
        self.python: dict[str, PythonFacts] = {}
        self.templates: list[Skipped] = []
        self.problems = [
            Problem(path, 1, 1, f"The file is {reason}", "unreadable")
            for path, reason in contents.items()
            if isinstance(reason, str)
        ]

    def lower(self, paths: Sequence[str]) -> None:
        """Add the facts of some files."""
        extracted = extract_all([self.sources[path] for path in paths], self.jobs)
        for path, facts in zip(paths, extracted, strict=True):
            if isinstance(facts, PythonFacts):
                self.python[path] = facts
            elif facts.kind == "syntax" and is_python_template(self.sources[path], facts.line):
                self.templates.append(Skipped(path, "template"))
            else:
                self.problems.append(Problem(path, facts.line, facts.column, facts.message, facts.kind))


def _screened(sources: Mapping[str, bytes], options: ProjectOptions) -> dict[str, Screened]:
    """The files that need not be lowered as such, and why; none that the configuration gives a role."""
    reasons = {path: screened(source, outside_role(path) == "test") for path, source in sources.items()}
    named = [place.pattern for one in (*options.roles, *options.layers) for place in one.places]
    return {
        path: reason
        for path, reason in reasons.items()
        if reason and not any(matches(pattern, path) for pattern in named)
    }


def _lower_imported_tests(files: _Files, reasons: Mapping[str, Screened]) -> None:
    """Read those screened tests that the application may import after all, and those that these import."""
    names = {
        name for path, facts in files.python.items() if outside_role(path) != "test" for name in facts.names
    }
    tests = {path for path in files.sources if outside_role(path) == "test"}
    while named := sorted(path for path in tests if _is_named(path, names)):
        tests.difference_update(named)
        files.lower([path for path in named if path in reasons])
        for path in named:
            if path in files.python:
                names |= files.python[path].names


def _is_named(path: str, names: AbstractSet[str]) -> bool:
    """Whether code that holds `names` may import a test: it names the file, and the folders of tests."""
    *folders, name = path.removesuffix("/__init__.py").split("/")
    of_tests = [folder for folder in folders if outside_role(f"{folder}/_.py") == "test"]
    return names >= {stem_of(name), *of_tests}


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
