from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\n"
START = 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n'


def found(files: dict[str, str]) -> list[Finding]:
    return lint({"app/main.py": "app = 1\n", **files}, select=["DPL002"])


def service(line: str, path: str = "compose.prod.yaml") -> dict[str, str]:
    text = f"services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n    {line}\n"
    return {"Dockerfile": IMAGE, path: text}


def test_option_message_and_fix() -> None:
    dockerfile = IMAGE + START.replace('"]', '", "--log-level", "trace"]')
    [finding] = found({"Dockerfile": dockerfile})
    assert finding.message == "`uvicorn` runs with `--log-level trace` in `Dockerfile`"
    assert (finding.span.column, finding.span.end_column) == (54, 76)
    assert '"--log-level", "info"]' in apply_fixes({"Dockerfile": dockerfile}, [finding])["Dockerfile"]


@pytest.mark.parametrize("name", ["LOG_LEVEL", "LOGLEVEL", "UVICORN_LOG_LEVEL"])
@pytest.mark.parametrize("value", ["debug", "DEBUG", "trace", "${LEVEL:-debug}"])
def test_variable_of_the_service(name: str, value: str) -> None:
    [finding] = found(service(f'environment: {{{name}: "{value}"}}'))
    assert finding.message.startswith(f"`{name}` asks for ")


def test_variable_of_the_image() -> None:
    assert [f.span.line for f in found({"Dockerfile": IMAGE + "ENV LOG_LEVEL=debug\n" + START})] == [4]


@pytest.mark.parametrize(
    "value", ["info", "WARNING", "error", "critical", "${LOG_LEVEL}", "${LOG_LEVEL:-info}"]
)
def test_other_values(value: str) -> None:
    assert found(service(f'environment: {{LOG_LEVEL: "{value}"}}')) == []


def test_development_and_tests() -> None:
    assert found(service("environment: {LOG_LEVEL: debug}", "compose.dev.yaml")) == []
    assert found(service("environment: {LOG_LEVEL: debug}", "compose.test.yaml")) == []
    mounted = service("environment: {LOG_LEVEL: debug}\n    volumes: ['./app:/app/app']", "compose.yaml")
    assert found(mounted) == []


def test_image_with_a_tag_for_development() -> None:
    assert found(service("environment: {LOG_LEVEL: debug}\n    image: api:dev", "compose.yaml")) == []


def test_another_service() -> None:
    files = service("restart: always")
    files["compose.prod.yaml"] += "  db:\n    image: postgres\n    environment: {LOG_LEVEL: debug}\n"
    assert found(files) == []


def test_conditional_line() -> None:
    script = (
        'if [ "$DEBUG" ]; then exec uvicorn app.main:app --log-level debug; fi\nexec uvicorn app.main:app\n'
    )
    assert found({"Dockerfile": IMAGE + 'CMD ["sh", "start.sh"]\n', "start.sh": script}) == []
