from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding, Severity
from fastapi_lint.testing import lint

ROUTER = """
import enum
from fastapi import APIRouter
router = APIRouter()
LIMIT = 3
Ids = list[int]

class Kind(enum.Enum):
    A = 1
class Refused(Exception): ...

def normalise(): ...

@router.get("/users")
def users(): ...
"""
LAYERS = {
    "app/__init__.py": "",
    "app/main.py": "from fastapi import FastAPI\nfrom app.api import users\napp = FastAPI()\n"
    "app.include_router(users.router)\n",
    "app/api/__init__.py": "",
    "app/api/users.py": ROUTER,
    "app/services/mail.py": "def send(): ...\nclass Mailer:\n    def send(self): ...\n",
    "app/repositories/users.py": "def find(): ...\n",
    "app/models/user.py": "class User:\n    def name(self): ...\n",
    "app/schemas/user.py": "from pydantic import BaseModel\nclass UserOut(BaseModel): ...\n",
    "app/database.py": "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')\n",
}


def found(path: str, source: str, files: dict[str, str] | None = None) -> list[Finding]:
    body = {"app/models": "class X:\n    def x(self): ...\n", "app/schema": LAYERS["app/schemas/user.py"]}
    kept = (
        LAYERS["app/database.py"] if path == "app/database.py" else body.get(path[:10], "def work(): ...\n")
    )
    return lint({**LAYERS, path: f"{source}\n{kept}", **(files or {})}, select=["ARC005"])


def test_place_message_and_chain() -> None:
    [finding] = found(
        "app/services/users.py", "from app.api.users import (\n    LIMIT,\n    normalise as n,\n)\nn()"
    )
    span = finding.span
    assert (span.path, span.line, span.column, span.end_column) == ("app/services/users.py", 3, 5, 19)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "The service module `app.services.users` imports `normalise` from the router layer above it"
    )
    assert [(hop.kind, hop.span.path) for hop in finding.chain] == [
        ("imports", "app/services/users.py"),
        ("defined in", "app/api/users.py"),
    ]


API = "from app.api.users import normalise"
SERVICE = "from app.services.mail import send"
REPOSITORY = "from app.repositories.users import find"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/services/users.py", API),
        ("app/services/users.py", "from app.api.users import router"),
        ("app/services/users.py", "from app.api import users\nusers.normalise()"),
        ("app/services/users.py", "def f():\n    from app.api.users import users"),
        ("app/repositories/orders.py", API),
        ("app/repositories/orders.py", SERVICE),
        ("app/repositories/orders.py", "from app.services.mail import Mailer"),
        ("app/models/order.py", API),
        ("app/models/order.py", SERVICE),
        ("app/models/order.py", REPOSITORY),
        ("app/schemas/order.py", API),
        ("app/schemas/order.py", SERVICE),
        ("app/database.py", API),
    ],
)
def test_upward(path: str, source: str) -> None:
    assert len(found(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/services/users.py", REPOSITORY),
        ("app/services/users.py", "from app.models.user import User"),
        ("app/services/users.py", "from app.schemas.user import UserOut"),
        ("app/services/users.py", SERVICE),
        ("app/repositories/orders.py", "from app.models.user import User"),
        ("app/repositories/orders.py", "from app.schemas.user import UserOut"),
        ("app/schemas/order.py", "from app.models.user import User"),
        ("app/schemas/order.py", REPOSITORY),
        ("app/database.py", SERVICE),
        ("app/api/orders.py", API),
        ("app/helpers.py", API),
        ("app/tasks/mail.py", API),
        ("app/worker.py", API),
        ("scripts/run.py", API),
        ("tests/services/x.py", API),
        ("app/services/users.py", "if TYPE_CHECKING:\n    from app.api.users import normalise"),
        ("app/services/users.py", "from app.api.users import Refused"),
        ("app/services/users.py", "from app.api.users import Kind"),
        ("app/services/users.py", "from app.api.users import LIMIT"),
        ("app/services/users.py", "from app.api.users import Ids"),
        ("app/services/users.py", "from app.api import users\nusers.LIMIT"),
        ("app/services/users.py", "import app.api"),
        ("app/services/users.py", "from app.api import missing"),
        ("app/services/users.py", "from lib.api.users import normalise"),
        ("app/services/users.py", "import logging"),
        ("app/cli/queries.py", SERVICE),
    ],
)
def test_silent(path: str, source: str) -> None:
    assert found(path, source) == []


def test_each_symbol_once() -> None:
    source = "from app.api.users import normalise\ndef f():\n    from app.api.users import normalise, users\n"
    assert [f.message.split("`")[3] for f in found("app/services/users.py", source)] == ["normalise", "users"]


def test_modules_that_put_routers_together() -> None:
    files = {
        "app/api/__init__.py": "from app.api.users import router\n",
        "app/services/__init__.py": "",
        "app/api/v1/api.py": "from fastapi import APIRouter\nfrom app.api.users import router as r\n"
        "api_router = APIRouter()\napi_router.include_router(r)\n",
    }
    assert found("app/services/users.py", "", files) == []


def test_a_dependency_beside_the_routes() -> None:
    router = ROUTER.replace("def users()", "def users(who=Depends(normalise))").replace(
        "APIRouter\n", "APIRouter, Depends\n", 1
    )
    assert found("app/services/users.py", API, {"app/api/users.py": router}) == []


@pytest.mark.parametrize("name", ["service", "api", "models", "task", "route"])
def test_a_feature_with_the_name_of_a_layer(name: str) -> None:
    work = "def work(): ...\n"
    files = {
        f"app/{feature}/{path}": text
        for feature in (name, "team", "order")
        for path, text in {
            "router.py": ROUTER,
            "service.py": work,
            "models.py": "class Thing:\n    def x(self): ...\n",
            "flows.py": work,
        }.items()
    }
    files["app/team/models.py"] += f"from app.{name}.flows import work\n"
    files["app/team/service.py"] += (
        f"from app.{name}.service import work\nfrom app.{name}.models import Thing\n"
    )
    assert lint(files, select=["ARC005"]) == []
    files["app/team/models.py"] += f"from app.{name}.service import work as w\n"
    assert len(lint(files, select=["ARC005"])) == 1


def test_names_through_a_re_export_keep_their_layer() -> None:
    files = {"app/facade.py": API + "\n"}
    [finding] = found("app/services/users.py", "from app.facade import normalise", files)
    assert [hop.kind for hop in finding.chain] == ["imports", "re-exported by", "defined in"]


def test_rings_of_an_onion_depend_inwards() -> None:
    work = "def work(): ...\n"
    files = {
        "shop/domain/services.py": work,
        "shop/domain/models.py": "from shop.domain.services import work\nclass X:\n    def x(self): ...\n",
        "shop/infrastructure/repositories/x.py": f"from shop.domain.services import work as w\n{work}",
    }
    assert lint(files, select=["ARC005"]) == []


def test_the_module_that_includes_routers_below_a_folder_called_service() -> None:
    files = {
        "backend_service/__init__.py": "",
        "backend_service/app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "backend_service/main.py": "from backend_service.app import app\n"
        "from backend_service.routers.users import router\napp.include_router(router)\n",
        "backend_service/routers/users.py": ROUTER,
    }
    assert lint(files, select=["ARC005"]) == []


def test_a_package_that_offers_its_own_router() -> None:
    files = {
        "app/main.py": "from fastapi import FastAPI\nfrom app.api.models import router\napp = FastAPI()\n"
        "app.include_router(router)\n",
        "app/api/models/__init__.py": "from app.api.models.views import router\n",
        "app/api/models/views.py": ROUTER,
        "app/services/mail.py": LAYERS["app/services/mail.py"],
    }
    assert lint(files, select=["ARC005"]) == []


JOB = "from pydantic import BaseModel\nfrom app.services.mail import Mailer\n"
INPUTS = "".join(f"class Input{n}(BaseModel):\n    to: str\n" for n in range(4))


@pytest.mark.parametrize(
    "work",
    [
        "class Jobs:\n    def run(self):\n        return Mailer()\n",
        "async def run(given: Input1):\n    return Mailer()\n",
    ],
)
def test_jobs_beside_the_shapes_of_their_arguments_are_no_schemas(work: str) -> None:
    assert lint({**LAYERS, "app/jobs.py": JOB + INPUTS + work}, select=["ARC005"]) == []


def test_a_schema_that_works_with_a_service_in_a_module_of_any_name() -> None:
    files = {**LAYERS, "app/shapes.py": JOB + INPUTS + "    def send(self):\n        Mailer().send()\n"}
    assert len(lint(files, select=["ARC005"])) == 1
