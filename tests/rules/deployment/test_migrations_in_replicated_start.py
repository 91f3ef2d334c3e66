from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint


def found(command: str, more: str = "deploy: {replicas: 3}", **files: str) -> list[Finding]:
    compose = f"services:\n  api:\n    build: .\n    command: {command}\n    {more}\n"
    return lint({"compose.yaml": compose, **files}, select=["DPL026"])


@pytest.mark.parametrize(
    "command",
    [
        'sh -c "alembic upgrade head && uvicorn a:app"',
        'sh -c "uv run alembic upgrade head && uv run uvicorn a:app"',
        'sh -c "poetry run alembic -c db/alembic.ini upgrade head; poetry run uvicorn a:app"',
        'sh -c "python -m alembic upgrade head && exec gunicorn a:app"',
        'sh -c "aerich upgrade && exec uvicorn a:app"',
        'bash -c "sleep 5; alembic upgrade head; exec uvicorn a:app"',
    ],
)
def test_commands(command: str) -> None:
    [finding] = found(command)
    tool = "aerich" if "aerich" in command else "alembic"
    assert finding.message == (
        f"Each of 3 replicas of the service `api` runs `{tool} upgrade` before its server"
    )
    assert [(related.span.line, related.message) for related in finding.related] == [
        (5, "3 replicas are asked for here")
    ]


@pytest.mark.parametrize(
    "command",
    [
        'sh -c "alembic current && uvicorn a:app"',
        'sh -c "alembic upgrade head --sql && uvicorn a:app"',
        'sh -c "alembic upgrade head"',
        'sh -c "alembic upgrade head && celery -A a worker"',
        'sh -c "uvicorn a:app; alembic downgrade base"',
        'sh -c "if [ -n \\"$$MIGRATE\\" ]; then alembic upgrade head; fi; exec uvicorn a:app"',
        'sh -c "flock /shared/lock alembic upgrade head && exec uvicorn a:app"',
        'sh -c "python take_advisory_lock.py && alembic upgrade head && exec uvicorn a:app"',
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found(command) == []


@pytest.mark.parametrize(
    "more",
    [
        "deploy: {replicas: 1}",
        "deploy: {replicas: '${REPLICAS}'}",
        "restart: always",
        "deploy: {replicas: 3}\n    volumes: ['.:/srv']",
    ],
)
def test_other_numbers(more: str) -> None:
    assert found('sh -c "alembic upgrade head && uvicorn a:app"', more, **{"app/a.py": ""}) == []


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          image: example/api
          command: [sh, -c, "alembic upgrade head && exec uvicorn a:app"]
"""


def test_a_workload() -> None:
    [finding] = lint({"k8s/api.yaml": MANIFEST}, select=["DPL026"])
    assert (finding.span.path, finding.span.line) == ("k8s/api.yaml", 11)
    assert lint({"k8s/api.yaml": MANIFEST.replace("replicas: 2", "replicas: 1")}, select=["DPL026"]) == []
    assert lint({"k8s/dev/api.yaml": MANIFEST}, select=["DPL026"]) == []


def test_an_init_container() -> None:
    text = MANIFEST.replace("containers:", "initContainers:").replace("&& exec uvicorn a:app", "")
    text += "      containers: [{name: api, image: example/api, command: [uvicorn, 'a:app']}]\n"
    assert lint({"k8s/api.yaml": text}, select=["DPL026"]) == []


def test_an_autoscaler() -> None:
    scaler = (
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api}\n"
        "spec: {scaleTargetRef: {kind: Deployment, name: api}, maxReplicas: 5}\n"
    )
    [finding] = lint(
        {"k8s/api.yaml": MANIFEST.replace("replicas: 2", "replicas: 1") + scaler}, select=["DPL026"]
    )
    assert finding.message.startswith(
        "Each of up to 5 replicas of the container `api` runs `alembic upgrade`"
    )
