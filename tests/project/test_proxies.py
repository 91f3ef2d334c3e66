from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.deployment import proxies
from fastapi_lint.project.project import Project

Build = Callable[..., Project]
API = '  api:\n    image: example/api\n    command: ["uvicorn", "app.main:app"]\n'


def front(project: Project) -> str:
    [launch] = [launch for launch in project.deployment.launches if launch.name == "api"]
    found = proxies.before(project.deployment, launch)
    return found.said if found is not None else ""


@pytest.mark.parametrize(
    "text",
    [
        "proxy_pass http://api:8000;",
        "proxy_pass http://api/;",
        "proxy_pass http://api;",
        "upstream backend { server api:8000; }",
        "upstream backend {\n  server api;\n}",
        "reverse_proxy api:8000",
        "server one api:8000 check",
        "socket_address: { address: api, port_value: 8000 }",
        'url: "http://api:8000"',
    ],
)
def test_configurations_that_lead_to_a_host(text: str) -> None:
    assert proxies.is_named("api", text)


@pytest.mark.parametrize(
    "text",
    [
        "location /api/ { proxy_pass http://web:3000; }",
        "proxy_pass http://api-docs:8000;",
        "proxy_pass http://my-api:8000;",
        "server_name api.example.com;",
        "proxy_pass http://api.example.com;",
        "proxy_pass http://web:3000/api:8000;",
    ],
)
def test_configurations_that_lead_elsewhere(text: str) -> None:
    assert not proxies.is_named("api", text)


@pytest.mark.parametrize(
    "image",
    ["nginx", "nginx:1.29-alpine", "docker.io/library/caddy:2", "traefik:v3", "haproxy", "envoyproxy/envoy"],
)
def test_depends_on_without_configuration(project_of: Build, image: str) -> None:
    proxy = f"  proxy:\n    image: {image}\n    depends_on: [api]\n"
    assert front(project_of({"compose.yaml": f"services:\n{API}{proxy}"})) == "the proxy `proxy`"


@pytest.mark.parametrize(
    "proxy",
    [
        "  proxy: {image: nginx}\n",
        "  proxy: {image: nginx/nginx-prometheus-exporter, depends_on: [api]}\n",
        "  proxy: {image: postgres, depends_on: [api]}\n",
        "  proxy: {image: nginx, depends_on: [api], network_mode: 'service:api'}\n",
        "  proxy: {image: nginx, depends_on: [api], volumes: ['./dist:/usr/share/nginx/html']}\n",
        "  proxy: {build: ./web, depends_on: [api]}\n",
    ],
)
def test_services_that_lead_nowhere(project_of: Build, proxy: str) -> None:
    files = {
        "compose.yaml": f"services:\n{API}{proxy}",
        "dist/index.html": "",
        "web/Dockerfile": "FROM nginx\n",
    }
    assert front(project_of(files)) == ""


def test_the_configuration_decides(project_of: Build) -> None:
    mount = "  proxy: {image: nginx, depends_on: [api], volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}\n"
    files = {"compose.yaml": f"services:\n{API}{mount}", "nginx.conf": "proxy_pass http://api:8000;"}
    assert front(project_of(files)) == "the proxy `proxy`"
    assert front(project_of({**files, "nginx.conf": "proxy_pass http://web:3000;"})) == ""


def test_the_configuration_of_a_built_proxy(project_of: Build) -> None:
    files = {
        "compose.yaml": f"services:\n{API}  proxy: {{build: ./proxy}}\n",
        "proxy/Dockerfile": "FROM nginx\nCOPY sites /etc/nginx/conf.d\n",
        "proxy/sites/api.conf": "server { location / { proxy_pass http://api:8000; } }",
    }
    assert front(project_of(files)) == "the proxy `proxy`"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("[traefik.enable=true]", "the proxy `proxy`"),
        ("{traefik.http.routers.api.rule: PathPrefix(`/`)}", "the proxy `proxy`"),
        ("[traefik.enable=false]", ""),
        ("[com.example.team=api]", ""),
    ],
)
def test_labels(project_of: Build, labels: str, expected: str) -> None:
    text = f"services:\n{API}    labels: {labels}\n  proxy: {{image: 'traefik:3'}}\n"
    assert front(project_of({"compose.yaml": text})) == expected


def test_a_network_of_the_host(project_of: Build) -> None:
    text = f"services:\n{API}    network_mode: host\n  proxy: {{image: nginx, depends_on: [api]}}\n"
    assert front(project_of({"compose.yaml": text})) == ""


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - {name: api, image: example/api, command: [uvicorn, "app.main:app"]}
---
apiVersion: v1
kind: Service
metadata: {name: backend}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: KIND
metadata: {name: edge}
spec: {rules: [{backendRefs: [{name: SERVICE}]}]}
"""


@pytest.mark.parametrize("kind", ["HTTPRoute", "Ingress"])
def test_ingresses(project_of: Build, kind: str) -> None:
    text = MANIFEST.replace("KIND", kind).replace("SERVICE", "backend")
    assert front(project_of({"k8s.yaml": text})) == f"the {kind} `edge`"
    assert front(project_of({"k8s.yaml": text.replace("name: backend}]", "name: other}]")})) == ""


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("", False),
        ("    labels: [traefik.enable=true]\n", True),
        ("    environment: [VIRTUAL_HOST=api.example.com]\n", True),
        ("    networks: [default, web-proxy]\n", True),
        ("    networks: [backend]\n", False),
        ("  tunnel: {image: cloudflare/cloudflared}\n", True),
        ("  edge: {image: nginx}\n", True),
    ],
)
def test_what_may_stand_before_a_service(project_of: Build, service: str, expected: bool) -> None:
    project = project_of({"compose.yaml": f"services:\n{API}{service}"})
    [api] = [one for one in project.deployment.composition.services if one.name == "api"]
    assert proxies.may_be_fronted(project.deployment, api) is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("compose.traefik.yaml", "services: {proxy: {image: traefik}}", True),
        ("compose.dev.yaml", "services: {proxy: {image: traefik}}", False),
        ("compose.staging.yaml", "services: {proxy: {image: traefik}, api: {image: example/api}}", False),
        ("other/compose.yaml", "services: {proxy: {image: traefik}}", False),
    ],
)
def test_proxies_in_other_files(project_of: Build, path: str, text: str, expected: bool) -> None:
    project = project_of({"compose.prod.yaml": f"services:\n{API}", path: text})
    [api] = [one for one in project.deployment.composition.services if one.path == "compose.prod.yaml"]
    assert proxies.may_be_fronted(project.deployment, api) is expected
