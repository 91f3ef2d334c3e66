from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

MODELS = """
import enum
from sqlalchemy.orm import DeclarativeBase
from sqlmodel import SQLModel
LIMIT = 3
Ids = list[int]
class Base(DeclarativeBase): ...
class Mixed(Base):
    __abstract__ = True
class User(Base):
    __tablename__ = "users"
class Hero(SQLModel, table=True): ...
class HeroBase(SQLModel): ...
class Plan(enum.Enum):
    FREE = 1
"""
DATABASE = """
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
engine = create_engine("sqlite://")
make_session = sessionmaker(engine)
URL = "sqlite://"
"""
FILES = {
    "app/__init__.py": "",
    "app/models/__init__.py": "from app.models.user import User as User\n",
    "app/models/user.py": MODELS,
    "app/database.py": DATABASE,
    "app/repositories/users.py": "class Users:\n    def find(self): ...\nclass Missing(Exception): ...\n",
    "app/services/users.py": "def work(): ...\n",
}


def found(imports: str, use: str = "...", rest: str = "", path: str = "app/schemas/user.py") -> list[Finding]:
    body = f"class UserOut(BaseModel):\n    def make(self):\n        {use}\n"
    source = f"from pydantic import BaseModel\n{imports}\n{body}{rest}"
    return lint({**FILES, path: source}, select=["ARC008"])


def test_place_message_and_chain() -> None:
    [finding] = found("from app.models import User", "return User")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/schemas/user.py", 2, 24)
    assert finding.message.endswith("imports the table `User`")
    assert [hop.kind for hop in finding.chain] == ["imports", "re-exported by", "defined in"]


@pytest.mark.parametrize(
    ("imports", "use", "what"),
    [
        ("from app.models.user import User", "User", "table `User`"),
        ("from app.models.user import Hero", "Hero", "table `Hero`"),
        ("from app import models", "models.User", "table `User`"),
        ("", "from app.models import User\n        return User", "table `User`"),
        ("from app.database import engine", "engine", "engine or session factory `engine`"),
        ("from app.database import make_session", "make_session", "engine or session factory `make_session`"),
        ("from app.repositories.users import Users", "Users", "repository `Users`"),
        ("from app.services.users import work", "work()", "service `work`"),
    ],
)
def test_imports(imports: str, use: str, what: str) -> None:
    [finding] = found(imports, use)
    assert finding.message.endswith(f"imports the {what}")


@pytest.mark.parametrize(
    ("imports", "use"),
    [
        ("from app.models.user import Plan", "Plan"),
        ("from app.models.user import Base", "Base"),
        ("from app.models.user import Mixed", "Mixed"),
        ("from app.models.user import LIMIT", "LIMIT"),
        ("from app.models.user import Ids", "Ids"),
        ("from app.models.user import HeroBase", "HeroBase"),
        ("from app.database import URL", "URL"),
        ("from app.repositories.users import Missing", "Missing"),
        ("if TYPE_CHECKING:\n    from app.models.user import User", "User"),
        ("from lib.models import User", "User"),
        ("from app.models.user import Hero\nclass HeroOut(Hero): ...", "Hero"),
        ("from app.models.user import User", "..."),
    ],
)
def test_silent(imports: str, use: str) -> None:
    assert found(imports, use) == []


def test_a_helper_beside_schemas() -> None:
    helper = "class A(BaseModel): ...\nclass Writer:\n    def write(self, user: User): ...\n"
    assert found("from app.models.user import User", rest=helper, path="app/journal.py") == []
    assert len(found("from app.models.user import User", "User", helper, "app/journal.py")) == 1


@pytest.mark.parametrize("path", ["app/services/user.py", "app/chat_repository.py"])
def test_modules_named_for_another_layer(path: str) -> None:
    assert found("from app.models.user import User", "User", path=path) == []


def test_a_file_with_schemas_and_tables() -> None:
    table = "from app.models.user import Base\nclass Order(Base):\n    __tablename__ = 'orders'\n"
    assert found("from app.models.user import User", "User", table) == []


@pytest.mark.parametrize("path", ["app/services/y.py", "app/api/y.py", "tests/schemas/y.py"])
def test_other_modules(path: str) -> None:
    assert found("from app.models.user import User", "User", "def work(): ...\ndef more(): ...\n", path) == []
