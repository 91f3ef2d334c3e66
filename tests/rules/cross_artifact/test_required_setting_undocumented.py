from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from pydantic import BaseModel, Field, AliasChoices\n"
    "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
)


def settings(body: str, config: str = "extra='ignore'") -> str:
    return (
        f"{HEAD}class Settings(BaseSettings):\n"
        f"    model_config = SettingsConfigDict({config})\n    known: str = ''\n    {body}\n"
        f"settings = Settings()\n"
    )


def found(code: str, example: str = "KNOWN=\n", **files: str) -> list[Finding]:
    return lint({"app/config.py": code, ".env.example": example, **files}, select=["XAR005"])


def test_place_message_and_fix() -> None:
    code = settings("secret_key: str")
    [finding] = found(code)
    assert (finding.span.path, finding.span.line) == ("app/config.py", 6)
    assert (
        finding.message
        == "`Settings.secret_key` has no default, and `.env.example` doesn't name `SECRET_KEY`"
    )
    assert apply_fixes({".env.example": "KNOWN=\n"}, [finding])[".env.example"] == "KNOWN=\nSECRET_KEY=\n"
    [finding] = found(code, "KNOWN=")
    assert apply_fixes({".env.example": "KNOWN="}, [finding])[".env.example"] == "KNOWN=\nSECRET_KEY=\n"


@pytest.mark.parametrize(
    ("body", "config", "name"),
    [
        ("key: str", "env_prefix='APP_'", "APP_KEY"),
        ("key: str = Field(validation_alias='API_KEY')", "env_prefix='APP_'", "API_KEY"),
        ("key: str = Field(alias='API_KEY')", "extra='ignore'", "API_KEY"),
        ("key: str = Field(...)", "extra='ignore'", "KEY"),
        ("key: str = Field(min_length=8)", "extra='ignore'", "KEY"),
        ("key: str | None", "extra='ignore'", "KEY"),
    ],
)
def test_names_of_variables(body: str, config: str, name: str) -> None:
    example = "APP_KNOWN=\nKNOWN=\n"
    [finding] = found(settings(body, config), example)
    assert finding.message.endswith(f"doesn't name `{name}`")
    assert found(settings(body, config), example + f"{name}=\n") == []
    assert found(settings(body, config), example + f"{name.lower()}=\n") == []


def test_choice_of_names_and_nested_models() -> None:
    code = settings("key: str = Field(validation_alias=AliasChoices('ONE', 'TWO'))")
    assert len(found(code)) == 1
    assert found(code, "KNOWN=\nTWO=\n") == []
    nested = HEAD + "class Db(BaseModel):\n    url: str\nclass Settings(BaseSettings):\n"
    nested += (
        "    model_config = SettingsConfigDict(env_nested_delimiter='__')\n"
        "    known: str = ''\n    db: Db\ns = Settings()\n"
    )
    assert len(found(nested)) == 1
    assert found(nested, "KNOWN=\nDB__URL=\n") == []
    assert found(nested, "KNOWN=\nDB={}\n") == []


def test_case_sensitive() -> None:
    code = settings("Key: str", "case_sensitive=True").replace("known", "KNOWN")
    assert len(found(code, "KNOWN=\nKEY=\n")) == 1
    assert found(code, "KNOWN=\nKey=\n") == []


@pytest.mark.parametrize(
    "body", ["key: str = 'x'", "key: str = Field('x')", "key: list = Field(default_factory=list)", "key = 1"]
)
def test_fields_with_a_value(body: str) -> None:
    assert found(settings(body)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services:\n  api:\n    image: x\n    environment: {SECRET_KEY: x}\n"),
        ("Dockerfile", "FROM python:3.13\nENV SECRET_KEY=x\n"),
        ("k8s/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {SECRET_KEY: x}\n"),
        (".github/workflows/ci.yml", "env:\n  SECRET_KEY: x\n"),
        ("start.sh", "export SECRET_KEY=x\n"),
    ],
)
def test_other_artifacts_name_it(path: str, text: str) -> None:
    assert found(settings("secret_key: str"), **{path: text}) == []


def test_commented_key_documents() -> None:
    assert found(settings("secret_key: str"), "KNOWN=\n# SECRET_KEY=\n") == []


def test_no_example() -> None:
    assert lint({"app/config.py": settings("secret_key: str")}, select=["XAR005"]) == []


def test_example_of_another_application() -> None:
    assert found(settings("secret_key: str"), "VITE_URL=\n") == []


def test_example_beside_the_application_comes_first() -> None:
    files = {
        "api/.env.example": "KNOWN=\n",
        ".env.example": "KNOWN=\nSECRET_KEY=\n",
        "api/app/config.py": settings("secret_key: str"),
    }
    assert [f.related[0].span.path for f in lint(files, select=["XAR005"])] == ["api/.env.example"]


@pytest.mark.parametrize("config", ["secrets_dir='/run/secrets'", "toml_file='x.toml'", "yaml_file='x.yaml'"])
def test_other_sources(config: str) -> None:
    assert found(settings("secret_key: str", config)) == []


@pytest.mark.parametrize(
    "method",
    [
        "@classmethod\n    def settings_customise_sources(cls, *args, **kwargs): ...",
        "@model_validator(mode='before')\n    @classmethod\n    def fill(cls, values): ...",
        "def __init__(self, **kwargs): ...",
    ],
)
def test_classes_that_change_what_they_read(method: str) -> None:
    code = "from pydantic import model_validator\n" + settings("secret_key: str\n    " + method)
    assert found(code) == []


def test_construction_with_the_value() -> None:
    code = settings("secret_key: str").replace("= Settings()", "= Settings(secret_key=load())")
    assert found(code) == []
    assert found(code.replace("secret_key=load()", "**load()")) == []


def test_base_class_that_only_others_use() -> None:
    code = settings("secret_key: str").replace("settings = Settings()\n", "")
    code += "class Local(Settings):\n    secret_key: str = 'local'\nsettings = Local()\n"
    assert found(code) == []


def test_inherited_field_is_reported_once() -> None:
    code = settings("secret_key: str") + "class A(Settings): ...\nclass B(Settings): ...\na, b = A(), B()\n"
    assert len(found(code)) == 1


def test_settings_of_tests() -> None:
    files = {"tests/config.py": settings("secret_key: str"), ".env.example": "KNOWN=\n"}
    assert lint(files, select=["XAR005"]) == []
