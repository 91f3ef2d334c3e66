"""The README's two commands, the hook and the documentation of the configuration."""

import re
import sys
from pathlib import Path

import yaml

from fastapi_lint.catalogue import catalogue
from fastapi_lint.config.validate import READERS, validate

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text("utf-8")

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def test_the_first_two_blocks_are_one_line_each_and_make_their_own_environment() -> None:
    check, tests = re.findall(r"```sh\n(.+?)```", README, re.S)[:2]
    for block in (check, tests):
        assert block.count("\n") == 1
        assert block.startswith("python3 -m venv .venv && .venv/bin/python -m pip install ")
    assert check.endswith(".venv/bin/fastapi-lint check tests/fixtures/broken\n")
    assert tests.endswith(".venv/bin/python -m pytest\n")


def test_the_fixture_of_the_first_command_is_there() -> None:
    assert (CHECKOUT / "tests/fixtures/broken").is_dir()


def test_the_configuration_in_the_readme_is_read() -> None:
    [block] = re.findall(r"```toml\n(.+?)```", README, re.S)
    text = (
        block.replace('"ARC010"', '"FAL003"')
        .replace("router-imports-repository", "FAL003")
        .replace("HLT002", "FAL003")
    )
    config = validate(tomllib.loads(text), "README", catalogue())
    assert config.preset == "production"
    assert [assignment.value for assignment in config.layers] == ["router", "service", "repository"]


def test_every_key_of_the_configuration_is_in_the_readme() -> None:
    assert [key for key in READERS if key not in README] == []


def test_the_hook_sees_the_whole_project_for_every_file_that_matters() -> None:
    [hook] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["pass_filenames"], hook["require_serial"], hook["language"]) == (False, True, "python")
    pattern = re.compile(hook["files"])
    for name in (
        "app/main.py",
        "Dockerfile",
        "docker/Dockerfile.prod",
        "api.Dockerfile",
        "compose.yaml",
        "k8s/deployment.yml",
        ".env",
        ".env.example",
        "prod.env",
        "pyproject.toml",
        "uv.lock",
        "requirements/base.txt",
        "requirements-dev.txt",
        "start.sh",
        "Procfile",
        ".dockerignore",
        "gunicorn.conf.py",
    ):
        assert pattern.search(name), name
    for name in ("README.md", "logo.png", "docs/guide.rst", "web/app.tsx", "environment.md"):
        assert not pattern.search(name), name
