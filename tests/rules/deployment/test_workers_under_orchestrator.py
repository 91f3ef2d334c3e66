from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint


def manifest(command: str, kind: str = "Deployment", extra: str = "") -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: api}}\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: api\n          image: example/api:1\n"
        f"          {command}\n{extra}"
    )


def found(files: dict[str, str]) -> list[Finding]:
    return lint(files, select=["DPL004"])


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "Rollout"])
def test_option(kind: str) -> None:
    [finding] = found({"k8s/api.yaml": manifest('args: ["uvicorn", "a:app", "--workers=3"]', kind)})
    assert finding.span.line == 10
    assert finding.message == f"`uvicorn` starts 3 workers in each pod of the {kind} `api`"


def test_variable_of_the_container() -> None:
    env = "          env: [{name: WEB_CONCURRENCY, value: '4'}]\n"
    text = manifest('command: ["gunicorn", "a:app"]', extra=env)
    assert [finding.span.line for finding in found({"k8s/api.yaml": text})] == [11]


def test_image_that_a_compose_file_builds() -> None:
    files = {
        "k8s/api.yaml": manifest("ports: []"),
        "compose.yaml": "services:\n  api:\n    build: .\n    image: example/api:latest\n",
        "Dockerfile": 'FROM python:3.13\nCMD ["fastapi", "run", "--workers", "4"]\n',
    }
    [finding] = found(files)
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 2)
    assert [related.span.path for related in finding.related] == ["k8s/api.yaml"]
    assert found({**files, "compose.yaml": files["compose.yaml"].replace("example/api", "other")}) == []


@pytest.mark.parametrize(
    "command",
    [
        'command: ["uvicorn", "a:app", "--workers", "1"]',
        'command: ["uvicorn", "a:app"]',
        'command: ["sh", "-c", "uvicorn a:app --workers $WORKERS"]',
        'command: ["uvicorn", "a:app", "--workers", "$(WORKERS)"]',
        'command: ["celery", "-A", "a", "worker", "--concurrency", "4"]',
        'command: ["uvicorn", "a:app", "--workers", "{{ .Values.workers }}"]',
    ],
)
def test_nothing_to_report(command: str) -> None:
    assert found({"k8s/api.yaml": manifest(command)}) == []


def test_jobs_are_not_scaled() -> None:
    assert found({"k8s/api.yaml": manifest('command: ["uvicorn", "a:app", "--workers", "4"]', "Job")}) == []


def test_compose_alone() -> None:
    compose = (
        "services:\n  api:\n    build: .\n    command: uvicorn a:app --workers 4\n    deploy: {replicas: 2}\n"
    )
    assert found({"compose.yaml": compose, "Dockerfile": "FROM python:3.13\n"}) == []
