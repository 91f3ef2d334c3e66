from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

CONFIG = (
    "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Settings(BaseSettings):\n"
    "    model_config = SettingsConfigDict(env_file='.env', extra='ignore')\n"
    "    secret_key: str\n    allowed_origins: str = ''\n    sentry_dsns: str = ''\n"
)
APP = "from fastapi import FastAPI\nfrom app.config import Settings\napp = FastAPI()\nsettings = Settings()\n"


def found(example: str, **files: str) -> list[Finding]:
    written = {
        "app/config.py": CONFIG,
        "app/main.py": APP,
        ".env.example": f"SECRET_KEY=\n{example}",
        **files,
    }
    return lint(written, select=["XAR014"])


def test_message_and_fix() -> None:
    [finding] = found("ALLOWED_ORIGIN=a\n")
    assert (finding.span.path, finding.span.line, finding.span.end_column) == (".env.example", 2, 15)
    assert finding.message == (
        "Nothing reads `ALLOWED_ORIGIN`, and `Settings.allowed_origins`, which reads `ALLOWED_ORIGINS`, "
        "stays at its default or is missing"
    )
    files = {".env.example": "SECRET_KEY=\nALLOWED_ORIGIN=a\n"}
    assert apply_fixes(files, [finding])[".env.example"] == "SECRET_KEY=\nALLOWED_ORIGINS=a\n"


@pytest.mark.parametrize(
    "example",
    [
        "ALLOWED_ORIGINS=a\n",
        "allowed_origins=a\n",
        "ALLOWED_ORIGIN=a\nALLOWED_ORIGINS=b\n",
        "ALLOWED_ORIGIN=a\n# ALLOWED_ORIGINS=b\n",
        "# ALLOWED_ORIGIN=a\n",
        "ALLOWED_HEADERS=a\n",
        "SENTRY_DSN=a\n",
        "ALLOWED_ORIGIN=a\nOTHER=${ALLOWED_ORIGIN}\n",
    ],
)
def test_silent(example: str) -> None:
    assert found(example) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/other.py", "import os\nx = os.environ['ALLOWED_ORIGIN']\n"),
        (
            "app/other.py",
            "from pydantic_settings import BaseSettings\nclass O(BaseSettings):\n    allowed_origin: str\n",
        ),
        ("compose.yaml", "services: {web: {image: web, environment: ['X=${ALLOWED_ORIGIN}']}}\n"),
        ("start.sh", "#!/bin/sh\necho $ALLOWED_ORIGIN\n"),
        (".github/workflows/ci.yml", "env: {ALLOWED_ORIGIN: a}\n"),
    ],
)
def test_somebody_else_reads_it(path: str, text: str) -> None:
    assert found("ALLOWED_ORIGIN=a\n", **{path: text}) == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("{ALLOWED_ORIGIN: a}", 1),
        ("[ALLOWED_ORIGIN=a]", 1),
        ("{ALLOWED_ORIGIN: a, ALLOWED_ORIGINS: b}", 0),
        ("{ALLOWED_ORIGINS: b}", 0),
        ("{UVICORN_ALLOWED_ORIGIN: b}", 0),
    ],
)
def test_services(environment: str, expected: int) -> None:
    compose = (
        "services:\n  api:\n    image: example/api\n    command: uvicorn app.main:app\n"
        f"    environment: {environment}\n  web: {{image: web, environment: {{SECRET_KEYS: a}}}}\n"
    )
    findings = found("", **{"compose.yaml": compose})
    assert [(finding.span.path, finding.span.line) for finding in findings] == [
        ("compose.yaml", 5)
    ] * expected


def test_a_prefix_of_another_class() -> None:
    other = (
        "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Other(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_prefix='{}')\n    origin: str = ''\n"
    )
    assert found("ALLOWED_ORIGIN=a\n", **{"app/other.py": other.format("ALLOWED_")}) == []
    assert len(found("ALLOWED_ORIGIN=a\n", **{"app/other.py": other.format("X_")})) == 1


def test_settings_that_read_other_sources() -> None:
    config = CONFIG.replace("extra='ignore'", "extra='ignore', toml_file='a.toml'")
    assert found("ALLOWED_ORIGIN=a\n", **{"app/config.py": config}) == []


def test_an_example_that_names_fields_by_slips_only_is_still_of_the_class() -> None:
    assert len(found("", **{".env.example": "ALLOWED_ORIGIN=a\n"})) == 1
    assert found("", **{".env.example": "SOMETHING_ELSE=a\n"}) == []
