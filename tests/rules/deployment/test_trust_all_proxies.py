from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

TRUSTING = 'command: ["uvicorn", "a:app", "--forwarded-allow-ips", "*"]'


def found(service: str, path: str = "compose.yaml", extra: str = "", **files: str) -> list[Finding]:
    return lint({path: f"services:\n  api: {{{service}}}\n{extra}", **files}, select=["DPL025"])


@pytest.mark.parametrize(
    "service",
    [
        f'{TRUSTING}, ports: ["8000:8000"]',
        f'{TRUSTING}, ports: ["0.0.0.0:80:8000"]',
        f'{TRUSTING}, ports: ["${{PORT:-80}}:8000"]',
        f"{TRUSTING}, ports: [{{target: 8000, published: 80}}]",
        'command: "uvicorn a:app --forwarded-allow-ips=*", ports: ["8000:8000"]',
        'command: "uvicorn a:app --forwarded-allow-ips 10.0.0.1,*", ports: ["8000:8000"]',
        'command: "uvicorn a:app", environment: {FORWARDED_ALLOW_IPS: "*"}, ports: ["8000:8000"]',
        'command: "gunicorn a:app -b :80 --forwarded-allow-ips=*", ports: ["80:80"]',
        'command: "fastapi run a.py", environment: ["FORWARDED_ALLOW_IPS=*"], ports: ["8000:8000"]',
    ],
)
def test_open_ports(service: str) -> None:
    [finding] = found(service)
    assert [related.message for related in finding.related] == [
        "Everybody reaches the port that is published here"
    ]


def test_message_and_place() -> None:
    [finding] = found(f'{TRUSTING}, ports: ["8000:8000"]')
    assert finding.message == (
        "`uvicorn` trusts every proxy, and the service `api` publishes its port without one: "
        "any client chooses its own address in `X-Forwarded-For`"
    )
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (2, 40, 66)


@pytest.mark.parametrize(
    "service",
    [
        TRUSTING,
        f'{TRUSTING}, expose: ["8000"]',
        f'{TRUSTING}, ports: ["127.0.0.1:8000:8000"]',
        f'{TRUSTING}, ports: ["10.0.0.5:8000:8000"]',
        f'{TRUSTING}, ports: ["${{ADDRESS}}:8000:8000"]',
        f'{TRUSTING}, ports: ["${{BIND}}:8000"]',
        f'{TRUSTING}, ports: ["8000"]',
        f'{TRUSTING}, ports: ["9090:9090"]',
        f'{TRUSTING}, ports: ["8000:8000/udp"]',
        f'{TRUSTING}, ports: ["8000:8000"], volumes: ["./app:/app"]',
        f'{TRUSTING}, ports: ["8000:8000"], labels: [traefik.enable=true]',
        f'{TRUSTING}, ports: ["8000:8000"], networks: [traefik]',
        'command: "uvicorn a:app --forwarded-allow-ips 10.0.0.1", ports: ["8000:8000"]',
        'command: "uvicorn a:app --forwarded-allow-ips * --no-proxy-headers", ports: ["8000:8000"]',
        'command: "uvicorn a:app --forwarded-allow-ips ${IPS}", ports: ["8000:8000"]',
        'command: "uvicorn a:app", ports: ["8000:8000"]',
    ],
)
def test_silent(service: str) -> None:
    assert (
        lint({"app/a.py": "", "compose.yaml": f"services:\n  api: {{{service}}}\n"}, select=["DPL025"]) == []
    )


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("compose.yaml", "  proxy: {image: caddy}\n"),
        ("compose.yaml", "  proxy: {image: haproxy}\n"),
        ("compose.yaml", "  proxy: {image: cloudflare/cloudflared}\n"),
        ("compose.dev.yaml", ""),
        ("docker-compose.test.yml", ""),
    ],
)
def test_proxies_and_environments(path: str, extra: str) -> None:
    assert found(f'{TRUSTING}, ports: ["8000:8000"]', path, extra) == []


def test_a_proxy_in_a_merged_file() -> None:
    override = "services:\n  proxy: {image: traefik}\n"
    files = {"compose.override.yaml": override}
    assert found(f'{TRUSTING}, ports: ["8000:8000"]', **files) == []


def test_a_command_of_the_image() -> None:
    image = 'FROM python:3.13\nCMD ["uvicorn", "a:app", "--forwarded-allow-ips", "*"]\n'
    [finding] = found('build: ., ports: ["8000:8000"]', Dockerfile=image)
    assert (finding.span.path, finding.span.line) == ("Dockerfile", 2)
    assert lint({"Dockerfile": image}, select=["DPL025"]) == []
