from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import apply_fixes, lint

HEAD = "import pydantic.v1\nfrom pydantic import BaseModel, ConfigDict\nfrom sqlmodel import SQLModel\n"


def found(source: str, **files: str) -> list[Finding]:
    return lint({"app/main.py": HEAD + source, **files}, select=["PYD002"])


def config(body: str, base: str = "BaseModel") -> str:
    return f"class M({base}):\n    class Config:\n        {body}\n"


def test_place_and_message() -> None:
    [finding] = found(config("orm_mode = True"))
    assert (finding.span.line, finding.span.column, finding.span.end_column) == (6, 9, 17)
    assert finding.message == "Pydantic 2 ignores the option `orm_mode` of `M`"
    assert finding.help == "Call it `from_attributes`"


@pytest.mark.parametrize(
    "name",
    [
        "orm_mode",
        "allow_population_by_field_name",
        "schema_extra",
        "anystr_strip_whitespace",
        "anystr_lower",
        "anystr_upper",
        "min_anystr_length",
        "max_anystr_length",
        "validate_all",
        "keep_untouched",
        "allow_mutation",
        "underscore_attrs_are_private",
    ],
)
def test_options(name: str) -> None:
    assert len(found(config(f"{name} = 1"))) == 1
    assert len(found(f"class M(BaseModel):\n    model_config = ConfigDict({name}=1)\n")) == 1
    assert len(found(f"class M(BaseModel):\n    model_config = {{'{name}': 1}}\n")) == 1


@pytest.mark.parametrize("base", ["SQLModel", "Base"])
def test_kinds_of_models(base: str) -> None:
    assert len(found("class Base(BaseModel): ...\n" + config("orm_mode = True", base))) == 1


def test_settings() -> None:
    source = "from pydantic_settings import BaseSettings\n" + config("validate_all = True", "BaseSettings")
    assert len(found(source)) == 1


def test_method_of_the_configuration() -> None:
    [finding] = found(config("def schema_extra(schema): ..."))
    assert finding.span.column == 13


@pytest.mark.parametrize(
    "source",
    [
        config("from_attributes = True"),
        config("orm_mode = True\n        from_attributes = True"),
        config("orm_mode = True", "pydantic.v1.BaseModel"),
        config("orm_mode = True", "object"),
        "from library import Base\n" + config("orm_mode = True", "Base"),
        "class Config:\n    orm_mode = True\n",
        "class M(BaseModel):\n    orm_mode: bool = True\n",
        "class M(BaseModel):\n    model_config = ConfigDict(**options)\n",
        "class M(BaseModel):\n    model_config = make(orm_mode=True)\n",
        "class M(BaseModel):\n    if V1:\n        class Config:\n            orm_mode = True\n",
    ],
)
def test_silent(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("pin", "count"),
    [("pydantic==1.10.13", 0), ("pydantic==2.5.0", 1), ("pydantic>=1.8", 0), ("pydantic>=2", 1)],
)
def test_versions(pin: str, count: int) -> None:
    assert len(found(config("orm_mode = True"), **{"requirements.txt": f"{pin}\n"})) == count


def test_fixes() -> None:
    text = HEAD + "class M(BaseModel):\n    model_config = {'orm_mode': True, \"schema_extra\": {}}\n"
    files = {"app/main.py": text}
    fixed = apply_fixes(files, lint(files, select=["PYD002"]))["app/main.py"]
    assert fixed == text.replace("orm_mode", "from_attributes").replace("schema_extra", "json_schema_extra")


def test_removed_options_have_no_fix() -> None:
    [finding] = found(config("allow_mutation = False"))
    assert finding.fix is None
    assert finding.help == "Say `frozen=True` instead"


@pytest.mark.parametrize("branch", ["if VERSION < '2':", "if VERSION >= '2':\n    M = None\nelse:"])
def test_a_model_for_another_version(branch: str) -> None:
    model = "    class M(BaseModel):\n        class Config:\n            orm_mode = True\n"
    assert found(f"from pydantic import VERSION\n{branch}\n{model}") == []
