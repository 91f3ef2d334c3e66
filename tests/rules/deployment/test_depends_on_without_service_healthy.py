from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n'
CHECK = "    healthcheck: {test: [CMD, check]}\n"


def compose(depends: str, extra: str = "", image: str = "postgres:17", check: str = CHECK) -> str:
    api = f"  api:\n    build: .\n{extra}    depends_on: {depends}\n"
    return f"services:\n{api}  db:\n    image: {image}\n{check}"


def found(text: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": IMAGE, "app/main.py": "", "compose.yaml": text, **files}, select=["DPL013"])


@pytest.mark.parametrize(
    ("depends", "fixed"),
    [
        ("[db]", "depends_on: {db: {condition: service_healthy}}"),
        ("\n      - db", "depends_on: \n      db:\n        condition: service_healthy\n"),
        ("{db: {condition: service_started}}", "depends_on: {db: {condition: service_healthy}}"),
        ("\n      db:\n        condition: service_started", "condition: service_healthy"),
    ],
)
def test_forms_and_fixes(depends: str, fixed: str) -> None:
    text = compose(depends)
    [finding] = found(text)
    after = apply_fixes({"compose.yaml": text}, [finding])["compose.yaml"]
    assert fixed in after
    assert found(after) == []


def test_other_entries_of_the_list_stay() -> None:
    text = compose("[mail, db]") + "  mail:\n    image: mailpit\n"
    after = apply_fixes({"compose.yaml": text}, found(text))["compose.yaml"]
    assert "{mail: {condition: service_started}, db: {condition: service_healthy}}" in after


def test_message_and_related() -> None:
    [finding] = found(compose("[db]"))
    assert finding.message == "`api` starts as soon as the container of `db` runs, not when `db` is ready"
    assert [related.span.line for related in finding.related] == [7]


@pytest.mark.parametrize(
    "image",
    [
        "postgis/postgis:17",
        "mysql:9",
        "mariadb",
        "mongo:8",
        "redis:8-alpine",
        "bitnami/valkey",
        "rabbitmq:4-management",
    ],
)
def test_kinds_of_services(image: str) -> None:
    assert len(found(compose("[db]", image=image))) == 1


def test_worker_of_the_same_dockerfile() -> None:
    text = "services:\n  worker:\n    build: .\n    command: celery worker\n    depends_on: [db]\n"
    assert len(found(text + "  db:\n    image: postgres\n" + CHECK)) == 1


def test_health_check_in_an_override() -> None:
    override = "services:\n  db:\n" + CHECK
    assert len(found(compose("[db]", check=""), **{"compose.override.yaml": override})) == 1


@pytest.mark.parametrize(
    "text",
    [
        compose("{db: {condition: service_healthy}}"),
        compose("[db]", check=""),
        compose("[db]", image="nginx"),
        compose("[db]", image="adminer"),
        compose("[db]", "    command: sh -c 'wait-for-it db:5432 && exec uvicorn a:app'\n"),
        compose("[db]", "    command: sh -c 'until pg_isready; do sleep 1; done; exec uvicorn a:app'\n"),
        compose("[db]", "    command: dockerize -wait tcp://db:5432 uvicorn a:app\n"),
        compose("[db]", "    command: sh -c 'python app/backend_pre_start.py && exec uvicorn a:app'\n"),
        compose("[elsewhere]"),
        "services:\n  admin:\n    image: dpage/pgadmin4\n    depends_on: [db]\n  db:\n    image: postgres\n"
        + CHECK,
    ],
)
def test_nothing_to_report(text: str) -> None:
    assert found(text) == []


def test_prestart_service_between() -> None:
    text = compose("{db: {condition: service_started}, pre: {condition: service_completed_successfully}}")
    assert found(text + "  pre:\n    build: .\n    command: alembic upgrade head\n") == []


def test_start_script_that_waits() -> None:
    script = "#!/bin/sh\nwhile ! nc -z db 5432; do sleep 1; done\nexec uvicorn app.main:app\n"
    dockerfile = IMAGE.replace('["uvicorn", "app.main:app"]', '["sh", "start.sh"]')
    assert found(compose("[db]"), **{"Dockerfile": dockerfile, "start.sh": script}) == []


def test_files_for_tests() -> None:
    text = compose("[db]")
    assert lint({"Dockerfile": IMAGE, "compose.test.yaml": text}, select=["DPL013"]) == []
