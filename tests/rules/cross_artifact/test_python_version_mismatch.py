from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

PROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["fastapi"]\n'
INSTALL = "WORKDIR /srv\nCOPY . .\nRUN pip install .\n"


def found(dockerfile: str, pyproject: str = PROJECT, **files: str) -> list[Finding]:
    base = {"pyproject.toml": pyproject, "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    return lint({**base, "Dockerfile": dockerfile, **files}, select=["XAR009"])


@pytest.mark.parametrize(
    "base",
    [
        "python:3.11",
        "python:3.11.4-slim-bookworm",
        "docker.io/library/python:3.10-alpine",
        "ghcr.io/astral-sh/uv:python3.11-bookworm-slim",
        "python:3.11-slim@sha256:0123",
    ],
)
def test_base_images(base: str) -> None:
    assert len(found(f"FROM {base}\n{INSTALL}")) == 1


def test_place_message_and_related() -> None:
    [finding] = found("FROM python:3.11-slim AS app\n" + INSTALL)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (1, 6, 22)
    assert finding.message == "`python:3.11-slim` brings Python 3.11, and `pyproject.toml` requires `>=3.12`"
    assert [(r.span.path, r.span.line) for r in finding.related] == [("pyproject.toml", 4)]


def test_argument_with_a_default() -> None:
    assert len(found("ARG V=3.11\nFROM python:${V}-slim\n" + INSTALL)) == 1
    assert found("ARG V\nFROM python:${V}-slim\n" + INSTALL) == []


@pytest.mark.parametrize(
    "install",
    [
        "RUN pip install -e .\n",
        "RUN pip install uv && uv sync\n",
        "RUN pip install poetry && poetry install\n",
    ],
)
def test_tools(install: str) -> None:
    assert len(found("FROM python:3.11\nWORKDIR /srv\nCOPY . .\n" + install)) == 1


def test_image_that_only_runs_the_app() -> None:
    text = (
        "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nRUN pip install fastapi uvicorn\n"
        'CMD ["uvicorn", "app.main:app"]\n'
    )
    assert len(found(text)) == 1


def test_constraint_of_poetry() -> None:
    project = '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n'
    text = "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nRUN poetry install\n"
    assert len(found(text, project)) == 1
    assert found(text.replace("3.11", "3.13"), project) == []


@pytest.mark.parametrize(
    "base",
    ["python:3.12", "python:3.13-slim", "python:slim", "python:latest", "python", "node:24", "ubuntu:24.04"],
)
def test_bases_that_fit_or_say_nothing(base: str) -> None:
    assert found(f"FROM {base}\n{INSTALL}") == []


def test_project_that_requires_nothing() -> None:
    assert found("FROM python:3.8\n" + INSTALL, PROJECT.replace('requires-python = ">=3.12"\n', "")) == []


def test_stage_for_another_tool() -> None:
    assert found("FROM python:3.11 AS tools\nRUN pip install awscli\nFROM python:3.13\n" + INSTALL) == []


def test_project_of_another_application() -> None:
    files = {
        "tools/Dockerfile": (
            "FROM python:3.11\nWORKDIR /t\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        )
    }
    assert found("FROM python:3.13\n" + INSTALL, **files, **{"tools/requirements.txt": "requests\n"}) == []


@pytest.mark.parametrize(
    "line", ["ENV UV_PYTHON=3.13", "RUN uv python install 3.13", "RUN uv venv --python 3.13"]
)
def test_uv_chooses_the_python(line: str) -> None:
    assert found(f"FROM python:3.11\nWORKDIR /srv\n{line}\nCOPY . .\nRUN uv sync\n") == []


def test_version_file_that_is_copied() -> None:
    text = "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nRUN uv sync\n"
    assert found(text, **{".python-version": "3.13\n"}) == []


def test_packages_of_another_python() -> None:
    text = "FROM python:3.12 AS build\nRUN pip install fastapi\nFROM python:3.13-slim\nCOPY --from=build {}\n"
    site = "/usr/local/lib/python3.12/site-packages"
    for paths in (f"{site} {site}", "/srv/.venv /srv/.venv", "/usr/local /usr/local"):
        [finding] = found(text.format(paths))
        assert finding.span.line == 3
        assert "were installed for Python 3.12" in finding.message
    assert found(text.format("/srv/dist /srv/dist")) == []
    assert found(text.format(f"{site} {site}").replace("3.12 AS", "3.13 AS")) == []
