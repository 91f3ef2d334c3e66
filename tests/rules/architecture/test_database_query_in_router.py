from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

DATABASE = """
from typing import Annotated
from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite://")
make = sessionmaker(engine)
amake = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))

def get_db():
    with make() as session:
        yield session
async def aget_db():
    async with amake() as session:
        yield session
def connect():
    with engine.connect() as connection:
        yield connection
DB = Annotated[Session, Depends(get_db)]
"""
ROUTER = """
from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from app.database import *
from app.models import User
from app.services.users import work
router = APIRouter()

{before}
{decorator}
async def endpoint({parameters}):
    {body}
"""
MAIN = """
from fastapi import FastAPI
from app.api.users import router
app = FastAPI()
app.include_router(router)
"""
BASE = {
    "app/main.py": MAIN,
    "app/database.py": DATABASE,
    "app/models.py": "class User: ...\n",
    "app/services/users.py": "def work(*args): ...\n",
}
GET = '@router.get("/users")'


def found(body: str, parameters: str = "db: DB", before: str = "", decorator: str = GET) -> list[Finding]:
    router = ROUTER.format(body=body, parameters=parameters, before=before, decorator=decorator)
    return lint({**BASE, "app/api/users.py": router}, select=["ARC003"])


def test_place_message_and_related() -> None:
    [finding] = found("user = db.get(User, 1)\n    user.name = 'x'\n    db.commit()")
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/api/users.py", 13, 12)
    assert finding.message == "The endpoint `endpoint` queries the database itself with `db.get`"
    assert finding.help == "Move the query into a repository, and let `endpoint` call a service"
    assert finding.symbol == "endpoint"
    assert [(other.span.line, other.message) for other in finding.related] == [
        (15, "`db.commit` is here too")
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        "db: DB",
        "db: Session = Depends(get_db)",
        "db=Depends(get_db)",
        "db=Depends(aget_db)",
        "db: 'Session' = Depends(get_db)",
        "db: Session | None = Depends(get_db)",
    ],
)
@pytest.mark.parametrize("body", ["return db.execute(select(User))", "await db.scalar(select(User))"])
def test_sessions(parameters: str, body: str) -> None:
    assert len(found(body, parameters)) == 1


@pytest.mark.parametrize(
    "call",
    [
        "execute(x)", "scalar(x)", "scalars(x)", "query(User).all()", "get(User, 1)", "get_one(User, 1)",
        "add(x)", "add_all(x)", "delete(x)", "merge(x)", "flush()", "commit()", "rollback()",
    ],
)  # fmt: skip
def test_calls(call: str) -> None:
    assert len(found(f"return db.{call}")) == 1


def test_sqlmodel_exec() -> None:
    before = "from sqlmodel import Session as SQLSession"
    assert len(found("db.exec(select(User))", "db: SQLSession = Depends(get_db)", before)) == 1


def test_a_session_that_the_endpoint_opens() -> None:
    assert len(found("with make() as db:\n        db.commit()", "")) == 1
    assert len(found("async with amake() as db:\n        await db.commit()", "")) == 1


def test_a_connection() -> None:
    assert len(found("connection.execute(text('x'))", "connection=Depends(connect)")) == 1


def test_a_websocket() -> None:
    assert len(found("db.commit()", "ws: WebSocket, db: DB", decorator='@router.websocket("/ws")')) == 1


def test_a_private_helper_that_gets_the_session() -> None:
    before = (
        "def _load(db: Session):\n    return _deeper(db)\n"
        "def _deeper(db: Session):\n    return db.get(User, 1)\n"
    )
    [finding] = found("return _load(db)", before=before)
    assert (finding.span.line, finding.span.column) == (17, 12)
    assert [(hop.kind, hop.symbol) for hop in finding.chain] == [
        ("calls", "_load"),
        ("calls", "_deeper"),
        ("calls", "db.get"),
    ]


def test_a_method_of_a_class_based_view() -> None:
    source = """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv
from sqlalchemy.orm import Session
from app.database import get_db
from app.services.users import work
router = APIRouter()

@cbv(router)
class Users:
    db: Session = Depends(get_db)

    @router.get("/users")
    def read(self):
        return self._load()

    def _load(self):
        return self.db.get(object, 1)
"""
    [finding] = lint({**BASE, "app/api/users.py": source}, select=["ARC003"])
    assert finding.span.line == 15


def test_a_repository_is_a_layer_as_well() -> None:
    router = ROUTER.format(body="db.commit()", parameters="db: DB", before="", decorator=GET)
    router = router.replace("from app.services.users", "from app.crud")
    files = {**BASE, "app/api/users.py": router, "app/crud.py": "def work(): ...\n"}
    del files["app/services/users.py"]
    assert len(lint(files, select=["ARC003"])) == 1


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("return work(db)", "db: DB"),
        ("return work(db.bind)", "db: DB"),
        ("db.refresh(x)", "db: DB"),
        ("db.close()", "db: DB"),
        ("cache.get('x')", "cache=Depends(unknown)"),
        ("client.get('x')", "client"),
        ("x = {}\n    x.get('y')", ""),
        ("def later():\n        db.commit()\n    return work(later)", "db: DB"),
    ],
)
def test_silent(body: str, parameters: str) -> None:
    assert found(body, parameters) == []


def test_a_public_helper_is_another_matter() -> None:
    assert found("return load(db)", before="def load(db: Session):\n    return db.get(User, 1)\n") == []


def test_a_private_helper_with_a_session_of_its_own() -> None:
    before = "def _audit():\n    with make() as db:\n        db.commit()\n"
    assert found("_audit()", before=before) == []


def test_a_small_application_without_layers() -> None:
    router = ROUTER.format(body="db.commit()", parameters="db: DB", before="", decorator=GET)
    files = {**BASE, "app/api/users.py": router.replace("from app.services.users import work", "")}
    del files["app/services/users.py"]
    assert lint(files, select=["ARC003"]) == []
    assert lint(files, select=["ARC003"], preset="production") == []


@pytest.mark.parametrize("path", ["/health", "/ready", "/api/v1/readyz"])
@pytest.mark.parametrize("statement", ["text('SELECT 1')", "select(1)", "'SELECT 1'"])
def test_a_probe_of_a_health_check(path: str, statement: str) -> None:
    assert found(f"db.execute({statement})", decorator=f'@router.get("{path}")') == []


def test_a_health_check_that_reads_data() -> None:
    assert len(found("db.execute(select(User))", decorator='@router.get("/health")')) == 1


def test_a_probe_of_another_route() -> None:
    assert len(found("db.execute(text('SELECT 1'))")) == 1


def test_a_dependency() -> None:
    before = "def tx(db: DB):\n    yield db\n    db.commit()\n"
    assert found("return work(db)", "db=Depends(tx)", before) == []


def test_in_a_feature_without_layers() -> None:
    router = ROUTER.format(body="db.commit()", parameters="db: DB", before="", decorator=GET)
    router = router.replace("from app.services.users", "from app.orders.service")
    files = {
        "app/main.py": MAIN.replace("app.api.users", "app.users.router"),
        "app/database.py": DATABASE,
        "app/models.py": "class User: ...\n",
        "app/users/router.py": router,
        "app/users/models.py": "",
        "app/orders/router.py": "",
        "app/orders/service.py": "def work(): ...\n",
        "app/orders/repository.py": "def load(): ...\n",
    }
    assert lint(files, select=["ARC003"]) == []
    files["app/orders/service.py"] += "from app.orders.repository import load\n"
    assert len(lint(files, select=["ARC003"], preset="architecture")) == 1


def many(direct: int, delegating: int) -> dict[str, str]:
    """A project with repositories and no services, and endpoints of either kind."""
    lines = [f"@router.get('/d{n}')\ndef d{n}(db: DB):\n    db.execute('x')\n" for n in range(direct)]
    lines += [f"@router.get('/r{n}')\ndef r{n}(db: DB):\n    fetch(db)\n" for n in range(delegating)]
    head = (
        "from fastapi import APIRouter\nfrom app.database import DB\n"
        "from app.crud import fetch\nrouter = APIRouter()\n"
    )
    return {
        "app/main.py": MAIN,
        "app/database.py": DATABASE,
        "app/models.py": "",
        "app/crud.py": "def fetch(db): ...\n",
        "app/api/users.py": head + "".join(lines),
    }


@pytest.mark.parametrize(
    ("direct", "delegating", "count"), [(4, 0, 4), (5, 5, 5), (6, 5, 0), (9, 0, 0), (1, 20, 1)]
)
def test_a_repository_that_endpoints_mostly_pass_by_is_no_convention(
    direct: int, delegating: int, count: int
) -> None:
    assert len(lint(many(direct, delegating), select=["ARC003"])) == count


def test_the_presets_that_ask_for_layers_fire_all_the_same() -> None:
    assert len([f for f in lint(many(9, 0), preset="architecture") if f.code == "ARC003"]) == 9


def test_only_the_transaction_is_ended() -> None:
    [finding] = found("work(db)\n    db.commit()")
    assert finding.message == "The endpoint `endpoint` ends the transaction itself with `db.commit`"
    assert finding.help.startswith("Leave that to the service that `endpoint` calls")
