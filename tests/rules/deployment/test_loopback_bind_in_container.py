from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": "app = 1\n", **files}, select=["DPL008"])


def image(command: str) -> dict[str, str]:
    return {"Dockerfile": IMAGE + f"CMD exec {command}\n"}


def run_by(call: str) -> dict[str, str]:
    code = f"import os\nimport uvicorn\nfrom app.config import settings\napp = 1\nuvicorn.run(app{call})\n"
    return {"Dockerfile": IMAGE + 'CMD ["python", "app/main.py"]\n', "app/main.py": code}


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app",
        "uvicorn app.main:app --host 127.0.0.1",
        "uvicorn app.main:app --host=localhost",
        "fastapi dev app/main.py",
        "gunicorn app.main:app -b 127.0.0.1:8000",
        "gunicorn app.main:app -blocalhost:80",
        "hypercorn app.main:app",
        "granian app.main:app",
        "env UVICORN_HOST=127.0.0.1 uvicorn app.main:app",
    ],
)
def test_every_server(command: str) -> None:
    assert len(found(image(command))) == 1


def test_default_message_and_fix() -> None:
    files = {"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app"]\n'}
    [finding] = found(files)
    assert (finding.span.column, finding.span.end_column) == (6, 15)
    assert finding.message == (
        "`uvicorn` binds to `127.0.0.1`, its default, in `Dockerfile`: "
        "nothing outside the container reaches it"
    )
    fixed = apply_fixes(files, [finding])["Dockerfile"]
    assert fixed.endswith('CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n')


def test_fix_of_an_address_and_in_yaml() -> None:
    compose = "services:\n  api:\n    build: .\n    command:\n      - uvicorn\n      - app.main:app\n"
    files = {"Dockerfile": IMAGE, "compose.yaml": compose}
    fixed = apply_fixes(files, found(files))["compose.yaml"]
    assert fixed == compose + "      - --host\n      - 0.0.0.0\n"
    files = image("uvicorn app.main:app --host localhost")
    assert "--host 0.0.0.0\n" in apply_fixes(files, found(files))["Dockerfile"]


@pytest.mark.parametrize("call", ["", ", port=80", ", host='127.0.0.1'", ", host='localhost', port=80"])
def test_call_in_code(call: str) -> None:
    assert [finding.span.path for finding in found(run_by(call))] == ["app/main.py"]


@pytest.mark.parametrize(
    "call",
    [", host='0.0.0.0'", ", host=settings.host", ", host=os.environ['HOST']", ", uds='/x'", ", **settings"],
)
def test_call_that_is_fine_or_unknown(call: str) -> None:
    assert found(run_by(call)) == []


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app --host 0.0.0.0",
        "uvicorn app.main:app --host ::",
        "uvicorn app.main:app --host $HOST",
        "uvicorn app.main:app --uds /run/x.sock",
        "uvicorn app.main:app --fd 3",
        "uvicorn app.main:app $OPTIONS",
        "fastapi run app/main.py",
        "gunicorn app.main:app",
        "gunicorn app.main:app -b unix:/run/x.sock",
        "gunicorn app.main:app -b :8000",
        "hypercorn app.main:app --config hypercorn.toml",
    ],
)
def test_commands_that_are_fine_or_unknown(command: str) -> None:
    assert found(image(command)) == []


@pytest.mark.parametrize("line", ["ENV UVICORN_HOST=0.0.0.0", "ENV UVICORN_HOST=$ADDRESS"])
def test_variable_of_the_image(line: str) -> None:
    assert found({"Dockerfile": IMAGE + line + '\nCMD ["uvicorn", "app.main:app"]\n'}) == []


def test_variable_with_arguments_of_gunicorn() -> None:
    dockerfile = IMAGE + 'ENV GUNICORN_CMD_ARGS="--bind=127.0.0.1:8000"\nCMD ["gunicorn", "app.main:app"]\n'
    assert len(found({"Dockerfile": dockerfile})) == 1
    assert found({"Dockerfile": dockerfile.replace("127.0.0.1", "0.0.0.0")}) == []


def test_configuration_of_gunicorn() -> None:
    files = {
        "Dockerfile": IMAGE + 'CMD ["gunicorn", "app.main:app"]\n',
        "gunicorn.conf.py": "bind = '127.0.0.1:80'\n",
    }
    assert [finding.span.path for finding in found(files)] == ["gunicorn.conf.py"]
    assert found({**files, "gunicorn.conf.py": "bind = ['0.0.0.0:80']\n"}) == []


@pytest.mark.parametrize("line", ["network_mode: host", "environment: [UVICORN_HOST=0.0.0.0]"])
def test_service_that_is_reached(line: str) -> None:
    compose = f"services:\n  api:\n    build: .\n    {line}\n"
    assert found({"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app"]\n', "compose.yaml": compose}) == []


def test_service_whose_network_another_one_uses() -> None:
    compose = "services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n"
    files = {"Dockerfile": IMAGE, "compose.yaml": compose}
    assert len(found(files)) == 1
    compose += "  proxy:\n    image: caddy\n    network_mode: service:api\n"
    assert found({**files, "compose.yaml": compose}) == []


def test_command_that_the_service_completes() -> None:
    files = {
        "Dockerfile": IMAGE + 'ENTRYPOINT ["uvicorn", "app.main:app"]\n',
        "compose.yaml": "services:\n  api:\n    build: .\n    command: --host 0.0.0.0\n",
    }
    assert found(files) == []


def test_proxy_in_the_same_container() -> None:
    files = {"Dockerfile": IMAGE + 'CMD ["sh", "s.sh"]\n', "s.sh": "nginx\nexec uvicorn app.main:app\n"}
    assert found(files) == []


def test_process_outside_of_a_container() -> None:
    assert found({"Procfile": "web: uvicorn app.main:app --port $PORT\n"}) == []


@pytest.mark.parametrize(
    ("service", "count"),
    [
        ("ports: ['80:8000']", 1),
        ("expose: ['8000']", 0),
        ("ports: ['80:8000']\n    environment: {PORT: '8000'}", 0),
        ("ports: ['80:8000']\n    environment: [PORT]", 0),
        ("ports: ['80:8000']\n    env_file: .env", 0),
    ],
)
def test_gunicorn_by_default_in_a_service(service: str, count: int) -> None:
    compose = f"services:\n  api:\n    build: .\n    {service}\n"
    files = {"Dockerfile": IMAGE + 'CMD ["gunicorn", "app.main:app"]\n', "compose.yaml": compose}
    assert len(found(files)) == count
