"""Projects written in tests, as their models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fastapi_lint.config.options import ProjectOptions
from fastapi_lint.facts.python.extract import extract
from fastapi_lint.facts.python.syntax import PythonFacts
from fastapi_lint.project.project import Project
from fastapi_lint.sources.discover import discover
from fastapi_lint.sources.kinds import Kind
from fastapi_lint.testing import write_files

Build = Callable[..., Project]


@pytest.fixture
def project_of(tmp_path: Path) -> Build:
    """`project_of({path: text})`, or the text of `app/main.py` alone, gives the model."""

    def build(files: Mapping[str, str] | str, options: ProjectOptions | None = None) -> Project:
        write_files(tmp_path, {"app/main.py": files} if isinstance(files, str) else files)
        discovery = discover(tmp_path)
        python: dict[str, PythonFacts] = {}
        for file in discovery.files:
            if file.kind is Kind.PYTHON:
                facts = extract((tmp_path / file.path).read_bytes())
                assert isinstance(facts, PythonFacts), facts
                python[file.path] = facts
        return Project(tmp_path, options or ProjectOptions(), discovery, python, ())

    return build
