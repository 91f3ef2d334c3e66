from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"
CMD = 'CMD ["uvicorn", "app.main:app"]\n'
UV = '[project]\nname = "x"\n[dependency-groups]\ndev = ["pytest"]\ndocs = ["mkdocs"]\n'
POETRY = '[tool.poetry]\nname = "x"\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n'


def found(run: str, pyproject: str = UV, **files: str) -> list[Finding]:
    base = {"pyproject.toml": pyproject, "uv.lock": "", "app/main.py": ""}
    return lint({**base, "Dockerfile": HEAD + run + "\n" + CMD, **files}, select=["DPL012"])


@pytest.mark.parametrize(
    ("run", "pyproject", "fixed"),
    [
        ("RUN uv sync --frozen", UV, "RUN uv sync --no-dev --frozen"),
        ("RUN poetry install", POETRY, "RUN poetry install --without dev"),
        ("RUN pdm install", UV, "RUN pdm install --prod"),
    ],
)
def test_tools_and_fixes(run: str, pyproject: str, fixed: str) -> None:
    [finding] = found(run, pyproject)
    assert fixed + "\n" in apply_fixes({"Dockerfile": HEAD + run + "\n" + CMD}, [finding])["Dockerfile"]


@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements/test.txt", "dev-requirements.txt"])
def test_requirements_named_for_development(name: str) -> None:
    assert len(found(f"RUN pip install -r {name}")) == 1


@pytest.mark.parametrize(
    "run",
    [
        "RUN uv sync --no-dev",
        "RUN uv sync --no-default-groups",
        "RUN uv sync --only-group prod",
        "ENV UV_NO_DEV=1\nRUN uv sync",
        "RUN uv sync $OPTIONS",
        "RUN poetry install --without dev",
        "RUN poetry install --only main",
        "RUN pdm install --prod",
        "RUN pip install -r requirements.txt",
        "RUN pip install -r requirements/production.txt",
        "RUN pip install -r latest.txt",
    ],
)
def test_commands_that_are_fine(run: str) -> None:
    assert found(run, UV if "poetry" not in run else POETRY) == []


def test_project_without_such_a_group() -> None:
    assert found("RUN uv sync", '[project]\nname = "x"\n[dependency-groups]\ndocs = ["mkdocs"]\n') == []
    assert found("RUN uv sync", UV + "[tool.uv]\ndefault-groups = []\n") == []
    optional = '[tool.poetry]\nname = "x"\n[tool.poetry.group.dev]\noptional = true\n'
    assert (
        found("RUN poetry install", optional + '[tool.poetry.group.dev.dependencies]\npytest = "*"\n') == []
    )


def test_image_that_runs_the_tests_too() -> None:
    compose = "services:\n  api: {build: .}\n  check: {build: ., command: pytest -q}\n"
    assert found("RUN uv sync", **{"compose.yaml": compose}) == []


def test_stages() -> None:
    text = (
        HEAD.replace("slim\n", "slim AS test\n") + "RUN uv sync\nFROM python:3.13-slim\nWORKDIR /app\n" + CMD
    )
    assert lint({"pyproject.toml": UV, "uv.lock": "", "Dockerfile": text}, select=["DPL012"]) == []
    text = HEAD.replace("slim\n", "slim AS build\n") + "RUN uv sync\nFROM python:3.13-slim\n"
    text += "COPY --from=build /app/.venv /app/.venv\n" + CMD
    assert len(lint({"pyproject.toml": UV, "uv.lock": "", "Dockerfile": text}, select=["DPL012"])) == 1


def test_image_for_development() -> None:
    assert (
        lint({"pyproject.toml": UV, "dev.Dockerfile": HEAD + "RUN uv sync\n" + CMD}, select=["DPL012"]) == []
    )
