"""Kinds of files by name and by first bytes."""

import pytest

from fastapi_lint.sources.kinds import Kind, confirmed, kind_of, needs_bytes

NAMES = {
    Kind.PYTHON: ["main.py", "setup.py", "gunicorn.conf.py", "Dockerfile.py", ".env.py"],
    Kind.DOCKERFILE: [
        "Dockerfile",
        "dockerfile",
        "Dockerfile.prod",
        "Dockerfile-template",
        "Dockerfile_dev",
        "backend.dockerfile",
        "prod.Dockerfile",
        "Containerfile",
        "Containerfile.dev",
        "deploy/Dockerfile.api.dev",
    ],
    Kind.COMPOSE: [
        "docker-compose.yml",
        "docker-compose.yaml",
        "docker-compose.prod.yml",
        "docker-compose-dev.yml",
        "compose.yaml",
        "compose.override.yml",
        "dev.docker-compose.yml",
        "local-compose.yml",
        "docker_compose.yml",
    ],
    Kind.KUBERNETES: ["k8s/app.yaml", "composer.yml", "x.yml"],
    Kind.PROCFILE: ["Procfile", "Procfile.dev"],
    Kind.SHELL: ["start.sh", "run.bash", "bin/start"],
    Kind.DOTENV: [
        ".env",
        ".env.example",
        ".env.local",
        ".env-sample",
        ".env_dist",
        "prod.env",
        "env.example",
        "dotenv.sample",
        "app.env.template",
    ],
    Kind.PYPROJECT: ["pyproject.toml"],
    Kind.PIPFILE: ["Pipfile"],
    Kind.LOCKFILE: ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "pylock.prod.toml"],
    Kind.REQUIREMENTS: [
        "requirements.txt",
        "requirements-dev.txt",
        "requires.txt",
        "requirements_worker.txt",
        "requirements.in",
        "dev-requirements.txt",
        "requirements/base.txt",
        "a/requirements/prod.in",
        "constraints.txt",
    ],
    Kind.SETUP_CFG: ["setup.cfg"],
    Kind.PYTHON_VERSION: [".python-version"],
    Kind.DOCKERIGNORE: [".dockerignore", "Dockerfile.dockerignore", ".containerignore"],
    Kind.MAKEFILE: ["Makefile", "makefile", "GNUmakefile", "rules.mk"],
    Kind.SUPERVISORD: ["supervisord.conf", "nginx.conf", "supervisord.ini"],
    Kind.SYSTEMD: ["api.service"],
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_kind_by_name(kind: Kind, name: str) -> None:
    assert kind_of(name) is kind
    assert kind_of(f"some/folder.d/{name}") is kind


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "Dockerfile.md",
        "dockerfile.js",
        ".env.d.ts",
        ".env.json",
        ".env.vault",
        "compose.py.bak",
        "package.json",
        "yarn.lock",
        "notes.txt",
        "environment.txt",
        "app.pyi",
        "alembic.ini",
        ".bashrc",
        ".envrc",
        ".envoy",
        "uvicorn.log",
        ".github/workflows/deploy-docker-compose.yml",
        "",
    ],
)
def test_files_that_are_never_read(name: str) -> None:
    kind = kind_of(name)
    assert kind is None or (needs_bytes(name, kind) and confirmed(kind, b"hello") is None)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (Kind.KUBERNETES, b"kind: Pod\napiVersion: v1\n", Kind.KUBERNETES),
        (Kind.KUBERNETES, b"---\r\napiVersion : v1\r\nkind : Pod\r\n", Kind.KUBERNETES),
        (Kind.KUBERNETES, b"items:\n - apiVersion: v1\n   kind: Pod\n", None),
        (Kind.KUBERNETES, b"services:\n  web:\n    image: x\n", Kind.COMPOSE),
        (Kind.KUBERNETES, b"services:\n  _defaults:\n    autowire: true\n", None),
        (Kind.KUBERNETES, b"services:\n  - redis\nimage: x\n", None),
        (Kind.SHELL, b"#!/bin/sh -e\n", Kind.SHELL),
        (Kind.SHELL, b"#!/usr/bin/fish\n", None),
        (Kind.SHELL, b"", None),
        (Kind.SUPERVISORD, b"[unix_http_server]\n[program:web]\n", Kind.SUPERVISORD),
        (Kind.SUPERVISORD, b"server { listen 80; }\n", None),
    ],
)
def test_candidates_are_decided_by_their_bytes(kind: Kind, content: bytes, expected: Kind | None) -> None:
    assert confirmed(kind, content) is expected


def test_a_named_script_needs_no_shebang() -> None:
    assert not needs_bytes("start.sh", Kind.SHELL)
    assert needs_bytes("bin/start", Kind.SHELL)
