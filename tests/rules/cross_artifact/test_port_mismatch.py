from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": "app = 1\n", **files}, select=["XAR007"])


def service(command: str, ports: str) -> dict[str, str]:
    text = f"services:\n  api:\n    build: .\n    command: {command}\n    ports: {ports}\n"
    return {"Dockerfile": IMAGE, "compose.yaml": text}


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app --port 8091",
        "uvicorn app.main:app --port=8091",
        "fastapi run app/main.py --port 8091",
        "gunicorn app.main:app -b 0.0.0.0:8091",
        "hypercorn app.main:app --bind 0.0.0.0:8091",
        "granian app.main:app --port 8091",
        "uvicorn app.main:app --port ${API_PORT:-8091}",
    ],
)
def test_published_port(command: str) -> None:
    files = service(command, '["8080:8080"]')
    [finding] = found(files)
    assert (finding.span.path, finding.span.line) == ("compose.yaml", 5)
    assert finding.message.startswith("The service `api` publishes port 8080, but ")
    assert finding.message.endswith(" listens on 8091")
    fixed = apply_fixes(files, [finding])
    assert "8080:8091" in fixed["compose.yaml"]
    assert found(fixed) == []


def test_default_port() -> None:
    [finding] = found(service("uvicorn app.main:app", "[8080:80]"))
    assert finding.message == "The service `api` publishes port 80, but `uvicorn` listens on 8000"


def test_exposed_port() -> None:
    [finding] = found(
        {"Dockerfile": IMAGE + 'EXPOSE 9000\nCMD ["uvicorn", "app.main:app", "--port", "80"]\n'}
    )
    assert finding.message == "`Dockerfile` exposes port 9000, but `uvicorn` listens on 80"
    assert (finding.span.line, finding.span.column) == (4, 8)


def test_health_check() -> None:
    check = "HEALTHCHECK CMD curl -f http://localhost:8080/health\n"
    [finding] = found({"Dockerfile": IMAGE + check + 'CMD ["uvicorn", "app.main:app", "--port", "80"]\n'})
    assert finding.message == "The health check of `Dockerfile` asks port 8080, but `uvicorn` listens on 80"
    assert (finding.span.column, finding.span.end_column) == (42, 46)


def test_port_of_the_process() -> None:
    files = {
        "Dockerfile": IMAGE + 'ENV PORT=9000\nEXPOSE 8000\nCMD ["python", "app/main.py"]\n',
        "app/main.py": "import os, uvicorn\nuvicorn.run('app.main:app', port=int(os.getenv('PORT', 8000)))\n",
    }
    [finding] = lint(files, select=["XAR007"])
    assert finding.message.endswith("`uvicorn.run` listens on 9000")


@pytest.mark.parametrize(
    "files",
    [
        service("uvicorn app.main:app --port 8091", '["8080:8091"]'),
        service("uvicorn app.main:app --port 8091", '["5678:5678", "8080:8091"]'),
        service("uvicorn app.main:app --port 8091", '["5678:5678"]'),
        service("uvicorn app.main:app --port $PORT", '["8080:8080"]'),
        service("uvicorn app.main:app --port 8091", '["8080:${PORT}"]'),
        service("sh -c 'nginx && uvicorn app.main:app --port 8091'", '["80:80"]'),
        service("sh -c 'uvicorn app.main:app --port 1 & uvicorn app.main:app --port 2'", '["80:80"]'),
        service("uvicorn app.main:app --uds /run/app.sock", '["80:80"]'),
        service("celery worker", '["80:80"]'),
        {"Dockerfile": IMAGE + 'EXPOSE 9000 80\nCMD ["uvicorn", "app.main:app", "--port", "80"]\n'},
        {"Dockerfile": IMAGE + 'EXPOSE $X\nCMD ["uvicorn", "app.main:app", "--port", "80"]\n'},
        {"Dockerfile": IMAGE + 'EXPOSE 80:80\nCMD ["uvicorn", "app.main:app"]\n'},
        {"Dockerfile": IMAGE + 'CMD ["uvicorn", "app.main:app", "--port", "80"]\n'},
    ],
)
def test_nothing_to_report(files: dict[str, str]) -> None:
    assert found(files) == []


def test_supervisord_with_a_proxy() -> None:
    files = {
        "Dockerfile": IMAGE + 'EXPOSE 80\nCMD ["supervisord", "-c", "s.conf"]\n',
        "s.conf": "[program:web]\ncommand=nginx\n[program:api]\ncommand=uvicorn app.main:app\n",
    }
    assert found(files) == []


@pytest.mark.parametrize(
    "image",
    [
        "FROM nginx:1.29-alpine\nRUN apk add python3\n",
        IMAGE + "RUN apt-get update && apt-get install -y nginx\n",
        IMAGE + "COPY proxy.conf /etc/nginx/conf.d/\n",
        "FROM nginx:1.29 AS full\nRUN apk add python3\nFROM scratch\nCOPY --from=full / /\n",
    ],
)
def test_a_script_whose_end_is_not_known_in_an_image_with_a_proxy(image: str) -> None:
    files = {
        "start.sh": '#!/bin/bash\nweb() {\n  uvicorn app.main:app --port 5000 &\n}\nweb\n"${proxy[@]}"\n',
        "proxy.conf": "server {}\n",
    }
    end = 'COPY start.sh /\nEXPOSE 8080\nCMD ["bash", "/start.sh"]\n'
    assert found({**files, "Dockerfile": image + end}) == []


def test_ports_of_an_extended_service_belong_to_it() -> None:
    compose = (
        "services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n    ports: ['8000:8000']\n"
        "  inner:\n    extends: {service: api}\n    command: uvicorn app.main:app --port 8081\n"
    )
    assert found({"Dockerfile": IMAGE, "compose.yaml": compose}) == []


def manifest(target: str, probe: str) -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n"
        "    metadata: {labels: {app: api, tier: web}}\n    spec:\n      containers:\n        - name: api\n"
        "          image: x\n          command: [uvicorn, 'app.main:app']\n"
        "          ports: [{name: http, containerPort: 8000}]\n"
        f"          readinessProbe: {{httpGet: {{path: /, port: {probe}}}}}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  selector: {app: api}\n"
        f"  ports: [{{port: 80, targetPort: {target}}}]\n"
    )


def test_kubernetes() -> None:
    findings = found({"k8s/api.yaml": manifest("81", "82")})
    assert [finding.span.line for finding in findings] == [13, 20]
    assert findings[0].message.startswith("The readiness probe of the container `api` asks port 82")
    assert findings[1].message.startswith("The Service `api` leads to port 81")
    assert found({"k8s/api.yaml": manifest("http", "http")}) == []
    assert found({"k8s/api.yaml": manifest("8000", "8000")}) == []
