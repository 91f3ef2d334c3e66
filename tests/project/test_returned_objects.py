from __future__ import annotations

from collections.abc import Callable

import pytest

from fastapi_lint.project.names.symbols import ClassSymbol, FunctionSymbol
from fastapi_lint.project.project import Project
from fastapi_lint.project.requests.declared_responses import declared_response
from fastapi_lint.project.security.returned_objects import ReturnedObjects
from fastapi_lint.project.security.secret_attributes import SecretAttributes
from fastapi_lint.project.security.secret_names import is_password_hash, is_social_security_number
from fastapi_lint.project.types.bodies import return_values

Build = Callable[..., Project]

HEAD = """
from typing import Any, List, Optional
from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import Column, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, deferred
class Base(DeclarativeBase): ...
class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int]
    password: Mapped[str]
    salt = Column(String)
    token = deferred(Column(String))
class User(BaseModel):
    name: str
    password: str
    api_key: SecretStr
    secret: str = Field(exclude=True)
app = FastAPI()
"""


def symbol(project: Project, name: str) -> FunctionSymbol | ClassSymbol:
    module = project.module("app/main.py")
    assert module is not None
    index = project.resolver.index(module)
    return next(found for found in (*index.functions, *index.classes) if found.name == name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("User(name='a')", [("User", "object")]),
        ("[User(), Row()]", [("User", "list"), ("Row", "list")]),
        ("{'a': User()}", [("User", "dict")]),
        ("db.query(Row).first()", [("Row", "object")]),
        ("db.query(Row).order_by(Row.id).all()", [("Row", "list")]),
        ("db.scalars(select(Row)).all()", [("Row", "list")]),
        ("db.query(Row.id).all()", []),
        ("User().model_dump()", [("User", "dict")]),
        ("User().model_dump(exclude={'a'})", []),
        ("elsewhere()", []),
        ("User().name", []),
    ],
)
def test_objects_in_values(project_of: Build, value: str, expected: list[tuple[str, str]]) -> None:
    project = project_of(f"{HEAD}def read(db: Session):\n    return {value}\n")
    read = symbol(project, "read")
    assert isinstance(read, FunctionSymbol)
    [returned] = return_values(read)
    found = ReturnedObjects(project).of(returned, project.resolver.scope(read))
    assert [(one.cls.name, one.shape) for one in found] == expected


@pytest.mark.parametrize(("name", "expected"), [("User", ["password"]), ("Row", ["password", "salt"])])
def test_secrets_that_are_sent(project_of: Build, name: str, expected: list[str]) -> None:
    project = project_of(HEAD)
    cls = symbol(project, name)
    assert isinstance(cls, ClassSymbol)
    assert [secret.name for secret in SecretAttributes(project).of(cls)] == expected


@pytest.mark.parametrize(
    ("annotation", "option", "expected"),
    [
        ("", "", "nothing"),
        (" -> None", "", "nothing"),
        (" -> Any", "", "anything"),
        (" -> Optional[dict]", "", "dict"),
        (" -> dict[str, Any]", "", "dict"),
        (" -> List[object]", "", "list"),
        (" -> list[User]", "", "model"),
        (" -> dict[str, str]", "", "model"),
        (" -> Elsewhere", "", "model"),
        (" -> User", ", response_model=None", "nothing"),
        (" -> Any", ", response_model=User", "model"),
    ],
)
def test_declared_responses(project_of: Build, annotation: str, option: str, expected: str) -> None:
    project = project_of(f"{HEAD}@app.get('/'{option})\ndef read(){annotation}: ...\n")
    [endpoint] = project.endpoints.all
    assert declared_response(project, endpoint, endpoint.routes[0]) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hashed_password", True),
        ("passwordHash", True),
        ("password_salt", True),
        ("salt", True),
        ("password", False),
        ("password_hash_algorithm", False),
        ("file_hash", False),
    ],
)
def test_names_of_password_hashes(name: str, expected: bool) -> None:
    assert is_password_hash(name) is expected


def test_names_of_social_security_numbers() -> None:
    assert is_social_security_number("user_ssn")
    assert not is_social_security_number("ssn_last_checked")
