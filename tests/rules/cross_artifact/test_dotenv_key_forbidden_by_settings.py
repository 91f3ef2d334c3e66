from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = (
    "from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
)


def settings(
    config: str = "env_file='.env'", body: str = "known: str = ''", build: str = "Settings()"
) -> str:
    return (
        f"{HEAD}class Settings(BaseSettings):\n"
        f"    model_config = SettingsConfigDict({config})\n    {body}\ns = {build}\n"
    )


def found(code: str, example: str = "KNOWN=\nOTHER=\n", **files: str) -> list[Finding]:
    return lint({"app/config.py": code, ".env.example": example, **files}, select=["XAR006"])


def test_place_message_related_and_fix() -> None:
    code = settings()
    [finding] = found(code, "KNOWN=\nOTHER=\nMORE=1\n")
    assert (finding.span.path, finding.span.line, finding.span.column) == (".env.example", 2, 1)
    assert (
        finding.message
        == "`Settings` has no field for `OTHER` and 1 more, and refuses to start with this file"
    )
    assert [related.span.path for related in finding.related] == ["app/config.py"]
    fixed = apply_fixes({"app/config.py": code}, [finding])["app/config.py"]
    assert "SettingsConfigDict(env_file='.env', extra=\"ignore\")" in fixed
    assert found(fixed) == []


def test_tracked_file_itself() -> None:
    [finding] = found(settings(), "KNOWN=\n", **{".env": "KNOWN=\nOTHER=\n"})
    assert finding.span.path == ".env"


def test_each_class_sees_the_whole_file() -> None:
    code = settings() + settings(body="other: str = ''").replace("Settings(", "More(").replace(
        "BaseMore(", "BaseSettings("
    )
    assert len(found(code)) == 2


def test_config_class_of_old() -> None:
    code = HEAD + (
        "class Settings(BaseSettings):\n    known: str = ''\n    class Config:\n"
        "        env_file = '.env'\ns = Settings()\n"
    )
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    "config",
    [
        "env_file='.env', extra='ignore'",
        "env_file='.env', extra='allow'",
        "env_file='.env', extra=MODE",
        "env_file=None",
        "env_file=PATH",
        "env_prefix='X_'",
        "env_file='.env', **COMMON",
    ],
)
def test_classes_that_take_it_or_read_no_known_file(config: str) -> None:
    assert found(settings(config)) == []


def test_inherited_option() -> None:
    code = HEAD + "class Base(BaseSettings):\n    model_config = SettingsConfigDict(extra='ignore')\n"
    code += (
        "class Settings(Base):\n"
        "    model_config = SettingsConfigDict(env_file='.env')\n    known: str = ''\ns = Settings()\n"
    )
    assert found(code) == []


@pytest.mark.parametrize(
    ("config", "body", "example"),
    [
        ("env_file='.env'", "known: str = ''\n    other: str = ''", "KNOWN=\nother=\n"),
        ("env_file='.env', env_prefix='X_'", "known: str = ''", "X_KNOWN=\n"),
        ("env_file='.env'", "known: str = ''\n    o: str = Field('', alias='OTHER')", "KNOWN=\nOTHER=\n"),
        ("env_file='.env', env_nested_delimiter='__'", "known: dict = {}", "KNOWN__A=\nKNOWN__B__C=\n"),
        ("env_file='.env'", "known: str = ''", "KNOWN=\n# OTHER=\n"),
    ],
)
def test_keys_that_belong_to_fields(config: str, body: str, example: str) -> None:
    assert found(settings(config, body), example) == []


def test_construction_that_names_another_file() -> None:
    assert found(settings(build="Settings(_env_file=None)")) == []


def test_pydantic_one() -> None:
    old = settings().replace(
        "from pydantic_settings import BaseSettings, SettingsConfigDict", "from pydantic import BaseSettings"
    )
    assert found(old, **{"requirements.txt": "pydantic==1.10.2\n"}) == []
    assert found(settings(), **{"requirements.txt": "pydantic==1.10.2\n"}) == []


def test_example_of_another_application() -> None:
    assert found(settings(), "VITE_URL=\nNODE_ENV=\n") == []


def test_prefix_makes_unprefixed_keys_unknown() -> None:
    assert len(found(settings("env_file='.env', env_prefix='X_'"), "X_KNOWN=\nOTHER=\n")) == 1


def test_an_example_outside_of_the_folder_that_the_application_is_started_from() -> None:
    config = (
        "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n"
        "    model_config = {'env_file': '.env'}\n    title: str = ''\n"
    )
    files = {
        "web/app/config.py": config + "settings = Settings()\n",
        ".env.example": "TITLE=x\nPOSTGRES_PORT=1\n",
    }
    assert len(lint(files, select=["XAR006"])) == 1
    files["web/requirements.txt"] = "pydantic-settings\n"
    assert lint(files, select=["XAR006"]) == []
