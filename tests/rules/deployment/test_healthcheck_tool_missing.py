from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

CHECK = 'HEALTHCHECK CMD ["curl", "-f", "http://localhost/health"]\n'


def found(text: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": text, "app/main.py": "", **files}, select=["DPL016"])


@pytest.mark.parametrize(
    "base",
    [
        "python:3.13-slim",
        "python:3.12-slim-bookworm",
        "debian:13-slim",
        "ubuntu:24.04",
        "gcr.io/distroless/python3",
    ],
)
@pytest.mark.parametrize("tool", ["curl", "wget"])
def test_bases_without_both(base: str, tool: str) -> None:
    assert len(found(f"FROM {base}\nHEALTHCHECK CMD {tool} http://localhost/\n")) == 1


def test_alpine_has_wget_only() -> None:
    text = "FROM python:3.13-alpine\nHEALTHCHECK CMD {} http://localhost/\n"
    assert len(found(text.format("curl"))) == 1
    assert found(text.format("wget")) == []


@pytest.mark.parametrize("place", ["/bin/", "/usr/bin/", "/usr/local/bin/", "/bin/uv"])
def test_other_programs_are_copied(place: str) -> None:
    text = f"FROM python:3.13-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.5 /uv {place}\n{CHECK}"
    assert len(found(text)) == 1


def test_message_and_fix() -> None:
    text = "FROM python:3.13-slim\n" + CHECK
    [finding] = found(text)
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (2, 18, 24)
    assert finding.message == (
        "The health check of `Dockerfile` runs `curl`, which `python:3.13-slim` doesn't have "
        "and nothing installs"
    )
    fixed = apply_fixes({"Dockerfile": text}, [finding])["Dockerfile"]
    code = "import urllib.request as u; u.urlopen('http://localhost/health', timeout=3)"
    assert fixed.endswith(f'CMD ["python", "-c", "{code}"]\n')
    text = "FROM python:3.13-slim\nHEALTHCHECK CMD curl -f http://localhost/health || exit 1\n"
    fixed = apply_fixes({"Dockerfile": text}, found(text))["Dockerfile"]
    assert 'CMD python -c "import urllib.request as u; u.urlopen(' in fixed
    assert fixed.endswith('timeout=3)" || exit 1\n')


@pytest.mark.parametrize(
    "test",
    ['["CMD", "curl", "x"]', '["CMD-SHELL", "curl x || exit 1"]', "curl x", '["CMD", "sh", "-c", "curl x"]'],
)
def test_check_of_a_service(test: str) -> None:
    compose = f"services:\n  api:\n    build: .\n    healthcheck:\n      test: {test}\n"
    [finding] = found("FROM python:3.13-slim\n", **{"compose.yaml": compose})
    assert (finding.span.path, finding.span.line) == ("compose.yaml", 5)


@pytest.mark.parametrize(
    "line",
    [
        "RUN apt-get update && apt-get install -y curl",
        "RUN apt-get install -y --no-install-recommends \\\n    gcc \\\n    curl",
        "RUN <<EOF\napt-get install -y curl\nEOF",
        "RUN apt-get install -y $PACKAGES",
        "RUN apk add --no-cache curl",
        "RUN sudo apt install curl",
        "RUN curl -LsSf https://example.com/x | sh",
        "RUN ./scripts/install.sh",
        "COPY --from=tools /usr/bin/curl /usr/bin/",
        "COPY --from=tools /usr/bin /usr/bin",
        "COPY --from=tools /out/ /usr/bin/",
        "COPY --from=tools /srv/tools /bin/",
        "COPY --from=tools /srv/* /usr/bin/",
        "COPY bin/curl /usr/local/bin/curl",
    ],
)
def test_tool_that_is_there_or_may_be(line: str) -> None:
    assert found(f"FROM python:3.13-slim\n{line}\n{CHECK}") == []


def test_parent_stage() -> None:
    text = "FROM python:3.13-slim AS base\nRUN apt-get install -y curl\nFROM base\n" + CHECK
    assert found(text) == []


@pytest.mark.parametrize(
    "base", ["python:3.13", "python:3.13-bookworm", "example.com/base", "$BASE", "node:24"]
)
def test_bases_with_it_or_unknown(base: str) -> None:
    assert found(f"FROM {base}\n{CHECK}") == []


def test_other_checks() -> None:
    assert found("FROM python:3.13-slim\nHEALTHCHECK CMD python check.py\n") == []
    assert found("FROM python:3.13-slim\nHEALTHCHECK NONE\n") == []


def test_stage_that_is_not_run() -> None:
    assert found("FROM python:3.13-slim AS build\n" + CHECK + "FROM python:3.13\nCMD python\n") == []
