from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

PROCFILE = "web: uvicorn app.main:app --host 0.0.0.0 --port $PORT\n"
DOCKERFILE = 'FROM python:3.13-slim\nCOPY app/ app/\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'
APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/users')\ndef users(): ...\n"


def found(source: str = APP, preset: str | None = None, **files: str) -> list[Finding]:
    given = {"app/__init__.py": "", "app/main.py": source, **(files or {"Procfile": PROCFILE})}
    return lint(given, select=["HLT001"], preset=preset)


def test_place_and_message() -> None:
    [finding] = found()
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/main.py", 2, 7)
    assert finding.message == "The app `app.main:app` has no health endpoint that a platform could ask"


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": DOCKERFILE},
        {
            "compose.yaml": (
                "services:\n  api:\n    image: x\n    command: uvicorn app.main:app --host 0.0.0.0\n"
            )
        },
        {
            "Dockerfile": "FROM python:3.13\nCOPY . .\nCMD sh start.sh\n",
            "start.sh": "exec uvicorn app.main:app\n",
        },
    ],
)
def test_whatever_starts_it(files: dict[str, str]) -> None:
    assert len(found(APP, **files)) == 1


def test_every_app_with_the_preset_production() -> None:
    assert found(APP, **{"README.md": ""}) == []
    assert len(found(APP, "production", **{"README.md": ""})) == 1


def test_health_path_with_a_parameter_is_none() -> None:
    assert len(found(APP + "@app.get('/users/{name}/status')\ndef s(name): ...\n")) == 1


def test_health_route_of_another_method_is_none() -> None:
    assert len(found(APP + "@app.post('/ping')\ndef s(): ...\n")) == 1


def test_app_factory() -> None:
    source = (
        "from fastapi import FastAPI\ndef create():\n    app = FastAPI()\n    return app\napp = create()\n"
    )
    [finding] = found(source + "@app.get('/users')\ndef users(): ...\n")
    assert finding.span.line == 3


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/health",
            "/healthz",
            "/health-check",
            "/api/healthcheck",
            "/live",
            "/livez",
            "/liveness",
            "/ready",
        ),
        *("/readyz", "/readiness", "/ping", "/v1/status", "/heartbeat", "/up", "/health/ready", "/_health/"),
        *("/health/db", "/system-health"),
    ],
)
def test_names_of_health_routes(path: str) -> None:
    assert found(APP + f"@app.get('{path}')\ndef check(): ...\n") == []


@pytest.mark.parametrize(
    "more",
    [
        "from lib import router\napp.include_router(router)\n",
        "from lib import make\napp.mount('/x', make())\n",
        "from fastapi_health import health\napp.add_api_route('/state', health([]))\n",
        "from dockerflow.fastapi import router\napp.include_router(router)\n",
        (
            "@app.middleware('http')\nasync def m(r, n):\n    return ok() if r.url.path == '/healthz' else"
            " await n(r)\n"
        ),
    ],
)
def test_silent(more: str) -> None:
    assert found(APP + more) == []


def test_static_files_hide_no_health_route() -> None:
    more = (
        "from fastapi.staticfiles import StaticFiles\napp.mount('/static', StaticFiles(directory='static'))\n"
    )
    assert len(found(APP + more)) == 1


def test_health_route_of_a_mounted_app() -> None:
    more = "sub = FastAPI()\n@sub.get('/health')\ndef health(): ...\napp.mount('/api', sub)\n"
    assert found(APP + more) == []


@pytest.mark.parametrize(
    "check",
    [
        "HEALTHCHECK CMD curl -f http://localhost:8000/users\n",
        "HEALTHCHECK CMD curl -f http://localhost:8000/docs\n",
        "HEALTHCHECK CMD python -m app.check\n",
    ],
)
def test_health_check_that_asks_otherwise(check: str) -> None:
    assert found(APP, Dockerfile=DOCKERFILE + check) == []


def test_health_check_that_is_switched_off() -> None:
    assert len(found(APP, Dockerfile=DOCKERFILE + "HEALTHCHECK NONE\n")) == 1


def test_kubernetes_probe_of_a_route() -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: api\n          image: api\n"
        "          command: [uvicorn, 'app.main:app']\n"
    )
    probe = "          livenessProbe: {httpGet: {path: /users, port: 8000}}\n"
    tcp = "          livenessProbe: {tcpSocket: {port: 8000}}\n"
    assert found(APP, **{"k8s/api.yaml": manifest + probe}) == []
    assert len(found(APP, **{"k8s/api.yaml": manifest + tcp})) == 1


def test_apps_of_tests() -> None:
    assert lint({"tests/app.py": APP, "Procfile": "web: uvicorn tests.app:app\n"}, select=["HLT001"]) == []


@pytest.mark.parametrize(
    ("path", "count"),
    [("/is_alive", 0), ("/test_connection", 0), ("/test-connection", 0), ("/connections", 1)],
)
def test_other_names_that_platforms_ask(path: str, count: int) -> None:
    assert len(found(APP + f"@app.get('{path}')\ndef s(): ...\n")) == count
