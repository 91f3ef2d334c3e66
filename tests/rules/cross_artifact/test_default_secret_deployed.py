from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

SETTINGS = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    {}\n"


def found(
    field: str, environment: str, path: str = "compose.prod.yaml", example: str = "", **files: str
) -> list[Finding]:
    written = {
        "app/config.py": SETTINGS.format(field),
        path: f"services:\n  api:\n    build: .\n    environment: {environment}\n",
        **files,
    }
    if example:
        written[".env.example"] = example
    return lint(written, select=["XAR015"])


@pytest.mark.parametrize(
    ("field", "environment"),
    [
        ("secret_key: str = 'changethis'", "{SECRET_KEY: changethis}"),
        ("secret_key: str = 'changethis'", "['SECRET_KEY=changethis']"),
        ("smtp_password: SecretStr = SecretStr('smtp')", "{SMTP_PASSWORD: smtp}"),
        (
            "key: str = Field('changethis', validation_alias='API_KEY')\n    api_key: str = 'k'",
            "{API_KEY: k}",
        ),
        ("api_key: str = Field(default='k')", "{api_key: k}"),
        ("access_token: str = DEFAULT", "{ACCESS_TOKEN: t0}"),
    ],
)
def test_defaults(field: str, environment: str) -> None:
    head = "from pydantic import Field, SecretStr\nDEFAULT = 't0'\n"
    config = head + SETTINGS.format(field)
    [finding] = found(field, environment, **{"app/config.py": config})
    assert (finding.span.path, finding.span.line) == ("compose.prod.yaml", 4)
    assert [related.span.path for related in finding.related] == ["app/config.py"]


def test_the_value_of_the_example() -> None:
    [finding] = found("secret_key: str", "{SECRET_KEY: changethis}", example="SECRET_KEY=changethis\n")
    assert finding.message == (
        "In production the service `api` gets a `SECRET_KEY` that everybody knows: "
        "it is the value in `.env.example`"
    )
    assert finding.related[0].message == "The value of `Settings.secret_key` stands here"


@pytest.mark.parametrize(
    ("field", "environment"),
    [
        ("secret_key: str = 'changethis'", "{SECRET_KEY: '${SECRET_KEY}'}"),
        ("secret_key: str = 'changethis'", "{SECRET_KEY: '${SECRET_KEY:-changethis}'}"),
        ("secret_key: str = 'changethis'", "[SECRET_KEY]"),
        ("secret_key: str = 'changethis'", "{SECRET_KEY: other}"),
        ("secret_key: str = 'changethis'", "{OTHER_SECRET_KEY: changethis}"),
        ("secret_key: str = ''", "{SECRET_KEY: ''}"),
        ("secret_key: str = '/run/secrets/key'", "{SECRET_KEY: /run/secrets/key}"),
        ("smtp_password: str | None = None", "{SMTP_PASSWORD: 'null'}"),
        ("environment: str = 'production'", "{ENVIRONMENT: production}"),
        ("token_url: str = '/token'", "{TOKEN_URL: /token}"),
        ("access_token_expire_minutes: int = 30", "{ACCESS_TOKEN_EXPIRE_MINUTES: 30}"),
    ],
)
def test_silent(field: str, environment: str) -> None:
    assert found(field, environment) == []


@pytest.mark.parametrize(
    "path",
    [
        "compose.yaml",
        "compose.dev.yaml",
        "compose.test.yaml",
        "docker-compose.override.yml",
        "compose.staging.yaml",
    ],
)
def test_other_environments(path: str) -> None:
    assert found("secret_key: str = 'changethis'", "{SECRET_KEY: changethis}", path) == []


def test_the_last_setting_wins() -> None:
    base = "services:\n  api: {build: ., environment: {SECRET_KEY: changethis}}\n"
    config = SETTINGS.format("secret_key: str = 'changethis'")
    own = "services:\n  api: {restart: always, environment: {SECRET_KEY: '${SECRET_KEY}'}}\n"
    files = {"app/config.py": config, "compose.yaml": base}
    assert lint({**files, "compose.prod.yaml": own}, select=["XAR015"]) == []
    inherited = "services:\n  api: {restart: always}\n"
    [finding] = lint({**files, "compose.prod.yaml": inherited}, select=["XAR015"])
    assert finding.span.path == "compose.yaml"


def test_containers() -> None:
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: api\n          env: [{name: SECRET_KEY, value: changethis}]\n"
    )
    files = {"app/config.py": SETTINGS.format("secret_key: str = 'changethis'")}
    [finding] = lint({**files, "k8s/api.yaml": manifest}, select=["XAR015"])
    assert finding.message.startswith("In production the container `api` gets a `SECRET_KEY`")
    assert lint({**files, "k8s/dev/api.yaml": manifest}, select=["XAR015"]) == []
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: api}\nstringData: {SECRET_KEY: changethis}\n"
    assert lint({**files, "k8s/api.yaml": secret}, select=["XAR015"]) == []


def test_settings_of_tests() -> None:
    config = SETTINGS.format("secret_key: str = 'changethis'")
    files = {"compose.prod.yaml": "services:\n  api: {build: ., environment: {SECRET_KEY: changethis}}\n"}
    assert lint({"tests/config.py": config, **files}, select=["XAR015"]) == []
