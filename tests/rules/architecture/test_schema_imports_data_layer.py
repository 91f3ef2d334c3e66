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


def found(imports: str, rest: str = "", path: str = "app/schemas/user.py") -> list[Finding]:
    source = f"from pydantic import BaseModel\n{imports}\nclass UserOut(BaseModel): ...\n{rest}"
    return lint({**FILES, path: source}, select=["ARC008"])


def test_place_message_and_chain() -> None:
    [finding] = found("from app.models import User")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/schemas/user.py", 2, 24)
    assert finding.message.endswith("imports the table `User`")
    assert [hop.kind for hop in finding.chain] == ["imports", "re-exported by", "defined in"]


@pytest.mark.parametrize(
    ("imports", "what"),
    [
        ("from app.models.user import User", "table `User`"),
        ("from app.models.user import Hero", "table `Hero`"),
        ("from app import models\nmodels.User", "table `User`"),
        ("def f():\n    from app.models import User", "table `User`"),
        ("from app.database import engine", "engine or session factory `engine`"),
        ("from app.database import make_session", "engine or session factory `make_session`"),
        ("from app.repositories.users import Users", "repository `Users`"),
        ("from app.services.users import work", "service `work`"),
    ],
)
def test_imports(imports: str, what: str) -> None:
    [finding] = found(imports)
    assert finding.message.endswith(f"imports the {what}")


@pytest.mark.parametrize(
    "imports",
    [
        "from app.models.user import Plan",
        "from app.models.user import LIMIT",
        "from app.models.user import Ids",
        "from app.models.user import HeroBase",
        "from app.database import URL",
        "from app.repositories.users import Missing",
        "if TYPE_CHECKING:\n    from app.models.user import User",
        "from lib.models import User",
        "from app.models.user import Hero\nclass HeroOut(Hero): ...",
    ],
)
def test_silent(imports: str) -> None:
    assert found(imports) == []


def test_a_file_with_schemas_and_tables() -> None:
    table = "from app.models.user import Base\nclass Order(Base):\n    __tablename__ = 'orders'\n"
    assert found("from app.models.user import User", table) == []


@pytest.mark.parametrize("path", ["app/services/y.py", "app/api/y.py", "tests/schemas/y.py"])
def test_other_modules(path: str) -> None:
    assert found("from app.models.user import User", "def work(): ...\ndef more(): ...\n", path) == []
