"""A project without a model, and rules whose checks are plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fastapi_lint.catalogue import Catalogue, load
from fastapi_lint.config import ProjectOptions
from fastapi_lint.engine.project_view import FileView, ProblemView, ProjectView, SkippedView
from fastapi_lint.facts.python.syntax import Comment
from fastapi_lint.findings import Finding, Span

Check = Callable[[ProjectView], Iterable[Finding]]

RULES = {
    "RTE001": ("routes", "shadowed-route", "error", True),
    "RTE006": ("routes", "router-never-included", "error", True),
    "ARC001": ("architecture", "router-imports-repository", "warning", True),
    "ARC010": ("architecture", "routes-in-app-module", "info", False),
    "FAL001": ("analysis", "syntax-error", "error", True),
    "FAL002": ("analysis", "file-not-readable", "error", True),
    "FAL003": ("analysis", "unused-ignore", "warning", True),
    "FAL004": ("analysis", "malformed-ignore", "warning", True),
    "FAL005": ("analysis", "internal-error", "error", True),
}
PRESETS = """
recommended = { summary = "Default.", default = true }
strict = { summary = "All.", all = true, layered = true }
routing = { summary = "Routes.", select = ["RTE"] }
"""


@dataclass
class FakeFile:
    path: str
    kind: str = "python"


@dataclass
class FakeSkipped:
    path: str
    reason: str


@dataclass
class FakeProblem:
    path: str
    message: str
    line: int
    column: int
    kind: str


@dataclass
class FakeProject:
    """Files by their paths; a comment is whatever follows a `#` and speaks to us."""

    texts: dict[str, str]
    problems: list[ProblemView] = field(default_factory=list)
    skipped: list[SkippedView] = field(default_factory=list)
    apps: list[object] = field(default_factory=list)
    symbols: dict[tuple[str, int], str] = field(default_factory=dict)
    options: ProjectOptions = field(default_factory=ProjectOptions)
    route_count: int = 0
    image_count: int = 0
    unused_excludes: tuple[str, ...] = ()

    @property
    def files(self) -> list[FileView]:
        kinds = {"Dockerfile": "dockerfile"}
        return [FakeFile(path, kinds.get(path, "python")) for path in sorted(self.texts)]

    def text(self, path: str) -> str:
        return self.texts.get(path, "")

    def comments(self, path: str) -> list[Comment]:
        found = []
        code_seen = False
        for number, line in enumerate(self.text(path).split("\n"), 1):
            before, mark, _ = line.partition("#")
            code_seen = code_seen or bool(before.strip())
            if mark and re.search(r"fastapi-lint\s*:", line):
                text = line[len(before) :]
                found.append(Comment(number, len(before) + 1, text, not before.strip(), not code_seen))
        return found

    def is_outside(self, path: str) -> bool:
        return path.startswith("tests/")

    def symbol_at(self, path: str, line: int, column: int) -> str:  # noqa: ARG002
        return self.symbols.get((path, line), "")


@pytest.fixture
def rules(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("rules")
    (folder / "presets.toml").write_text(PRESETS)
    for code, (group, name, severity, default) in RULES.items():
        (folder / group).mkdir(exist_ok=True)
        head = (
            f'code = "{code}"\nname = "{name}"\nseverity = "{severity}"\ndefault = {str(default).lower()}\n'
        )
        page = f'+++\n{head}fix = "none"\n+++\n\n# {code} {name}\n\nOne sentence.\n'
        (folder / group / f"{name}.md").write_text(page)
    return load(folder)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Check]:
    """The checks by their codes; a rule that isn't here finds nothing."""
    known: dict[str, Check] = {}
    monkeypatch.setattr(
        "fastapi_lint.engine.run.load_check", lambda rule: known.get(rule.code, lambda _project: ())
    )
    return known


@pytest.fixture
def project() -> Callable[..., FakeProject]:
    def build(texts: dict[str, str] | None = None, **more: object) -> FakeProject:
        return FakeProject(texts if texts is not None else {"app/main.py": "one\ntwo\nthree\n"}, **more)  # type: ignore[arg-type]

    return build


@pytest.fixture
def at() -> Callable[..., Finding]:
    """`at(line)`: a finding on the first three columns of a line of app/main.py."""

    def build(
        line: int, message: str = "wrong", path: str = "app/main.py", column: int = 1, end_line: int = 0
    ) -> Finding:
        return Finding(Span(path, line, column, end_line or line, column + 3), message)

    return build


@pytest.fixture
def problem() -> type[FakeProblem]:
    return FakeProblem


@pytest.fixture
def skipped() -> type[FakeSkipped]:
    return FakeSkipped
