"""Run the command line in this process, in a small project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from fastapi_lint.cli.app import run
from fastapi_lint.testing import write_files

MAIN = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef read_root():\n    return {}\n'
BROKEN = "import os\n\ndef broken(:\n"


class Done(msgspec.Struct):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """`lint("check", ".")`: run a command line without colours."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("FASTAPI_LINT_TRACEBACK", raising=False)

    def call(*arguments: str | Path) -> Done:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`project(**files)`: make a project and go there. Without files, it is a small clean one."""

    def build(files: dict[str, str | bytes] | None = None) -> Path:
        folder = tmp_path / "project"
        folder.mkdir()
        write_files(folder, {"pyproject.toml": "", "app/main.py": MAIN} if files is None else files)
        monkeypatch.chdir(folder)
        return folder

    return build


def lines(text: str) -> Sequence[str]:
    return text.splitlines()
