from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

HEAD = """
from fastapi import APIRouter
from pydantic import BaseModel
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker

class Base(DeclarativeBase): ...
"""
ROUTER = f"""{HEAD.replace("class Base(DeclarativeBase): ...", "")}
from app.models import Base
router = APIRouter()

{{body}}

@router.post("/things"{{options}})
def things({{parameters}}){{returns}}: ...
"""
FILES = {
    "app/__init__.py": "",
    "app/models.py": HEAD + "class User(Base):\n    __tablename__ = 'users'\n",
    "app/schemas.py": HEAD.replace("class Base(DeclarativeBase): ...", "")
    + "class UserOut(BaseModel): ...\n",
    "app/config.py": "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings): ...\n",
    "app/database.py": "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n",
}
TABLE = "class Order(Base):\n    __tablename__ = 'orders'"
SCHEMA = "class Thing(BaseModel): ..."
SETTINGS = "class MailSettings(BaseSettings): ..."
ENGINE = "engine = create_engine('sqlite://')"


def router(
    body: str, parameters: str = "", returns: str = "", options: str = "", files: dict[str, str] | None = None
) -> list[Finding]:
    source = ROUTER.format(body=body, parameters=parameters, returns=returns, options=options)
    return lint({**(FILES if files is None else files), "app/api/things.py": source}, select=["ARC009"])


def layer(path: str, body: str) -> list[Finding]:
    head = HEAD.replace("class Base(DeclarativeBase): ...", "from app.models import Base")
    return lint({**FILES, path: f"{head}{body}\ndef work(): ...\n"}, select=["ARC009"])


def test_place_and_message() -> None:
    [finding] = router(TABLE)
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/api/things.py", 13, 7)
    assert finding.message == "The table `Order` is defined in the router module `app.api.things`"
    assert finding.help == "Put it where the others are, for example in `app.models`"
    assert finding.symbol == "Order"


@pytest.mark.parametrize(
    ("body", "parameters", "returns", "options"),
    [
        (TABLE, "", "", ""),
        (SCHEMA, "thing: Thing", "", ""),
        (SCHEMA, "", " -> list[Thing]", ""),
        (SCHEMA, "", "", ", response_model=Thing | None"),
        (SETTINGS, "", "", ""),
        (ENGINE, "", "", ""),
        ("make = sessionmaker()", "", "", ""),
    ],
)
def test_in_a_router(body: str, parameters: str, returns: str, options: str) -> None:
    assert len(router(body, parameters, returns, options)) == 1


@pytest.mark.parametrize("body", [TABLE, SETTINGS, ENGINE])
def test_in_a_service(body: str) -> None:
    assert len(layer("app/services/things.py", body)) == 1


@pytest.mark.parametrize("body", [SETTINGS, ENGINE])
def test_in_a_repository(body: str) -> None:
    assert len(layer("app/repositories/things.py", body)) == 1


def test_an_engine_in_a_module_of_schemas() -> None:
    source = FILES["app/schemas.py"] + ENGINE
    assert len(lint({**FILES, "app/schemas.py": source}, select=["ARC009"])) == 1


def test_each_definition() -> None:
    assert len(router(f"{TABLE}\n{SETTINGS}\n{ENGINE}")) == 3


@pytest.mark.parametrize(
    ("body", "without"),
    [(TABLE, "app/models.py"), (SETTINGS, "app/config.py"), (ENGINE, "app/database.py")],
)
def test_no_such_layer(body: str, without: str) -> None:
    files = {path: text for path, text in FILES.items() if path != without}
    assert router(body, files=files) == []


def test_no_schemas() -> None:
    files = {path: text for path, text in FILES.items() if path != "app/schemas.py"}
    assert router(SCHEMA, "thing: Thing", files=files) == []


def test_a_module_that_holds_all_of_a_feature() -> None:
    assert router(f"{TABLE}\n{SCHEMA}", "thing: Thing") == []


def test_a_model_that_is_only_used_inside() -> None:
    assert router(f"{SCHEMA}\ndef cursor() -> Thing: ...") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("app/tasks/things.py", ENGINE),
        ("app/worker.py", ENGINE),
        ("app/db/replica.py", ENGINE),
        ("app/core/things.py", ENGINE),
        ("app/services/things.py", SCHEMA),
        ("app/services/things.py", "def make():\n    return create_engine('sqlite://')"),
        ("app/services/things.py", "from app.database import engine"),
        ("app/services/things.py", "from app.database import engine\nother = engine"),
        ("tests/services/things.py", ENGINE),
        ("app/repositories/things.py", TABLE),
    ],
)
def test_silent(path: str, body: str) -> None:
    assert layer(path, body) == []
