from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = "FROM python:3.13-slim\nWORKDIR /app\n"


def found(text: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": text, "app/main.py": "", **files}, select=["DPL018"])


@pytest.mark.parametrize(
    "name", [".env", "./.env", ".env.prod", "deploy/.env.production", ".env.local", "prod.env"]
)
def test_names(name: str) -> None:
    for keyword in ("COPY", "ADD"):
        [finding] = found(HEAD + f"{keyword} {name} ./\n")
        assert finding.message == f"`{keyword}` puts `{name}` into the image of `Dockerfile`"


def test_only_the_word_is_marked() -> None:
    [finding] = found(HEAD + "COPY pyproject.toml .env app/\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (3, 21, 25)


def test_stage_that_is_built_upon() -> None:
    text = "FROM python:3.13 AS base\nCOPY .env /app/\nFROM base\nCOPY app app\nCMD python\n"
    assert [finding.span.line for finding in found(text)] == [2]


def test_stage_that_is_copied_from() -> None:
    text = "FROM python:3.13 AS build\nWORKDIR /out\nCOPY .env ./\n"
    text += "FROM python:3.13\nCOPY --from=build /out /app\n"
    assert len(found(text)) == 1
    assert found(text.replace("/out /app", "/out/app /app")) == []


@pytest.mark.parametrize(
    "line",
    [
        "COPY .env.example .env",
        "COPY .env.sample ./",
        "COPY .env.template ./",
        "COPY .env.dist ./",
        "COPY .env.test ./",
        "COPY . .",
        "COPY config/ config/",
        "RUN --mount=type=secret,id=env,target=.env true",
        "COPY --from=build /app/.env ./",
        "COPY .env* ./",
    ],
)
def test_other_sources(line: str) -> None:
    assert found(HEAD + line + "\n") == []


def test_frontend() -> None:
    text = "FROM node:24\nCOPY .env.production ./\nRUN npm run build\n"
    assert found(text) == []


def test_ignored_file_is_not_there() -> None:
    assert found(HEAD + "COPY .env ./\n", **{".dockerignore": ".env\n"}) == []


@pytest.mark.parametrize("path", ["dev.Dockerfile", "tests/Dockerfile", ".devcontainer/Dockerfile"])
def test_images_for_development_and_tests(path: str) -> None:
    assert lint({path: HEAD + "COPY .env ./\n"}, select=["DPL018"]) == []
