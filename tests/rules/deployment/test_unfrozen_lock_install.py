from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"
FILES = {
    "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n',
    "uv.lock": "version = 1\n",
    "pdm.lock": "",
    "Pipfile": "[packages]\n",
    "Pipfile.lock": "{}",
}


def found(run: str, path: str = "Dockerfile", **files: str) -> list[Finding]:
    return lint({**FILES, path: HEAD + run + "\n", **files}, select=["DPL009"])


@pytest.mark.parametrize(
    ("run", "fixed"),
    [
        ("RUN uv sync", "RUN uv sync --frozen"),
        ("RUN pip install uv && uv sync --no-dev", "RUN pip install uv && uv sync --frozen --no-dev"),
        ("RUN cd /app && uv sync", "RUN cd /app && uv sync --frozen"),
        ("RUN uv --quiet sync", "RUN uv --quiet sync --frozen"),
        ("RUN pdm install --prod", "RUN pdm install --frozen-lockfile --prod"),
        ("RUN pipenv install --system", "RUN pipenv install --deploy --system"),
        ("RUN <<EOF\nset -e\nuv sync\nEOF", "RUN <<EOF\nset -e\nuv sync --frozen\nEOF"),
    ],
)
def test_commands_and_fixes(run: str, fixed: str) -> None:
    findings = found(run)
    assert len(findings) == 1
    text = apply_fixes({"Dockerfile": HEAD + run}, findings)["Dockerfile"]
    assert text == HEAD + fixed


def test_place_and_message() -> None:
    [finding] = found("RUN pip install uv && uv sync --no-dev")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (4, 23, 30)
    assert finding.message == (
        "`uv sync` may change `uv.lock` while the image is built, so that two builds of one commit differ"
    )


@pytest.mark.parametrize(
    "run",
    [
        "RUN uv sync --frozen",
        "RUN uv sync --locked",
        "ENV UV_FROZEN=1\nRUN uv sync",
        "ARG UV_LOCKED=true\nRUN uv sync",
        "RUN UV_FROZEN=1 uv sync",
        "RUN export UV_FROZEN=1 && uv sync",
        "RUN uv sync $OPTIONS",
        "RUN uv pip sync requirements.txt",
        "RUN uv pip install -r requirements.txt",
        "RUN pip install -r requirements.txt",
        "RUN pdm sync",
        "RUN pdm install --frozen-lockfile",
        "ENV PDM_FROZEN_LOCKFILE=1\nRUN pdm install",
        "RUN pipenv install --deploy",
        "RUN pipenv install --ignore-pipfile",
        "RUN pipenv sync",
        "RUN pipenv install gunicorn",
        "RUN poetry install",
    ],
)
def test_commands_that_are_fine(run: str) -> None:
    assert found(run) == []


def test_variable_that_is_switched_off() -> None:
    assert len(found("ENV UV_FROZEN=0\nRUN uv sync")) == 1


def test_no_lock_file() -> None:
    files = {"pyproject.toml": FILES["pyproject.toml"], "Dockerfile": HEAD + "RUN uv sync\n"}
    assert lint(files, select=["DPL009"]) == []
    assert lint({**files, "uv.lock": "", ".gitignore": "uv.lock\n"}, select=["DPL009"]) == []


def test_lock_of_another_project() -> None:
    files = {
        "api/pyproject.toml": FILES["pyproject.toml"],
        "web/uv.lock": "",
        "api/Dockerfile": HEAD + "RUN uv sync\n",
    }
    assert lint(files, select=["DPL009"]) == []


@pytest.mark.parametrize("path", [".devcontainer/Dockerfile", "dev.Dockerfile", "tests/Dockerfile"])
def test_files_for_development_and_tests(path: str) -> None:
    assert found("RUN uv sync", path) == []


def test_stage_for_development() -> None:
    text = HEAD.replace("slim\n", "slim AS dev\n") + "RUN uv sync\n"
    assert lint({**FILES, "Dockerfile": text}, select=["DPL009"]) == []


def test_image_that_only_development_builds() -> None:
    compose = "services:\n  api-dev:\n    build: .\n"
    assert found("RUN uv sync", **{"compose.yaml": compose}) == []
