from __future__ import annotations

import pytest

from fastapi_lint.testing import lint


def lines(text: str) -> list[int]:
    return [finding.span.line for finding in lint({"Dockerfile": text}, select=["DPL024"])]


@pytest.mark.parametrize(
    "name",
    [
        "tiangolo/uvicorn-gunicorn-fastapi",
        "tiangolo/uvicorn-gunicorn:python3.11-slim",
        "docker.io/tiangolo/uvicorn-gunicorn-starlette@sha256:0123",
        "registry.example.com/mirror/tiangolo/uvicorn-gunicorn-fastapi:latest",
    ],
)
def test_names(name: str) -> None:
    assert lines(f"FROM {name}\nCOPY app /app\n") == [1]


def test_argument_with_a_default() -> None:
    assert lines("ARG TAG=python3.11\nFROM tiangolo/uvicorn-gunicorn-fastapi:${TAG}\n") == [2]


def test_message() -> None:
    [finding] = lint({"Dockerfile": "FROM tiangolo/uvicorn-gunicorn-fastapi:x\n"}, select=["DPL024"])
    assert finding.message == (
        "`tiangolo/uvicorn-gunicorn-fastapi` is deprecated by its author and gets no security updates"
    )


def test_stages_that_reach_an_image() -> None:
    text = "FROM tiangolo/uvicorn-gunicorn AS base\nFROM base AS next\nFROM next\n"
    assert lines(text) == [1]
    text = "FROM tiangolo/uvicorn-gunicorn AS libs\nFROM python:3.13\nCOPY --from=libs /x /x\n"
    assert lines(text) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "ARG IMAGE\nFROM $IMAGE\n",
        "FROM tiangolo/uvicorn-gunicorn AS old\nFROM python:3.13\n",
        "FROM tiangolo/meinheld-gunicorn\n",
        "FROM someone/uvicorn-gunicorn\n",
        "FROM python:3.13-slim\n",
    ],
)
def test_other_images(text: str) -> None:
    assert lines(text) == []
