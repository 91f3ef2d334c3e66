from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

FILES = {"pyproject.toml": '[project]\nname = "x"\n', "uv.lock": "", "poetry.lock": "", "app/main.py": ""}


def found(text: str, **files: str) -> list[Finding]:
    head = "" if text.startswith("FROM") else "FROM python:3.13-slim\nWORKDIR /app\n"
    return lint({**FILES, "Dockerfile": head + text, **files}, select=["DPL010"])


@pytest.mark.parametrize(
    "text",
    [
        "COPY pyproject.toml ./\nRUN uv sync\nCOPY uv.lock ./\n",
        "COPY pyproject.toml ./\nRUN pip install poetry && poetry install --no-root\n",
        "COPY pyproject.toml ./\nCOPY app app\nRUN uv sync --frozen\n",
        "RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync\n",
    ],
)
def test_installs_without_the_lock(text: str) -> None:
    assert len(found(text)) == 1


def test_place_message_and_related() -> None:
    [finding] = found("COPY pyproject.toml ./\nRUN uv sync --no-dev\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (4, 5, 12)
    assert finding.message == "`uv sync` runs before `uv.lock` is in the image, and doesn't use it"
    assert [related.span.path for related in finding.related] == ["uv.lock"]


@pytest.mark.parametrize(
    "text",
    [
        "COPY pyproject.toml uv.lock ./\nRUN uv sync\n",
        "COPY . .\nRUN uv sync\n",
        "COPY pyproject.toml uv.lock* ./\nRUN uv sync\n",
        "COPY *.toml *.lock ./\nRUN uv sync\n",
        "ADD ./ /app/\nRUN poetry install\n",
        "COPY pyproject.toml ./\nRUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync\n",
        "COPY pyproject.toml ./\nRUN --mount=type=bind,target=/src uv sync\n",
        "COPY pyproject.toml $LOCK ./\nRUN uv sync\n",
        "COPY pyproject.toml ./\nRUN uv pip install -r pyproject.toml\n",
        "RUN uv sync\n",
    ],
)
def test_the_lock_is_there_or_may_be(text: str) -> None:
    assert found(text) == []


def test_parent_stage() -> None:
    text = "FROM python:3.13 AS base\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nFROM base\nRUN uv sync\n"
    assert found(text) == []


def test_other_stage() -> None:
    text = "FROM python:3.13 AS files\nWORKDIR /f\nCOPY . .\nFROM python:3.13\nWORKDIR /app\n"
    text += "COPY pyproject.toml ./\nCOPY --from=files /f/uv.lock ./\nRUN uv sync\n"
    assert found(text) == []
    assert found(text.replace("/f/uv.lock ./", "/f /app")) == []


def test_context_of_the_compose_file() -> None:
    files = {
        "backend/pyproject.toml": "[project]\n",
        "backend/uv.lock": "",
        "docker/api.Dockerfile": "FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml ./\nRUN uv sync\n",
        "compose.yaml": "services:\n  api:\n    build:\n      context: backend\n"
        "      dockerfile: ../docker/api.Dockerfile\n",
    }
    assert len(lint(files, select=["DPL010"])) == 1


def test_lock_that_is_not_tracked() -> None:
    files = {
        "pyproject.toml": "[project]\n",
        "Dockerfile": "FROM python:3.13\nWORKDIR /a\nCOPY pyproject.toml ./\nRUN uv sync\n",
    }
    assert lint(files, select=["DPL010"]) == []
