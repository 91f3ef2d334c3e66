from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

APP = (
    "from fastapi import FastAPI, Request\napp = FastAPI()\n"
    "@app.get('/me')\ndef me(request: Request):\n    return request.client.host\n"
)
COMMAND = '["uvicorn", "app.main:app", "--host", "0.0.0.0"]'
IMAGE = f"FROM python:3.13-slim\nWORKDIR /srv\nCOPY app/ app/\nCMD {COMMAND}\n"
PROXY = "services:\n  proxy: {image: nginx, depends_on: [api]}\n"


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": APP, "Dockerfile": IMAGE, **files}, select=["DPL005"])


def behind(service: str) -> dict[str, str]:
    return {"compose.yaml": f"{PROXY}  api: {{build: ., {service}}}\n"}


def test_message_and_places() -> None:
    [finding] = found(behind("ports: []"))
    assert (finding.span.path, finding.span.line, finding.span.column) == ("Dockerfile", 4, 6)
    assert finding.message == (
        "The proxy `proxy` stands before the service `api`, but `uvicorn` believes only `127.0.0.1`: "
        "`request.client` tells of the proxy, not of the client"
    )
    assert [(related.span.path, related.span.line) for related in finding.related] == [
        ("compose.yaml", 2),
        ("app/main.py", 5),
    ]


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app --proxy-headers",
        "fastapi run app/main.py",
        "gunicorn app.main:app -k uvicorn.workers.UvicornWorker",
        "gunicorn app.main:app -k uvicorn_worker.UvicornWorker",
        "sh -c 'exec uvicorn app.main:app'",
    ],
)
def test_servers_that_trust_nobody(command: str) -> None:
    [finding] = found(behind(f'command: "{command}"'))
    assert finding.span.path == "compose.yaml"


@pytest.mark.parametrize(
    "service",
    [
        'command: "uvicorn app.main:app --forwarded-allow-ips 10.0.0.0/8"',
        "command: \"uvicorn app.main:app --forwarded-allow-ips '*'\"",
        'command: "uvicorn app.main:app --forwarded-allow-ips ${PROXIES}"',
        'environment: {FORWARDED_ALLOW_IPS: "*"}',
        'environment: {UVICORN_FORWARDED_ALLOW_IPS: "*"}',
        "environment: [FORWARDED_ALLOW_IPS]",
        "env_file: [prod.env]",
        "env_file: [known.env]",
        'command: "gunicorn app.main:app -k uvicorn.workers.UvicornWorker --forwarded-allow-ips=*"',
        'command: "gunicorn app.main:app -k uvicorn.workers.UvicornWorker -c trusting.py"',
        'command: "gunicorn app.main:app"',
        'command: "hypercorn app.main:app"',
        'command: "granian app.main:app"',
        'command: "uvicorn app.main:app --uds /run/app.sock"',
        "command: [sh, -c, 'nginx && exec uvicorn app.main:app']",
        "network_mode: 'service:proxy'",
        "network_mode: host",
        "volumes: ['./app:/srv/app']",
        'command: "uvicorn other.main:app"',
    ],
)
def test_silent(service: str) -> None:
    files = {"known.env": "FORWARDED_ALLOW_IPS=10.0.0.2\n", "trusting.py": "forwarded_allow_ips = '*'\n"}
    image = IMAGE.replace("COPY app/ app/", "COPY . .")
    assert found({**behind(service), **files, "Dockerfile": image}) == []


def test_an_env_file_whose_example_is_known() -> None:
    files = behind("env_file: [.env]")
    assert found(files) == []
    assert len(found({**files, ".env.example": "DEBUG=\n"})) == 1
    assert found({**files, ".env.example": "FORWARDED_ALLOW_IPS=\n"}) == []


def test_variables_of_the_image() -> None:
    image = IMAGE.replace("CMD", "ENV FORWARDED_ALLOW_IPS=10.0.0.0/8\nCMD")
    assert found({**behind("ports: []"), "Dockerfile": image}) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/main.py", APP.replace("request.client.host", "request.url.path")),
        (
            "app/main.py",
            f"{APP}from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware as P\n"
            "app.add_middleware(P)\n",
        ),
        ("app/main.py", APP + "app = ProxyHeadersMiddleware(app, trusted_hosts=['10.0.0.1'])\n"),
        ("app/other.py", APP),
    ],
)
def test_code_that_doesnt_depend_on_it(path: str, code: str) -> None:
    plain = "from fastapi import FastAPI\napp = FastAPI()\n"
    assert found({**behind("ports: []"), "app/main.py": plain, path: code}) == []


def test_a_call_in_code() -> None:
    code = APP + "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run(app, host='0.0.0.0'{})\n"
    image = IMAGE.partition("CMD")[0] + 'CMD ["python", "-m", "app.main"]\n'
    files = {**behind("ports: []"), "Dockerfile": image}
    [finding] = found({**files, "app/main.py": code.format("")})
    assert (finding.span.path, finding.span.line) == ("app/main.py", 8)
    for given in (", forwarded_allow_ips='*'", ", **options", ", forwarded_allow_ips=settings.proxies"):
        assert found({**files, "app/main.py": code.format(given)}) == []


INGRESS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - {name: api, image: example/api, command: [uvicorn, "app.main:app", --host, 0.0.0.0]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: edge}
spec: {rules: [{http: {paths: [{backend: {service: {name: api}}}]}}]}
"""


def test_an_ingress() -> None:
    [finding] = found({"k8s/api.yaml": INGRESS})
    assert (finding.span.path, finding.span.line) == ("k8s/api.yaml", 9)
    sidecar = INGRESS.replace("---", "        - {name: proxy, image: nginx}\n---", 1)
    trusted = INGRESS.replace("0.0.0.0]", '0.0.0.0], env: [{name: FORWARDED_ALLOW_IPS, value: "*"}]')
    secret = INGRESS.replace("0.0.0.0]", "0.0.0.0], envFrom: [{secretRef: {name: api}}]")
    for text in (sidecar, trusted, secret):
        assert found({"k8s/api.yaml": text}) == []
