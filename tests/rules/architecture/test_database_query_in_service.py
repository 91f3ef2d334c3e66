from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

MODELS = """
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
class Audit(Base):
    __tablename__ = "audit"
class Plain: ...
"""
REPOSITORY = """
from sqlalchemy import select
from sqlalchemy.orm import Session
from app.models import User
class Users:
    def __init__(self, session: Session):
        self.session = session
    def find(self, user_id: int):
        return self.session.scalar(select(User).where(User.id == user_id))
"""
SERVICE = """
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from app import models
from app.models import Audit, Plain, User
from app.models import User as U

class Service:
    def __init__(self, session: Session, a: AsyncSession):
        self.session = session
        self.a = a

    async def work(self, x):
        {body}
"""
BASE = {"app/models.py": MODELS, "app/repositories/users.py": REPOSITORY}


def found(body: str, files: dict[str, str] | None = None) -> list[Finding]:
    return lint(
        {**BASE, "app/services/users.py": SERVICE.format(body=body), **(files or {})}, select=["ARC004"]
    )


def test_place_message_and_related() -> None:
    [finding] = found("self.session.get(User, 1)\n        return self.session.scalars(select(User))")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/services/users.py", 15, 9)
    assert finding.message == (
        "The service `Service.work` queries `User` past its repository, with `self.session.get`"
    )
    assert finding.help == "Let `Service.work` ask the repository, with a method beside `Users.find`"
    assert finding.symbol == "Service.work"
    assert [(other.span.path, other.span.line, other.message) for other in finding.related] == [
        ("app/repositories/users.py", 9, "`Users.find` queries `User` here"),
        ("app/services/users.py", 16, "and here"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "self.session.scalar(select(User))",
        "self.session.scalar(select(User.id).where(x).limit(1))",
        "self.session.scalar(select(func.count(User.id)))",
        "self.session.scalar(select(func.count()).select_from(User))",
        "self.session.scalars(select(U))",
        "self.session.execute(select(models.User))",
        "self.session.execute(select(x, User))",
        "self.session.execute(update(User).values(x=1))",
        "self.session.execute(delete(User))",
        "self.session.execute(insert(User))",
        "self.session.query(User).filter(x).first()",
        "self.session.query(User.id, x).all()",
        "self.session.get(User, 1)",
        "await self.a.get(User, 1)",
        "await self.a.execute(select(User))",
        "s = select(User)\n        s = s.where(x)\n        self.session.execute(s)",
        "s = select(User)\n        if x:\n            s = s.limit(1)\n        self.session.scalars(s)",
    ],
)
def test_queries(body: str) -> None:
    assert len(found(body)) == 1


def test_a_function() -> None:
    service = (
        "from sqlalchemy.orm import Session\nfrom app.models import User\n"
        "def work(db: Session):\n    return db.query(User).all()\n"
    )
    assert len(lint({**BASE, "app/services/users.py": service}, select=["ARC004"])) == 1


def test_one_finding_for_each_function() -> None:
    second = "\n    def more(self):\n        self.session.get(User, 2)"
    assert len(found(f"self.session.get(User, 1){second}")) == 2


@pytest.mark.parametrize(
    "body",
    [
        "self.session.get(Audit, 1)",
        "self.session.scalar(select(Audit).join(User))",
        "self.session.commit()",
        "self.session.rollback()",
        "self.session.flush()",
        "self.session.refresh(x)",
        "self.session.begin()",
        "self.session.add(User())",
        "self.session.execute(text('select 1'))",
        "self.session.execute(x)",
        "self.session.execute(self.statement())",
        "self.session.get(x, 1)",
        "self.session.get(Plain, 1)",
        "self.cache.get(User, 1)",
        "select(User)",
    ],
)
def test_silent(body: str) -> None:
    assert found(body) == []


def test_no_repository() -> None:
    assert found("self.session.get(User, 1)", {"app/repositories/users.py": ""}) == []


def test_a_file_with_both_roles() -> None:
    service = SERVICE.format(body="self.session.get(User, 1)")
    helper = "\n# fastapi-lint: role=repository\ndef find(db: Session):\n    return db.get(User, 1)\n"
    assert lint({**BASE, "app/services/users.py": service + helper}, select=["ARC004"]) == []


def test_a_repository_of_another_application() -> None:
    app = "from fastapi import FastAPI\nfrom app import {0}\napp = FastAPI()\n"
    service = SERVICE.format(body="self.session.get(User, 1)")
    files = {
        "one/app/main.py": app.format("services"),
        "one/app/__init__.py": "",
        "one/app/services.py": service,
        "one/app/models.py": MODELS,
        "two/app/main.py": app.format("repositories"),
        "two/app/__init__.py": "",
        "two/app/repositories.py": REPOSITORY,
        "two/app/models.py": MODELS,
    }
    assert lint(files, select=["ARC004"]) == []


def test_routes_and_tasks() -> None:
    source = SERVICE.format(body="self.session.get(User, 1)")
    assert lint({**BASE, "app/tasks/users.py": source, "app/helpers.py": source}, select=["ARC004"]) == []
