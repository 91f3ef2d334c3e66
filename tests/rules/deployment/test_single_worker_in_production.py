from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


def image(command: str, head: str = "") -> str:
    return f"FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n{head}CMD exec {command}\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": APP, **files}, select=["DPL003"])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("uvicorn app.main:app", "one worker, its default,"),
        ("uvicorn app.main:app --workers 1", "`--workers 1`"),
        ("fastapi run app/main.py", "one worker, its default,"),
        ("gunicorn app.main:app -k uvicorn.workers.UvicornWorker", "one worker, its default,"),
        ("gunicorn app.main:app -w 1", "`-w 1`"),
        ("hypercorn app.main:app", "one worker, its default,"),
        ("env WEB_CONCURRENCY=1 uvicorn app.main:app", "`WEB_CONCURRENCY`"),
    ],
)
def test_servers(command: str, said: str) -> None:
    [finding] = found({"Dockerfile": image(command)})
    assert (
        f" starts with {said} in `Dockerfile`, and nothing in the repository starts a second one"
        in finding.message
    )


@pytest.mark.parametrize(
    ("command", "head"),
    [
        ("uvicorn app.main:app --workers 2", ""),
        ("uvicorn app.main:app --workers $WORKERS", ""),
        ("uvicorn app.main:app --workers $WORKERS", "ENV WORKERS=1\n"),
        ("uvicorn app.main:app --workers ${WORKERS:-1}", ""),
        ("uvicorn app.main:app", "ENV WEB_CONCURRENCY=4\n"),
        ("gunicorn app.main:app", "ENV GUNICORN_CMD_ARGS='--workers 4'\n"),
        ("gunicorn app.main:app -c gunicorn.py", ""),
        ("uvicorn app.main:app --reload", ""),
        ("uvicorn app.main:app $OPTIONS", ""),
        ("granian app.main:app", ""),
    ],
)
def test_silent(command: str, head: str) -> None:
    files = {"gunicorn.py": "import os\nworkers = os.cpu_count() * 2 + 1\n"}
    assert found({"Dockerfile": image(command, head), **files}) == []


def test_once_for_an_image() -> None:
    compose = "services:\n  api: {build: .}\n"
    files = {"Dockerfile": image("uvicorn app.main:app"), "compose.yaml": compose}
    assert [finding.span.path for finding in found(files)] == ["Dockerfile"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  api: {build: ., deploy: {replicas: 2}}\n"),
        ("compose.yaml", "services:\n  api: {build: ., command: 'uvicorn app.main:app --workers 4'}\n"),
        ("compose.yaml", "services:\n  one: {build: .}\n  two: {build: .}\n"),
        ("compose.yaml", "services:\n  api: {build: ., volumes: ['./app:/srv/app']}\n"),
        ("compose.yaml", "services:\n  api: {build: ., env_file: [.env]}\n"),
        ("k8s/api.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a}]}\n"),
        ("fly.toml", ""),
        ("Dockerfile.prod", image("uvicorn app.main:app --workers 4")),
        ("app/main.py", f"{APP}from apscheduler.schedulers.background import BackgroundScheduler\n"),
    ],
)
def test_other_files_speak_of_more(path: str, text: str) -> None:
    files = {"Dockerfile": image("uvicorn app.main:app"), path: text}
    assert found(files) == []


def test_a_service_whose_env_file_is_unknown() -> None:
    compose = "services:\n  api: {image: example/api, command: 'uvicorn app.main:app', env_file: [.env]}\n"
    assert found({"compose.yaml": compose}) == []
    assert len(found({"compose.yaml": compose, ".env.example": "DEBUG=\n"})) == 1


def test_stages_for_development_and_units() -> None:
    text = 'FROM python:3.13 AS dev\nCMD ["uvicorn", "app.main:app"]\n'
    assert found({"Dockerfile": text}) == []
    unit = "[Service]\nExecStart=/srv/.venv/bin/uvicorn app.main:app\n"
    assert [finding.span.path for finding in found({"deploy/api.service": unit})] == ["deploy/api.service"]
