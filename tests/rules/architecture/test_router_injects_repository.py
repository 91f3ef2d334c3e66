from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

REPOSITORY = """
from typing import Protocol
class UserRepository:
    def get(self, user_id: int): ...
class Port(Protocol):
    def get(self, user_id: int): ...
class Row:
    pass
"""
DEPS = """
from typing import Annotated, AsyncIterator, Iterator
from fastapi import Depends
from sqlalchemy.orm import Session
from app.repositories.users import Port, UserRepository
from app.services.users import UserService

def annotated() -> UserRepository:
    return UserRepository()
def inferred():
    return UserRepository()
def yielded():
    yield UserRepository()
def generated() -> Iterator[UserRepository]:
    yield UserRepository()
async def agenerated() -> AsyncIterator[UserRepository]:
    yield UserRepository()
def unknown():
    return build()
def session() -> Session: ...
def service(repo: UserRepository = Depends(annotated)) -> UserService:
    return UserService(repo)
class Factory:
    def __call__(self) -> UserRepository: ...
factory = Factory()
def passed_on(repo: Annotated[UserRepository, Depends(annotated)]) -> UserRepository:
    return repo
def name(repo: Annotated[UserRepository, Depends(annotated)]) -> str:
    return repo.get(1)
def port() -> Port: ...

Alias = Annotated[UserRepository, Depends(annotated)]
AliasOfAlias = Alias
ServiceAlias = Annotated[UserService, Depends(service)]
default = Depends(annotated)
"""
SERVICE = "class UserService:\n    def __init__(self, repo): ...\n"
ROUTER = """
from typing import Annotated
from fastapi import APIRouter, Depends, Security
from app import deps
from app.deps import *
from app.services.users import UserService
from app.repositories.users import UserRepository
router = APIRouter()

{before}
@router.get("/users"{options})
def read_users({parameters}):
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
    "app/deps.py": DEPS,
    "app/services/users.py": SERVICE,
    "app/repositories/users.py": REPOSITORY,
}


def found(
    parameters: str,
    options: str = "",
    body: str = "...",
    before: str = "",
    files: dict[str, str] | None = None,
) -> list[Finding]:
    router = ROUTER.format(parameters=parameters, options=options, body=body, before=before)
    return lint({**BASE, "app/api/users.py": router, **(files or {})}, select=["ARC002"])


def test_place_message_and_chain() -> None:
    [finding] = found("q: str, repo: deps.AliasOfAlias")
    span = finding.span
    assert (span.path, span.line, span.column, span.end_column) == ("app/api/users.py", 12, 24, 47)
    assert finding.message == (
        "The endpoint `read_users` is given the repository `UserRepository`, past the service layer"
    )
    assert finding.help == "Let `read_users` depend on a service that holds `UserRepository`"
    assert [(hop.kind, hop.symbol) for hop in finding.chain] == [
        ("depends on", "repo"),
        ("alias", "Alias"),
        ("provided by", "annotated"),
    ]


@pytest.mark.parametrize(
    "parameter",
    [
        "repo: UserRepository = Depends(annotated)",
        "repo=Depends(inferred)",
        "repo=Depends(yielded)",
        "repo=Depends(generated)",
        "repo=Depends(agenerated)",
        "repo=Depends(factory)",
        "repo=Depends(passed_on)",
        "repo=Security(annotated)",
        "repo=deps.default",
        "repo: UserRepository = Depends()",
        "repo: UserRepository = Depends(unknown)",
        "repo: Annotated[UserRepository, Depends()]",
        "repo: Annotated[UserRepository | None, Depends(unknown)]",
        "repo: Alias",
        "repo: deps.Alias",
        "repo: Annotated[deps.Port, Depends(unknown)]",
        "repo=Depends(port)",
    ],
)
def test_parameters(parameter: str) -> None:
    assert len(found(parameter)) == 1


@pytest.mark.parametrize("level", ["route", "router", "include"])
def test_dependencies_of_every_level(level: str) -> None:
    router = ROUTER.format(
        parameters="",
        options=", dependencies=[Depends(annotated)]" if level == "route" else "",
        body="...",
        before="",
    )
    main = MAIN
    if level == "router":
        router = router.replace("APIRouter()", "APIRouter(dependencies=[Depends(annotated)])")
    if level == "include":
        main = (
            "from fastapi import Depends, FastAPI\nfrom app.deps import annotated\n"
            "from app.api.users import router\napp = FastAPI()\n"
            "app.include_router(router, dependencies=[Depends(annotated)])\n"
        )
    files = {**BASE, "app/main.py": main, "app/api/users.py": router}
    [finding] = lint(files, select=["ARC002"])
    assert finding.span.end_column - finding.span.column == len("Depends(annotated)")


def test_a_router_level_dependency_is_reported_once() -> None:
    router = ROUTER.format(parameters="", options="", body="...", before="")
    router = router.replace("APIRouter()", "APIRouter(dependencies=[Depends(annotated)])")
    router += "\n@router.post('/users')\ndef add(): ...\n"
    assert len(lint({**BASE, "app/api/users.py": router}, select=["ARC002"])) == 1


HOLDER = """
class Holder:
    def __init__(self, users: UserRepository = Depends(annotated)):
        self.users = users
    def count(self): ...
"""


def test_a_holder_whose_repository_the_route_takes() -> None:
    files = {"app/deps.py": DEPS + HOLDER}
    [finding] = found("holder: Holder = Depends()", body="return holder.users.get(1)", files=files)
    assert [(hop.kind, hop.symbol) for hop in finding.chain] == [
        ("depends on", "holder"),
        ("provided by", "Holder.__init__"),
        ("depends on", "users"),
        ("provided by", "annotated"),
    ]


def test_a_holder_that_keeps_its_repository() -> None:
    files = {"app/deps.py": DEPS + HOLDER}
    assert found("holder: Holder = Depends()", body="return holder.count()", files=files) == []


@pytest.mark.parametrize(
    "parameter",
    [
        "service: UserService = Depends(service)",
        "service: ServiceAlias",
        "service=Depends(service)",
        "service: UserService = Depends()",
        "x=Depends(unknown)",
        "x=Depends(missing)",
        "x=Depends()",
        "x=Depends(lambda: UserRepository())",
        "db=Depends(session)",
        "who: str = Depends(name)",
        "who: Annotated[str, Depends(name)]",
        "repo: UserRepository",
    ],
)
def test_silent(parameter: str) -> None:
    assert found(parameter) == []


@pytest.mark.parametrize("body", ["return UserService(repo)", "s = UserService(repo=repo)\n    return s.x()"])
def test_a_repository_that_the_endpoint_hands_to_a_service(body: str) -> None:
    assert found("repo: Alias", body=body) == []
    assert len(found("repo: Alias", body=f"repo.get(1)\n    {body}")) == 1
    assert len(found("repo: Alias", body="return UserService(repo.get(1))")) == 1


def test_no_service() -> None:
    deps = DEPS.replace("from app.services.users import UserService", "class UserService: ...")
    router = ROUTER.format(parameters="repo: Alias", options="", body="...", before="")
    files = {
        "app/main.py": MAIN,
        "app/deps.py": deps,
        "app/repositories/users.py": REPOSITORY,
        "app/api/users.py": router.replace("from app.services.users import UserService", ""),
    }
    assert lint(files, select=["ARC002"]) == []
    assert len(lint(files, select=["ARC002"], preset="strict")) == 1


@pytest.mark.parametrize("path", ["/health", "/ready", "/api/healthz"])
def test_health_checks(path: str) -> None:
    router = ROUTER.format(parameters="repo: Alias", options="", body="...", before="").replace(
        "/users", path
    )
    assert lint({**BASE, "app/api/users.py": router}, select=["ARC002"]) == []


def test_a_dependency_may_have_a_repository() -> None:
    before = "def current(repo: Alias) -> str: ...\n"
    assert found("who: str = Depends(current)", before=before) == []


BORROWED = """
from app.models import Row
from app.repositories.users import UserRepository

def is_taken(repo: UserRepository, name: str) -> bool:
    return repo.get(name) is not None
"""


@pytest.mark.parametrize(
    ("service", "count"),
    [
        (BORROWED, 0),
        (BORROWED + "def count():\n    return UserRepository().get(1)\n", 1),
        (BORROWED + "class S:\n    def __init__(self, repo: UserRepository): ...\n", 1),
        (BORROWED + "def two(repo: UserRepository = UserRepository()): ...\n", 1),
        (
            BORROWED
            + "from sqlalchemy.orm import Session\ndef three(db: Session):\n    return db.query(Row)\n",
            1,
        ),
        ("def send(name: str): ...\n", 1),
    ],
)
def test_services_that_only_borrow_the_routes_repository_are_no_layer(service: str, count: int) -> None:
    files = {
        "app/models.py": "class Row: ...\n",
        "app/services/users.py": service,
        "app/deps.py": (
            "from app.repositories.users import UserRepository\n\n"
            "def annotated() -> UserRepository:\n    return UserRepository()\n"
        ),
    }
    source = (
        "from fastapi import APIRouter, Depends\nfrom app import deps\n"
        "from app.services import users\nrouter = APIRouter()\n"
        "@router.get('/users')\ndef read_users(repo=Depends(deps.annotated)):\n    return repo.get(1)\n"
    )
    sources = {**BASE, **files, "app/api/users.py": source}
    assert len(lint(sources, select=["ARC002"])) == count
    asked = [finding for finding in lint(sources, preset="architecture") if finding.code == "ARC002"]
    assert len(asked) == 1
