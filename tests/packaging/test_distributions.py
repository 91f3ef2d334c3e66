"""What is installed finds its pages, wherever it comes from."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
IGNORED = (
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    "tests",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "dist",
)


def run(*command: str | Path, cwd: Path | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that building and editing leave it alone."""
    import shutil

    target = tmp_path_factory.mktemp("checkout") / "fastapi-lint"
    shutil.copytree(CHECKOUT, target, ignore=shutil.ignore_patterns(*IGNORED))
    return target


@pytest.fixture(scope="module")
def distributions(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist; those of a run of CI, if it says where they are."""
    given = os.environ.get("FASTAPI_LINT_DIST")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "-q", "--outdir", folder, copy)
    return folder


def environment(folder: Path) -> Path:
    """A new virtual environment; returns the folder of its programs."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


def install(programs: Path, *what: str | Path) -> None:
    run(programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *what)


def explained(programs: Path, folder: Path) -> str:
    return run(programs / "fastapi-lint", "explain", "FAL003", cwd=folder)


def only(folder: Path, pattern: str) -> Path:
    [found] = folder.glob(pattern)
    return found


def test_the_wheel_holds_pages_presets_schema_and_marker(distributions: Path) -> None:
    names = set(zipfile.ZipFile(only(distributions, "*.whl")).namelist())
    pages = {
        f"fastapi_lint/{path.relative_to(CHECKOUT).as_posix()}" for path in CHECKOUT.glob("rules/*/*.md")
    }
    assert pages <= names
    assert {
        "fastapi_lint/rules/presets.toml",
        "fastapi_lint/report/schema.json",
        "fastapi_lint/py.typed",
    } <= names
    assert not [name for name in names if name.startswith(("rules/", "tests/"))]


def test_the_wheel_and_what_is_built_from_the_sdist_find_their_pages(
    distributions: Path, tmp_path: Path
) -> None:
    for pattern in ("*.whl", "*.tar.gz"):
        programs = environment(tmp_path / pattern.strip("*."))
        install(programs, only(distributions, pattern))
        assert explained(programs, tmp_path).startswith("# FAL003 unused-ignore\n")


def test_an_editable_package_reads_the_checkout(copy: Path, tmp_path: Path) -> None:
    programs = environment(tmp_path / "venv")
    install(programs, "-e", copy)
    assert explained(programs, tmp_path).startswith("# FAL003 unused-ignore\n")
    page = copy / "rules/analysis/unused-ignore.md"
    page.write_text(page.read_text("utf-8").replace("\n## Why\n", "\nEdited just now.\n\n## Why\n"), "utf-8")
    assert "Edited just now." in explained(programs, tmp_path)
