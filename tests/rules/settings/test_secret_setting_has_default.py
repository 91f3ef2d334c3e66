from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = """
import os
import secrets
from typing import Annotated, ClassVar
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

PLACEHOLDER = "change-me"
EMPTY = ""

"""


def found(body: str, name: str = "Settings", bases: str = "BaseSettings", head: str = HEAD) -> list[Finding]:
    source = f"{head}class {name}({bases}):\n    {body}\n"
    return lint({"app/config.py": source}, select=["CFG006"])


def test_place_and_message() -> None:
    [finding] = found('secret_key: str = "change-me"')
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (12, 23, 34)
    assert finding.message == "The secret `Settings.secret_key` has a default that stands in the source"
    assert finding.help == "Leave the default out: then the service doesn't start without a value of its own"
    assert finding.symbol == "Settings"


@pytest.mark.parametrize(
    "name",
    [
        "secret", "secret_key", "SECRET_KEY", "password", "POSTGRES_PASSWORD", "db_password", "api_key",
        "openai_api_key", "private_key", "signing_key", "jwt_key", "access_token", "auth_token",
        "client_secret", "JWT_SECRET",
    ],
)  # fmt: skip
def test_names(name: str) -> None:
    assert len(found(f'{name}: str = "x"')) == 1


@pytest.mark.parametrize(
    "default",
    [
        '"x"',
        'Field("x")',
        'Field(default="x")',
        'Field("x", min_length=1)',
        'SecretStr("x")',
        'Field(SecretStr("x"))',
        "PLACEHOLDER",
        "SecretStr(PLACEHOLDER)",
    ],
)
def test_defaults(default: str) -> None:
    assert len(found(f"secret_key: str = {default}")) == 1


def test_annotated_and_plain() -> None:
    assert len(found('secret_key: Annotated[str, Field(min_length=1)] = "x"')) == 1
    assert len(found('secret_key = "x"')) == 1


@pytest.mark.parametrize(
    "body",
    [
        "secret_key: str",
        'secret_key: str = ""',
        'secret_key: str = " "',
        "secret_key: str = EMPTY",
        "secret_key: str | None = None",
        "secret_key: str = Field(...)",
        "secret_key: str = ...",
        "secret_key: str = Field(None)",
        "secret_key: str = Field(default_factory=secrets.token_urlsafe)",
        "secret_key: str = secrets.token_urlsafe(32)",
        'secret_key: str = os.environ["SECRET_KEY"]',
        "secret_key: str = unknown.DEFAULT",
        'access_key_id: str = "x"',
        'token_url: str = "/token"',
        "password_min_length: int = 8",
        'secret_name: str = "x"',
        'password_file: str = "/run/secrets/x"',
        'nosecret: str = "x"',
        'ALGORITHM: str = "HS256"',
        'secret_key: ClassVar[str] = "x"',
        '_secret_key: str = "x"',
        'def secret_key(self) -> str:\n        return "x"',
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    "name", ["TestSettings", "SettingsForTests", "DevSettings", "DevelopmentConfig", "LocalSettings"]
)
def test_classes_for_tests_and_development(name: str) -> None:
    assert found('secret_key: str = "x"', name) == []


def test_a_class_of_the_tests() -> None:
    source = HEAD + 'class Settings(BaseSettings):\n    secret_key: str = "x"\n'
    assert lint({"tests/config.py": source}, select=["CFG006"]) == []


def test_a_model_that_is_no_settings() -> None:
    assert found('password: str = "x"', bases="BaseModel", head="from pydantic import BaseModel\n") == []


VALIDATORS = [
    """@field_validator("secret_key")
    def check(cls, value):
        if value == "x":
            raise ValueError
        return value""",
    """@model_validator(mode="after")
    def check(self):
        if self.secret_key == "x":
            raise ValueError
        return self""",
    """def _refuse(self, name, value):
        if value == "x":
            raise ValueError(name)

    @model_validator(mode="after")
    def check(self):
        self._refuse("secret_key", self.secret_key)
        return self""",
    """def model_post_init(self, context):
        assert self.secret_key != "x\"""",
]


@pytest.mark.parametrize("validator", VALIDATORS, ids=["field", "model", "helper", "hook"])
def test_a_validator_that_refuses_the_placeholder(validator: str) -> None:
    body = f'secret_key: str = "x"\n    password: str = "x"\n\n    {validator}'
    assert [finding.message.split("`")[1] for finding in found(body)] == ["Settings.password"]


@pytest.mark.parametrize(
    "validator",
    [
        '@field_validator("secret_key")\n    def check(cls, value):\n        return value.strip()',
        '@field_validator("url")\n    def check(cls, v):\n        if v == "x":\n            raise ValueError',
        'def check(self):\n        if self.secret_key == "x":\n            raise ValueError',
    ],
)
def test_other_validators(validator: str) -> None:
    assert len(found(f'secret_key: str = "x"\n\n    {validator}')) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('secret_key: str = "x"', "secret_key: str"),
        ('secret_key: str = "x"  # why', "secret_key: str  # why"),
        ('secret_key: str = Field("x", title="t")', 'secret_key: str = Field(..., title="t")'),
        (
            'secret_key: str = Field(title="t", default="x")',
            'secret_key: str = Field(title="t", default=...)',
        ),
        ('secret_key: str = SecretStr("x")', "secret_key: str"),
        (
            'secret_key: Annotated[str, Field(title="t")] = "x"',
            'secret_key: Annotated[str, Field(title="t")]',
        ),
    ],
)
def test_fix(before: str, after: str) -> None:
    files = {"app/config.py": f"{HEAD}class Settings(BaseSettings):\n    {before}\n"}
    findings = lint(files, select=["CFG006"])
    assert apply_fixes(files, findings) == {
        "app/config.py": f"{HEAD}class Settings(BaseSettings):\n    {after}\n"
    }
    assert findings[0].fix is not None
    assert findings[0].fix.safety == "unsafe"


def test_no_fix_without_an_annotation() -> None:
    assert found('secret_key = "x"')[0].fix is None
