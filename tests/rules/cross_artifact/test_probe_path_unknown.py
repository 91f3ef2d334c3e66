from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

APP = """from fastapi import APIRouter, FastAPI
app = FastAPI()
@app.get("/health")
def health(): ...
@app.post("/reset")
def reset(): ...
"""
IMAGE = 'FROM python:3.13\nWORKDIR /srv\nRUN pip install "fastapi[standard]"\nCOPY . .\n'
START = 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": APP, **files}, select=["XAR002"])


def image(check: str, start: str = START) -> str:
    return IMAGE + f"HEALTHCHECK --interval=30s CMD {check}\n" + start


def test_place_message_help_and_fix() -> None:
    dockerfile = image("curl -f http://localhost:8000/healthz || exit 1")
    [finding] = found({"Dockerfile": dockerfile})
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (5, 61, 69)
    assert finding.message == (
        "The health check of `Dockerfile` asks for `/healthz`, which `app.main:app` has no route for"
    )
    assert finding.help == "Ask for `/health`"
    assert [(related.span.path, related.span.line) for related in finding.related] == [("app/main.py", 2)]
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    assert "localhost:8000/health ||" in apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"]


def test_route_of_another_method() -> None:
    [finding] = found({"Dockerfile": image("curl -f http://localhost:8000/reset")})
    assert finding.message.endswith("asks for `/reset`, which `app.main:app` answers only to `POST`")


@pytest.mark.parametrize(
    "check",
    [
        '["curl", "-f", "http://127.0.0.1:8000/up"]',
        '["sh", "-c", "curl -f http://0.0.0.0:8000/up || exit 1"]',
        "wget -qO- localhost:8000/up",
        "python -c \"import urllib.request as r; r.urlopen('http://localhost:8000/up')\"",
        "curl -f http://localhost:${PORT:-8000}/up?full=1",
    ],
)
def test_every_form(check: str) -> None:
    assert len(found({"Dockerfile": image(check)})) == 1


@pytest.mark.parametrize(
    "test",
    [
        '["CMD", "curl", "http://localhost:8000/up"]',
        '["CMD-SHELL", "curl http://api:8000/up"]',
        "curl localhost:8000/up",
    ],
)
def test_health_check_of_a_service(test: str) -> None:
    compose = f"services:\n  api:\n    build: .\n    healthcheck:\n      test: {test}\n"
    [finding] = found({"Dockerfile": IMAGE + START, "compose.yaml": compose})
    assert (finding.span.path, finding.span.line) == ("compose.yaml", 5)
    assert finding.message.startswith("The health check of the service `api` asks for `/up`")


@pytest.mark.parametrize("path", ["/health", "/health/", "/docs", "/redoc", "/openapi.json", "/health?x=1"])
def test_paths_that_are_answered(path: str) -> None:
    assert found({"Dockerfile": image(f"curl -f http://localhost:8000{path}")}) == []


def test_documentation_that_is_switched_off() -> None:
    code = APP.replace("FastAPI()", "FastAPI(docs_url=None)")
    check = image("curl -f http://localhost:8000/docs")
    assert len(found({"app/main.py": code, "Dockerfile": check})) == 1


def test_prefixes_are_put_together() -> None:
    code = (
        APP
        + "r = APIRouter(prefix='/status')\n@r.get('')\ndef s(): ...\napp.include_router(r, prefix='/api')\n"
    )
    assert found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/api/status")}) == []
    assert len(found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/status")})) == 1


def test_root_path_is_taken_away() -> None:
    code = APP.replace("FastAPI()", "FastAPI(root_path='/api')")
    assert found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/api/health")}) == []
    start = START.replace('"]', '", "--root-path", "/v1"]')
    assert found({"Dockerfile": image("curl http://localhost:8000/v1/health", start)}) == []


def test_parameter_and_path_convertor() -> None:
    code = (
        APP
        + "@app.get('/items/{name}')\ndef i(name): ...\n@app.get('/files/{rest:path}')\ndef f(rest): ...\n"
    )
    for path in ("/items/one", "/files/a/b"):
        assert found({"app/main.py": code, "Dockerfile": image(f"curl http://localhost:8000{path}")}) == []


def test_prefix_from_settings_may_differ() -> None:
    code = (
        "from fastapi import APIRouter, FastAPI\nfrom pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n    prefix: str = '/api/v1'\n"
        "settings = Settings()\napp = FastAPI()\nr = APIRouter()\n"
        "@r.get('/health')\ndef h(): ...\napp.include_router(r, prefix=settings.prefix)\n"
    )
    assert found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/v2/health")}) == []


@pytest.mark.parametrize(
    "code",
    [
        APP + "from starlette.staticfiles import StaticFiles\napp.mount('/', StaticFiles(directory='x'))\n",
        APP + "import library\napp.include_router(library.router)\n",
        APP
        + "@app.middleware('http')\nasync def m(request, go):\n    if request.url.path == '/up': return 1\n",
        APP + "HEALTH = '/up'\n",
    ],
)
def test_something_else_may_answer(code: str) -> None:
    assert found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/up")}) == []


@pytest.mark.parametrize(
    "check",
    [
        "curl -f http://minio:9000/up",
        "curl -f http://localhost:9000/up",
        "curl -f http://localhost:8000$HEALTH_PATH",
        "curl -f http://example.com/up",
        "curl -X POST http://localhost:8000/up",
        "pg_isready",
    ],
)
def test_checks_of_something_else(check: str) -> None:
    assert found({"Dockerfile": image(check)}) == []


def test_proxy_in_the_same_container() -> None:
    files = {
        "Dockerfile": image("curl http://localhost:8000/up", 'CMD ["sh", "start.sh"]\n'),
        "start.sh": "nginx\nexec uvicorn app.main:app\n",
    }
    assert found(files) == []


def test_service_that_runs_something_else() -> None:
    compose = "services:\n  worker:\n    build: .\n    command: celery worker\n"
    compose += "    healthcheck: {test: ['CMD', 'curl', 'http://localhost:8000/up']}\n"
    assert found({"Dockerfile": IMAGE + START, "compose.yaml": compose}) == []


def test_app_inside_another_one_is_not_judged() -> None:
    code = APP + "import socketio\nserver = socketio.ASGIApp(object(), other_asgi_app=app)\n"
    start = START.replace("main:app", "main:server")
    assert found({"app/main.py": code, "Dockerfile": image("curl http://localhost:8000/up", start)}) == []
