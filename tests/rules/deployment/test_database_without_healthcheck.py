from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n'


def compose(image: str, depends: str = "[db]", extra: str = "") -> str:
    return f"services:\n  api:\n    build: .\n{extra}    depends_on: {depends}\n  db:\n    image: {image}\n"


def found(text: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": IMAGE, "app/main.py": "", "compose.yaml": text, **files}, select=["DPL015"])


@pytest.mark.parametrize(
    ("image", "test"),
    [
        ("postgres:17", "pg_isready"),
        ("mysql:9", "mysqladmin"),
        ("redis", "redis-cli"),
        ("rabbitmq:4", "rabbitmq-diagnostics"),
    ],
)
def test_images_and_fixes(image: str, test: str) -> None:
    text = compose(image)
    [finding] = found(text)
    assert finding.message == "`db` has no health check, so `api` can't wait until it is ready"
    after = apply_fixes({"compose.yaml": text}, [finding])["compose.yaml"]
    assert f"    image: {image}\n    healthcheck: {{test: [" in after
    assert test in after
    assert found(after) == []


def test_one_finding_for_each_database() -> None:
    text = compose("postgres") + "  worker:\n    build: .\n    command: celery\n    depends_on: [db]\n"
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        compose("example/db"),
        compose("postgres") + "    healthcheck: {test: [CMD, x]}\n",
        compose(
            "postgres", extra="    command: sh -c 'until nc -z db 1; do sleep 1; done; exec uvicorn a:app'\n"
        ),
        compose("postgres", "[]"),
        "services:\n  admin:\n    image: adminer\n    depends_on: [db]\n  db:\n    image: postgres\n",
    ],
)
def test_nothing_to_report(text: str) -> None:
    assert found(text) == []


def test_dockerfile_with_a_check() -> None:
    text = compose("postgres").replace("image: postgres", "build: db")
    assert found(text, **{"db/Dockerfile": "FROM postgres\nHEALTHCHECK CMD pg_isready\n"}) == []
    assert len(found(text, **{"db/Dockerfile": "FROM postgres\n"})) == 1
