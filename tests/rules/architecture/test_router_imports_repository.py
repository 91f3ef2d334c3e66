from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

REPOSITORY = """
import enum
from typing import Protocol, TypedDict
from dataclasses import dataclass

LIMIT = 50

class NotFound(Exception): ...
class Order(enum.Enum):
    ASC = 1
class Port(Protocol):
    def get(self, user_id: int): ...
class Row(TypedDict):
    id: int
@dataclass
class Page:
    size: int
class UserRepository:
    def get(self, user_id: int): ...
def find(): ...
users = UserRepository()
"""
SERVICE = "from app.repositories.users import UserRepository\nclass UserService:\n    def get(self): ...\n"
ROUTER = """
from fastapi import APIRouter, Depends
{imports}
router = APIRouter()

@router.get("/users/{{user_id}}")
def read_user(user_id: int):
    return {use}
"""
MAIN = """
from fastapi import FastAPI
from app.api.users import router
app = FastAPI()
app.include_router(router)
"""
BASE = {
    "app/__init__.py": "",
    "app/main.py": MAIN,
    "app/repositories/__init__.py": "from app.repositories.users import UserRepository as Users, find\n",
    "app/repositories/users.py": REPOSITORY,
    "app/services/users.py": SERVICE,
    "app/services/__init__.py": "",
}


def found(
    imports: str, use: str, files: dict[str, str] | None = None, preset: str | None = None
) -> list[Finding]:
    extra = "from app.services.users import UserService"
    router = ROUTER.format(imports=f"{imports}\n{extra}", use=use)
    return lint({**BASE, "app/api/users.py": router, **(files or {})}, select=["ARC001"], preset=preset)


def test_place_message_and_chain() -> None:
    [finding] = found("from app.repositories import (\n    find,\n    Users,\n)", "Users(), find()")
    span = finding.span
    assert (span.path, span.line, span.column, span.end_column) == ("app/api/users.py", 4, 5, 9)
    assert finding.message == (
        "The router module `app.api.users` imports the repository `find`, past the service layer"
    )
    assert finding.help == "Call a service from the route, and let the service use the repository"
    assert [(hop.kind, hop.span.path, hop.span.line) for hop in finding.chain] == [
        ("imports", "app/api/users.py", 4),
        ("re-exported by", "app/repositories/__init__.py", 1),
        ("defined in", "app/repositories/users.py", 20),
    ]
    assert [(other.span.line, other.message) for other in finding.related] == [
        (5, "`UserRepository` comes from there too")
    ]


@pytest.mark.parametrize(
    ("imports", "use"),
    [
        ("from app.repositories.users import UserRepository", "UserRepository()"),
        ("from ..repositories.users import UserRepository as Repo", "Repo()"),
        ("from app.repositories import Users", "Users()"),
        ("from app.repositories import *", "Users()"),
        ("from app.repositories import users", "users.find()"),
        ("from app.repositories import users", "UserService(users.find()).get()"),
        ("from app import repositories", "repositories.Users()"),
        ("import app.repositories.users as repo", "repo.UserRepository()"),
        ("import app.repositories.users", "app.repositories.users.find()"),
        ("from app.repositories.users import users as repo", "repo.get(user_id)"),
        ("from app.facade import UserRepository", "UserRepository()"),
        ("from app.deps import UserRepository", "UserRepository()"),
        ("try:\n    from app.repositories.users import find\nexcept ImportError:\n    find = None", "find()"),
    ],
)
def test_all_ways_of_importing(imports: str, use: str) -> None:
    hand_on = "from app.repositories.users import UserRepository\n"
    assert len(found(imports, use, {"app/facade.py": hand_on, "app/deps.py": hand_on})) == 1


def test_inside_a_function() -> None:
    source = MAIN + (
        "from app.services.users import UserService\n"
        "@router.get('/x')\ndef x():\n    from app.repositories.users import find\n    return find()\n"
    )
    files = {
        **BASE,
        "app/api/users.py": source.replace("from app.api.users import router", "").replace(
            "app = FastAPI()\napp.include_router(router)",
            "from fastapi import APIRouter\nrouter = APIRouter()",
        ),
    }
    [finding] = lint(files, select=["ARC001"])
    assert finding.symbol == "x"
    assert (finding.span.line, finding.span.column) == (9, 40)


def test_one_finding_for_each_repository_module() -> None:
    imports = "from app.repositories.users import find\nfrom app.repositories.orders import find as orders"
    files = {"app/repositories/orders.py": "def find(): ...\n"}
    assert [f.span.line for f in found(imports, "find(), orders()", files)] == [3, 4]


def test_a_module_level_instance_used_by_routes() -> None:
    imports = "from app.repositories.users import UserRepository\nrepo = UserRepository()"
    assert len(found(imports, "repo.get(user_id)")) == 1


def test_a_class_based_view() -> None:
    source = """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv
from app.repositories.users import UserRepository
from app.services.users import UserService
router = APIRouter()

@cbv(router)
class Users:
    repo: UserRepository = Depends(UserRepository)

    @router.get("/users")
    def read(self):
        return self.repo.get(1)
"""
    [finding] = lint({**BASE, "app/api/users.py": source}, select=["ARC001"])
    assert finding.span.line == 4


def test_in_a_feature() -> None:
    feature = {
        "app/users/router.py": ROUTER.format(imports="from app.users.repository import find", use="find()"),
        "app/users/repository.py": "def find(): ...\n",
        "app/orders/router.py": ROUTER.format(imports="from app.orders.service import work", use="work()"),
        "app/orders/service.py": "def work(): ...\n",
        "app/main.py": MAIN.replace("app.api.users", "app.users.router") + "import app.orders.router\n",
    }
    assert lint(feature, select=["ARC001"]) == []
    with_service = {**feature, "app/users/service.py": "def work(): ...\n"}
    assert [f.span.path for f in lint(with_service, select=["ARC001"])] == ["app/users/router.py"]


NO_SERVICE = {
    "app/main.py": MAIN,
    "app/crud.py": "def find(): ...\n",
    "app/api/users.py": ROUTER.format(imports="from app.crud import find", use="find()"),
}


@pytest.mark.parametrize("preset", ["production", "strict", "architecture"])
def test_presets_that_ask_for_layers(preset: str) -> None:
    assert lint(NO_SERVICE, select=["ARC001"]) == []
    assert len(lint(NO_SERVICE, select=["ARC001"], preset=preset)) == 1


def test_configured_layers_ask_for_layers() -> None:
    config = '[layers]\nrepository = ["app/gate/**"]\nservice = ["app/work/**"]\n'
    files = {
        "fastapi-lint.toml": config,
        "app/main.py": MAIN,
        "app/gate/users.py": "def find(): ...\n",
        "app/work/x.py": "",
        "app/api/users.py": ROUTER.format(imports="from app.gate.users import find", use="find()"),
    }
    assert len(lint(files, select=["ARC001"])) == 1


@pytest.mark.parametrize(
    ("imports", "use"),
    [
        ("from app.repositories.users import find", "UserService(find).get()"),
        ("from app.repositories.users import UserRepository", "UserService(UserRepository()).get()"),
        ("from app.repositories.users import UserRepository as R", "UserService(repo=R(user_id)).get()"),
        (
            "from app.repositories.users import UserRepository",
            "None\n\n@router.get('/y')\ndef y():\n    repo = UserRepository()\n    return UserService(repo)",
        ),
        ("from app.repositories.users import NotFound", "NotFound()"),
        ("from app.repositories.users import Order", "Order.ASC"),
        ("from app.repositories.users import LIMIT", "LIMIT"),
        ("from app.repositories.users import Port", "Port"),
        ("from app.repositories.users import Row", "Row(id=1)"),
        ("from app.repositories.users import Page", "Page(1)"),
        ("from app.repositories import users", "users.LIMIT"),
        ("from app.services.users import UserService as S", "S().get()"),
        ("if TYPE_CHECKING:\n    from app.repositories.users import UserRepository", "None"),
        ("import typing\nif typing.TYPE_CHECKING:\n    from app.repositories.users import find", "find"),
        ("from app.deps import service", "service()"),
        ("from app.helpers import anything", "anything()"),
        ("from app.missing.repositories import find", "find()"),
        ("from lib.repositories import find", "find()"),
    ],
)
def test_silent(imports: str, use: str) -> None:
    files = {
        "app/deps.py": "from app.repositories.users import find\ndef service():\n    return find()\n",
        "app/helpers.py": "from app.repositories.users import find\ndef anything():\n    return find()\n",
    }
    assert found(imports, use, files) == []


def test_no_service() -> None:
    assert lint(NO_SERVICE, select=["ARC001"]) == []


def test_a_module_of_dependencies() -> None:
    deps = (
        "from fastapi import Depends\nfrom app.repositories.users import UserRepository\n"
        "def repo() -> UserRepository:\n    return UserRepository()\n"
    )
    assert lint({**BASE, "app/api/deps.py": deps}, select=["ARC001"]) == []


def test_the_module_that_builds_the_application() -> None:
    main = (
        "from fastapi import FastAPI\nfrom app.repositories.users import find\n"
        "from app.services.users import UserService\n"
        "app = FastAPI()\n@app.get('/x')\ndef x():\n    return find()\n"
    )
    assert lint({**BASE, "app/main.py": main, "app/api/users.py": ""}, select=["ARC001"]) == []


def test_a_dependency_beside_the_routes() -> None:
    imports = """from app.repositories.users import UserRepository
def valid_user(user_id: int, repo: UserRepository = Depends(UserRepository)):
    return repo.get(user_id)
"""
    use = "None\n\n@router.get('/y', dependencies=[Depends(valid_user)])\ndef y(): ..."
    assert found(imports, use) == []


def test_a_health_check() -> None:
    source = ROUTER.format(
        imports="from app.repositories.users import find\nfrom app.services.users import UserService",
        use="find()",
    )
    health = source.replace("/users/{user_id}", "/health/ready").replace("user_id: int", "")
    assert lint({**BASE, "app/api/users.py": health}, select=["ARC001"]) == []


def test_tests_and_examples() -> None:
    router = ROUTER.format(imports="from app.repositories.users import find", use="find()")
    files = {**BASE, "app/main.py": "", "tests/api/users.py": router, "examples/users.py": router}
    assert lint(files, select=["ARC001"]) == []


def test_a_configured_role_wins() -> None:
    config = '[roles]\nservice = ["app/repositories/**"]\n'
    assert found("from app.repositories.users import find", "find()", {"fastapi-lint.toml": config}) == []


def test_an_import_that_nothing_uses() -> None:
    assert found("from app.repositories.users import find", "None") == []
