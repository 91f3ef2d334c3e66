from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.deployment.orchestration import has_orchestrator, keeps_state, run_together
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
IMAGE = 'FROM python:3.13\nCMD ["uvicorn", "app.main:app"]\n'
APP = "from fastapi import FastAPI\napp = FastAPI()\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("fly.toml", ""),
        ("Procfile", "web: uvicorn app.main:app\n"),
        ("deploy/chart/Chart.yaml", "name: api\n"),
        ("infra/main.tf", ""),
        ("task-definition.json", "{}"),
        (".github/workflows/deploy.yml", "steps: [{run: kubectl apply -f k8s}]\n"),
        ("deploy.sh", "#!/bin/sh\ngcloud run deploy api\n"),
        ("Makefile", "up:\n\tdocker compose up --scale api=3\n"),
        (
            "k8s/api.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec: {containers: [{name: api}]}\n",
        ),
    ],
)
def test_orchestrators(project_of: Build, path: str, text: str) -> None:
    assert has_orchestrator(project_of({path: text}))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services: {api: {build: .}}\n"),
        ("deploy.sh", "#!/bin/sh\ndocker compose up -d\n"),
        (".github/workflows/test.yml", "steps: [{run: pytest}]\n"),
        ("tasks.json", "{}"),
    ],
)
def test_single_servers(project_of: Build, path: str, text: str) -> None:
    assert not has_orchestrator(project_of({path: text}))


@pytest.mark.parametrize(
    ("compose", "expected"),
    [
        ("api: {build: .}", 1),
        ("api: {build: ., deploy: {replicas: 3}}", 3),
        ("api: {build: ., scale: '${SCALE}'}", None),
        ("api: {build: ., command: 'gunicorn app.main:app -w 4'}", 4),
        ("api: {build: ., command: 'uvicorn app.main:app --workers ${WORKERS}'}", None),
        ("api: {build: .}, dev: {build: ., command: 'uvicorn app.main:app --workers 4'}", 1),
        ("one: {build: .}, two: {build: .}", 2),
        ("other: {image: other, command: 'uvicorn a:app --workers 4'}", 1),
    ],
)
def test_processes_of_an_image(project_of: Build, compose: str, expected: int | None) -> None:
    files = {"Dockerfile": IMAGE, "app/main.py": APP, "compose.yaml": f"services: {{{compose}}}\n"}
    project = project_of(files)
    start = project.deployment.starts[0]
    assert start.launch.kind == "image"
    assert run_together(project, start) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", False),
        ("from apscheduler.schedulers.asyncio import AsyncIOScheduler\n", True),
        ("import aiocron\n", True),
        ("def start():\n    from fastapi_utils.tasks import repeat_every\n", True),
        ("from app import schedule\n", False),
        ("from .schedule import run\n", False),
        (
            "from fastapi import WebSocket\nclients = []\n"
            "@app.websocket('/ws')\nasync def ws(socket: WebSocket):\n"
            "    await socket.accept()\n    clients.append(socket)\n    while True:\n"
            "        text = await socket.receive_text()\n        for client in clients:\n"
            "            await client.send_text(text)\n",
            True,
        ),
    ],
)
def test_apps_for_one_process(project_of: Build, code: str, expected: bool) -> None:
    project = project_of({"app/main.py": APP + code, "app/schedule.py": "run = 1\n"})
    assert keeps_state(project, project.apps[0]) is expected
