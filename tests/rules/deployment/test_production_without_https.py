from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

SERVER = 'command: ["uvicorn", "a:app"]'


def found(service: str, path: str = "compose.prod.yaml", extra: str = "", **files: str) -> list[Finding]:
    return lint({path: f"services:\n  api: {{{service}}}\n{extra}", **files}, select=["DPL006"])


def test_message_and_place() -> None:
    [finding] = found(f'{SERVER}, ports: ["80:8000"]')
    assert (finding.span.line, finding.span.column) == (2, 48)
    assert finding.message == (
        "The service `api` publishes the port of `uvicorn` to everybody, "
        "without TLS and without a proxy before it"
    )


@pytest.mark.parametrize(
    "path", ["docker-compose.production.yml", "deploy/compose.yaml", "compose.release.yaml"]
)
def test_names_that_speak_of_production(path: str) -> None:
    assert len(found(f'{SERVER}, ports: ["80:8000"]', path)) == 1


def test_a_stage_that_speaks_of_production() -> None:
    image = 'FROM python:3.13 AS production\nCMD ["uvicorn", "a:app"]\n'
    files = {"Dockerfile": image}
    assert (
        len(found('build: {context: ., target: production}, ports: ["80:8000"]', "compose.yaml", **files))
        == 1
    )


@pytest.mark.parametrize(
    "path", ["compose.yaml", "compose.dev.yaml", "compose.staging.yaml", "compose.override.yml"]
)
def test_other_environments(path: str) -> None:
    assert found(f'{SERVER}, ports: ["80:8000"]', path) == []


@pytest.mark.parametrize(
    "service",
    [
        SERVER,
        f'{SERVER}, ports: ["127.0.0.1:80:8000"]',
        f'{SERVER}, ports: ["9100:9100"]',
        f'{SERVER}, ports: ["80:8000"], volumes: ["./app:/app"]',
        f'{SERVER}, ports: ["80:8000"], labels: {{caddy: api.example.com}}',
        'command: "uvicorn a:app --ssl-certfile c.pem --ssl-keyfile k.pem", ports: ["443:8000"]',
        'command: "gunicorn a:app -b :8000 --certfile c.pem", ports: ["443:8000"]',
        'command: "uvicorn a:app", environment: {UVICORN_SSL_CERTFILE: c.pem}, ports: ["443:8000"]',
        'command: "celery -A a worker", ports: ["80:8000"]',
    ],
)
def test_silent(service: str) -> None:
    files = {"app/a.py": "", "compose.prod.yaml": f"services:\n  api: {{{service}}}\n"}
    assert lint(files, select=["DPL006"]) == []


@pytest.mark.parametrize(
    "image", ["nginx", "traefik:3", "caddy:2", "haproxy", "envoyproxy/envoy", "tailscale/tailscale"]
)
def test_proxies_and_tunnels(image: str) -> None:
    assert found(f'{SERVER}, ports: ["80:8000"]', extra=f"  edge: {{image: '{image}'}}\n") == []


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, image: example/api, command: [uvicorn, "a:app"]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80}]}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api}
spec: {rules: [{http: {paths: [{backend: {service: {name: api}}}]}}]}
"""


def test_an_ingress() -> None:
    [finding] = lint({"k8s/api.yaml": MANIFEST, "k8s/edge.yaml": INGRESS}, select=["DPL006"])
    assert (finding.span.path, finding.span.line) == ("k8s/edge.yaml", 2)
    assert finding.message == "The Ingress `api` leads to the Deployment `api` without TLS"


@pytest.mark.parametrize(
    "ingress",
    [
        INGRESS.replace("spec: {", "spec: {tls: [{secretName: api}], "),
        INGRESS.replace(
            "{name: api}\n", "{name: api, annotations: {cert-manager.io/issuer: letsencrypt}}\n", 1
        ),
        INGRESS.replace(
            "{name: api}\n",
            "{name: api, annotations: {alb.ingress.kubernetes.io/listen-ports: '[{\"HTTPS\": 443}]'}}\n",
            1,
        ),
        INGRESS.replace("service: {name: api}", "service: {name: web}"),
        INGRESS.replace("kind: Ingress", "kind: HTTPRoute"),
        INGRESS + "---\n" + INGRESS.replace("spec: {", "spec: {tls: [{secretName: api}], "),
    ],
)
def test_ingresses_that_are_fine(ingress: str) -> None:
    assert lint({"k8s/api.yaml": MANIFEST, "k8s/edge.yaml": ingress}, select=["DPL006"]) == []


def test_an_ingress_for_development() -> None:
    assert lint({"k8s/dev/api.yaml": f"{MANIFEST}---\n{INGRESS}"}, select=["DPL006"]) == []
