from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

MODELS = """
import enum
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, declarative_base
from sqlmodel import SQLModel
Old = declarative_base()
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
class Order(Old):
    __tablename__ = "orders"
class Hero(SQLModel, table=True): ...
class HeroOut(SQLModel): ...
class Page(BaseModel): ...
class Plan(enum.Enum):
    FREE = 1
LIMIT = 3
"""
ROUTER = """
from typing import TYPE_CHECKING, Annotated
from fastapi import APIRouter, Depends
from app.schemas import UserOut
{imports}
router = APIRouter()
{before}
@router.post("/users"{options})
def endpoint({parameters}){returns}:
    {body}
"""
FILES = {
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\nfrom app.api.users import router\n"
    "app = FastAPI()\napp.include_router(router)\n",
    "app/models/__init__.py": "from app.models.user import User as User\n",
    "app/models/user.py": MODELS,
    "app/schemas.py": "from pydantic import BaseModel\nclass UserOut(BaseModel): ...\n",
}


def found(imports: str, body: str = "...", **parts: str) -> list[Finding]:
    given = {"parameters": "", "returns": "", "options": "", "before": "", **parts}
    source = ROUTER.format(imports=imports, body=body, **given)
    return lint({**FILES, "app/api/users.py": source}, select=["ARC012"])


def test_place_message_and_chain() -> None:
    [finding] = found("from app.models import User", "return User(), User")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/api/users.py", 5, 24)
    assert finding.message == "The router module `app.api.users` uses the mapped class `User`"
    assert [hop.kind for hop in finding.chain] == ["imports", "re-exported by", "defined in"]
    assert len(finding.related) == 2


USER = "from app.models.user import User"


@pytest.mark.parametrize(
    ("imports", "parts"),
    [
        (USER, {"body": "return User()"}),
        (USER, {"parameters": "user: User"}),
        (USER, {"returns": " -> User"}),
        (USER, {"returns": " -> list[User]"}),
        (USER, {"options": ", response_model=User"}),
        (USER, {"options": ", response_model=list[User]"}),
        (USER, {"body": "return helper()", "before": "def helper():\n    return User()\n"}),
        ("from app.models.user import Order", {"body": "return Order()"}),
        ("from app.models.user import Hero", {"body": "return Hero()"}),
        ("from app.models import user", {"body": "return user.User()"}),
        ("", {"body": "from app.models.user import User\n    return User()"}),
    ],
)
def test_uses(imports: str, parts: dict[str, str]) -> None:
    assert len(found(imports, **parts)) == 1


@pytest.mark.parametrize(
    ("imports", "parts"),
    [
        (USER, {"parameters": "user: Annotated[User, Depends(get)]", "before": "def get(): ...\n"}),
        (USER, {"parameters": "user: User = Depends(get)", "before": "def get() -> User: ...\n"}),
        (USER, {"before": "Current = Annotated[User, Depends(print)]\n", "parameters": "user: Current"}),
        (USER, {"before": "class UserAdmin(ModelView, model=User): ...\n"}),
        (USER, {"before": "admin.add_view(ModelView(User))\n"}),
        (USER, {}),
        ("if TYPE_CHECKING:\n    from app.models.user import User", {"parameters": "user: 'User'"}),
        ("from app.models.user import HeroOut", {"returns": " -> HeroOut"}),
        ("from app.models.user import Page", {"returns": " -> Page"}),
        ("from app.models.user import Plan", {"parameters": "plan: Plan"}),
        ("from app.models.user import LIMIT", {"body": "return LIMIT"}),
    ],
)
def test_silent(imports: str, parts: dict[str, str]) -> None:
    assert found(imports, **parts) == []


def test_no_schemas() -> None:
    source = ROUTER.replace("from app.schemas import UserOut\n", "").format(
        imports=USER, body="return User()", parameters="", returns="", options="", before=""
    )
    models = MODELS.replace("class HeroOut(SQLModel): ...\nclass Page(BaseModel): ...\n", "")
    files = {**FILES, "app/models/user.py": models, "app/api/users.py": source}
    del files["app/schemas.py"]
    assert lint(files, select=["ARC012"]) == []


def test_other_modules() -> None:
    service = f"{USER}\ndef work():\n    return User()\n"
    assert lint({**FILES, "app/services/users.py": service, "app/api/users.py": ""}, select=["ARC012"]) == []
