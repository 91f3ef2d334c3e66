"""Services, containers, processes, programs and units: what they start, in which environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fastapi_lint.project.project import Project

from .conftest import APP

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n'
BARE = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n"


def services(text: str, **dockerfiles: str) -> dict[str, str]:
    return {"Dockerfile": DOCKERFILE, "compose.yaml": f"services:\n{text}", **dockerfiles}


def of_kind(starts: Any, kind: str) -> list[Any]:
    return [start for start in starts if start.launch.kind == kind]


@pytest.mark.parametrize(
    ("service", "port"),
    [
        ("  api:\n    build: .\n", 8000),
        ("  api:\n    build: .\n    command: uvicorn app.main:app --port 9000\n", 9000),
        ("  api:\n    build: .\n    command: [uvicorn, app.main:app, --port, '9000']\n", 9000),
        ("  api:\n    build: .\n    command:\n    - uvicorn\n    - app.main:app\n    - --port=9000\n", 9000),
        ("  api:\n    build: .\n    command: bash -c 'uvicorn app.main:app --port 9000'\n", 9000),
        ("  api:\n    build: .\n    command: >\n     sh -c 'uvicorn app.main:app\n     --port 9000'\n", 9000),
        ("  api:\n    build: .\n    entrypoint: uvicorn app.main:app\n    command: --port 9000\n", 9000),
        ("  api:\n    build: .\n    environment: {UVICORN_PORT: '9000'}\n", 9000),
        ("  api:\n    build: .\n    environment:\n      - UVICORN_PORT=9000\n", 9000),
        ("  api:\n    build: .\n    environment:\n      - UVICORN_PORT\n", None),
        ("  api:\n    build: .\n    env_file: api.env\n", 9000),
        ("  api:\n    build: .\n    env_file:\n      - path: api.env\n        required: false\n", 9000),
        ("  api:\n    build: .\n    env_file: [api.env]\n    environment: {UVICORN_PORT: '9001'}\n", 9001),
        ("  api:\n    build: .\n    command: uvicorn app.main:app --port ${PORT:-9000}\n", 9000),
        ("  api:\n    build: .\n    command: uvicorn app.main:app --port ${FROM_DOTENV}\n", 9000),
        ("  api:\n    build: .\n    command: uvicorn app.main:app --port ${NOWHERE}\n", None),
        ("  api:\n    build: .\n    command: sh -c 'uvicorn app.main:app --port $$UVICORN_PORT'\n"
         "    environment: {UVICORN_PORT: 9000}\n", 9000),
        ("  base:\n    build: .\n    environment: {UVICORN_PORT: 9000}\n    command: sleep 1\n"
         "  api:\n    extends: {service: base}\n    command: uvicorn app.main:app\n", 9000),
    ],
)  # fmt: skip
def test_a_service_has_its_command_and_variables(starts_of: Any, service: str, port: int | None) -> None:
    files = {**services(service), "api.env": "UVICORN_PORT=9000\n", ".env": "FROM_DOTENV=9000\n"}
    [start] = of_kind(starts_of(files), "service")
    assert (start.launch.name, start.port.value) == ("api", port)
    assert start.target.app.path == "app/main.py"


def test_build_arguments_reach_the_stage(starts_of: Any) -> None:
    dockerfile = BARE + 'ARG PORT=1\nENV UVICORN_PORT=$PORT\nCMD ["uvicorn", "app.main:app"]\n'
    service = "  api:\n    build:\n      context: .\n      args: {PORT: '9000'}\n"
    image, api = starts_of({**services(service), "Dockerfile": dockerfile})
    assert (image.port.value, api.port.value) == (1, 9000)


def test_a_target_chooses_the_stage(starts_of: Any) -> None:
    dockerfile = (
        "FROM python:3.12-slim AS base\nCOPY . /srv\nWORKDIR /srv\n"
        'FROM base AS dev\nCMD ["uvicorn", "app.main:app", "--reload"]\n'
        'FROM base AS prod\nCMD ["uvicorn", "app.main:app"]\nFROM base AS test\nCMD ["pytest"]\n'
    )
    service = "  api:\n    build: {context: ., target: prod}\n"
    starts = starts_of({**services(service), "Dockerfile": dockerfile})
    assert [(s.launch.kind, s.launch.name, s.environment, s.reload.value) for s in starts] == [
        ("image", "dev", "development", True),
        ("image", "prod", "production", False),
        ("service", "api", "production", False),
    ]


def test_a_stage_that_only_development_builds_is_for_development(starts_of: Any) -> None:
    mounted = "  api:\n    build: .\n    volumes: ['./app:/srv/app']\n"
    for service, environment in ((mounted, "development"), ("  api:\n    build: .\n", "unknown")):
        image, _ = starts_of(services(service))
        assert image.environment == environment
    both = services(mounted) | {"compose.prod.yaml": "services:\n  api:\n    build: .\n"}
    assert {s.launch.path: s.environment for s in starts_of(both)} == {
        "Dockerfile": "production",
        "compose.prod.yaml": "production",
        "compose.yaml": "development",
    }


@pytest.mark.parametrize(
    ("path", "service", "environment"),
    [
        ("compose.yaml", "  api:\n", "unknown"),
        ("compose.prod.yaml", "  api:\n", "production"),
        ("docker-compose.staging.yml", "  api:\n", "staging"),
        ("docker-compose.test.yml", "  api:\n", "test"),
        ("compose.dev.yaml", "  api:\n", "development"),
        ("deploy/dev/compose.yaml", "  api:\n", "development"),
        ("compose.yaml", "  api-prod:\n", "production"),
        ("compose.yaml", "  api_dev:\n", "development"),
        ("compose.yaml", "  api:\n    profiles: [dev]\n", "development"),
        ("compose.prod.yaml", "  api:\n    volumes: ['./app:/srv/app']\n", "development"),
        ("compose.yaml", "  api:\n    volumes: ['./data:/srv/data']\n", "unknown"),
        ("compose.yaml", "  api:\n    develop: {watch: [{path: app, action: sync}]}\n", "development"),
    ],
)  # fmt: skip
def test_environments(starts_of: Any, path: str, service: str, environment: str) -> None:
    text = f"services:\n{service}    build: .\n    command: uvicorn app.main:app\n"
    [start] = of_kind(starts_of({"Dockerfile": BARE, path: text, "data/x.txt": ""}), "service")
    assert start.environment == environment


def test_mounted_files_stand_over_those_of_the_image(starts_of: Any) -> None:
    dockerfile = 'FROM python:3.12-slim\nWORKDIR /srv\nCMD ["./start.sh"]\n'
    script = "#!/bin/sh\nexec uvicorn app.main:app\n"
    files = {**services("  api:\n    build: .\n    volumes: ['.:/srv']\n"), "Dockerfile": dockerfile}
    [start] = starts_of({**files, "start.sh": script})
    assert (start.launch.kind, start.target.app.path) == ("service", "app/main.py")


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: api
          image: registry.example/shop:1.2
"""


@pytest.mark.parametrize(
    ("more", "port"),
    [
        ('          command: ["uvicorn", "app.main:app"]\n          args: ["--port", "9000"]\n', 9000),
        ('          args: ["uvicorn", "app.main:app", "--port", "9000"]\n', 9000),
        ('          command: ["sh", "-c", "uvicorn app.main:app --port 9000"]\n', 9000),
        ('          command: ["uvicorn", "app.main:app", "--port", "$(PORT)"]\n'
         "          env: [{name: PORT, value: '9000'}]\n", 9000),
        ("          env: [{name: UVICORN_PORT, value: '9000'}]\n", 9000),
        ("          env: [{name: UVICORN_PORT, valueFrom: {secretKeyRef: {name: a, key: b}}}]\n", None),
        ("          envFrom: [{configMapRef: {name: shop-config}}]\n", 9000),
        ("", 8000),
    ],
)  # fmt: skip
def test_containers(starts_of: Any, more: str, port: int | None) -> None:
    config = (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop-config}\ndata: {UVICORN_PORT: '9000'}\n"
    )
    compose = "  api:\n    build: .\n    image: registry.example/shop\n"
    files = {**services(compose), "k8s/shop.yaml": MANIFEST + more + config}
    [start] = of_kind(starts_of(files), "container")
    assert (start.launch.name, start.environment, start.port.value) == ("api", "production", port)
    assert (start.launch.replicas.value, start.launch.replicas.span.line) == (3, 5)
    assert start.target.app.path == "app/main.py"


def test_processes_of_a_procfile(starts_of: Any) -> None:
    text = "release: alembic upgrade head\nweb: gunicorn app.main:app -w 4 -k uvicorn.workers.UvicornWorker\n"
    [start] = starts_of({"Procfile": text})
    assert (start.launch.kind, start.launch.name, start.workers.value) == ("process", "web", 4)
    assert (start.host.value, start.port.value, start.target.status) == (None, None, "found")


def test_a_program_of_supervisord_in_an_image(starts_of: Any) -> None:
    files = {
        "Dockerfile": BARE
        + "COPY etc/supervisord.conf /etc/supervisord.conf\nCOPY etc/api.conf /etc/conf.d/\n"
        + 'CMD ["supervisord", "-n", "-c", "/etc/supervisord.conf"]\n',
        "etc/supervisord.conf": "[supervisord]\nnodaemon=true\n[include]\nfiles = /etc/conf.d/*.conf\n",
        "etc/api.conf": "[program:api]\ndirectory=/srv\nenvironment=UVICORN_PORT=9000\n"
        "command=uvicorn app.main:app\n",
    }
    [start] = starts_of(files)
    assert (start.launch.kind, start.port.value, start.target.app.path) == ("image", 9000, "app/main.py")


def test_a_program_of_supervisord_without_an_image(starts_of: Any) -> None:
    [start] = starts_of({"supervisord.conf": "[program:api]\ncommand=uvicorn app.main:app --port 9000\n"})
    assert (start.launch.kind, start.launch.name, start.port.value) == ("program", "api", 9000)


def test_a_unit_of_systemd(starts_of: Any) -> None:
    unit = (
        "[Service]\nEnvironment=UVICORN_PORT=9000\nWorkingDirectory=/opt/shop\n"
        "ExecStart=/opt/shop/.venv/bin/uvicorn app.main:app\n"
    )
    [start] = starts_of({"shop.service": unit})
    assert (start.launch.kind, start.launch.name, start.port.value) == ("unit", "shop.service", 9000)
    assert start.program == "/opt/shop/.venv/bin/uvicorn"


def test_an_override_adds_to_its_file(starts_of: Any) -> None:
    files = services("  api:\n    build: .\n    environment: {UVICORN_WORKERS: 2}\n") | {
        "compose.override.yaml": "services:\n  api:\n    command: uvicorn app.main:app --reload\n"
    }
    found = {s.launch.path: (s.reload.value, s.workers.value, s.environment) for s in starts_of(files)}
    assert found["compose.override.yaml"] == (True, 2, "development")
    assert found["compose.yaml"] == (False, 2, "unknown")


def test_a_base_image_that_starts_the_app_itself(starts_of: Any) -> None:
    dockerfile = (
        "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nENV MODULE_NAME=app.main\nCOPY app /app/app\n"
    )
    [start] = starts_of({"Dockerfile": dockerfile})
    assert (start.server, start.target.text, start.host.value, start.port.value) == (
        "gunicorn",
        "app.main:app",
        "0.0.0.0",
        80,
    )


def test_a_way_without_a_server_has_a_reason(project_of: Callable[..., Project]) -> None:
    files = {"app/main.py": APP, "Dockerfile": BARE + 'CMD ["./start.sh", "x"]\n'}
    deployment = project_of(files).deployment
    [launch] = deployment.launches
    [end] = deployment.unresolved(launch)
    assert end.text == "./start.sh x"
    assert end.reason == "`start.sh` is not a server that is known, and no script of the project"


def test_tests_and_sums_of_a_shell_are_no_ways(project_of: Callable[..., Project]) -> None:
    script = "#!/bin/bash\n[[ -z $A ]] && exit 1\n((n++))\nwhile ((n < 3)); do continue; done\narq jobs\n"
    files = {"app/main.py": APP, "Dockerfile": BARE + 'CMD ["./a.sh"]\n', "a.sh": script}
    deployment = project_of(files).deployment
    [launch] = deployment.launches
    assert [end.text for end in deployment.unresolved(launch)] == ["arq jobs"]
