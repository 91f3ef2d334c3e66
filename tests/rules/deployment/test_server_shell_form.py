from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"


def found(dockerfile: str, **files: str) -> list[Finding]:
    return lint({"Dockerfile": dockerfile, "app/main.py": "", **files}, select=["DPL007"])


def fixed(dockerfile: str, safety: str) -> str:
    [finding] = found(dockerfile)
    assert finding.fix is not None
    assert finding.fix.safety == safety
    return apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"].splitlines()[-1]


def test_place_message_and_help() -> None:
    [finding] = found(HEAD + "CMD uvicorn app.main:app\n")
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (4, 5, 25)
    assert finding.message == (
        "`CMD` starts `uvicorn` through a shell, which keeps SIGTERM from it: the lifespan's "
        "shutdown never runs"
    )
    assert finding.help == "Write the command as a JSON list, so that the server is process 1"


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn app.main:app",
        "gunicorn app.main:app -k uvicorn.workers.UvicornWorker",
        "hypercorn app.main:app",
        "granian --interface asgi app.main:app",
        "fastapi run app/main.py",
        "poetry run uvicorn app.main:app",
        "uv run --no-dev uvicorn app.main:app",
        "python -m uvicorn app.main:app",
        "HOST=0.0.0.0 uvicorn app.main:app",
        "alembic upgrade head && uvicorn app.main:app",
        "alembic upgrade head; uvicorn app.main:app",
    ],
)
def test_every_server_and_wrapper(command: str) -> None:
    assert len(found(HEAD + f"CMD {command}\n")) == 1
    assert len(found(HEAD + f"ENTRYPOINT {command}\n")) == 1


def test_behind_an_entrypoint_that_runs_its_arguments() -> None:
    dockerfile = HEAD + 'ENTRYPOINT ["/app/entry.sh"]\nCMD uvicorn app.main:app\n'
    [finding] = found(dockerfile, **{"entry.sh": '#!/bin/sh\nset -e\nexec "$@"\n'})
    assert finding.span.line == 5


def test_safe_fix_writes_a_list() -> None:
    assert fixed(HEAD + "CMD uvicorn 'app.main:app' --port 80", "safe") == (
        'CMD ["uvicorn", "app.main:app", "--port", "80"]'
    )


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("uvicorn app.main:app --port $PORT", "exec uvicorn app.main:app --port $PORT"),
        ("cd src && uvicorn app.main:app", "cd src && exec uvicorn app.main:app"),
        ("uvicorn --version; uvicorn a:app", "uvicorn --version; exec uvicorn a:app"),
    ],
)
def test_unsafe_fix_puts_exec_before_the_server(command: str, expected: str) -> None:
    assert fixed(HEAD + f"CMD {command}", "unsafe") == f'CMD ["sh", "-c", "{expected}"]'


def test_entrypoint_beside_a_cmd_is_left_to_the_reader() -> None:
    [finding] = found(HEAD + 'ENTRYPOINT uvicorn app.main:app\nCMD ["--port", "80"]\n')
    assert finding.fix is None


def test_command_over_several_lines() -> None:
    dockerfile = HEAD + "CMD uvicorn app.main:app \\\n    --host 0.0.0.0\n"
    [finding] = found(dockerfile)
    assert (finding.span.line, finding.span.end_line) == (4, 5)
    text = apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"]
    assert text == HEAD + 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'


def test_stage_and_services_that_inherit_give_one_finding() -> None:
    compose = "services:\n  one: {build: .}\n  two: {build: .}\n"
    assert len(found(HEAD + "CMD uvicorn app.main:app\n", **{"compose.yaml": compose})) == 1


@pytest.mark.parametrize(
    "command",
    [
        '["uvicorn", "app.main:app"]',
        "exec uvicorn app.main:app",
        "alembic upgrade head && exec uvicorn app.main:app",
        "alembic upgrade head",
        "pytest -q",
        "celery -A app worker",
        "uvicorn --version",
    ],
)
def test_commands_that_are_fine(command: str) -> None:
    assert found(HEAD + f"CMD {command}\n") == []


def test_bash_gives_way() -> None:
    for shell in ('["/bin/bash", "-c"]', '["bash", "-o", "pipefail", "-c"]'):
        assert found(HEAD + f"SHELL {shell}\nCMD uvicorn app.main:app\n") == []


def test_bash_after_the_command_comes_too_late() -> None:
    assert len(found(HEAD + 'CMD uvicorn app.main:app\nSHELL ["bash", "-c"]\n')) == 1


@pytest.mark.parametrize("base", ["python:3.13-alpine", "fedora:42", "registry.example.com/base:1", "$BASE"])
def test_images_whose_shell_gives_way_or_is_unknown(base: str) -> None:
    assert found(HEAD.replace("python:3.13-slim", base) + "CMD uvicorn app.main:app\n") == []


@pytest.mark.parametrize("path", [".hadolint.yaml", "hadolint.yml", "ci/.hadolint.yml"])
def test_hadolint_decides(path: str) -> None:
    assert found(HEAD + "CMD uvicorn app.main:app\n", **{path: "ignored: []\n"}) == []


def test_pragma_of_hadolint_decides() -> None:
    assert found(HEAD + "# hadolint ignore=DL3025\nCMD uvicorn app.main:app\n") == []


def test_run_and_healthcheck_are_no_commands() -> None:
    dockerfile = HEAD + "RUN uvicorn app.main:app\nHEALTHCHECK CMD uvicorn app.main:app\nCMD python\n"
    assert found(dockerfile) == []
