from __future__ import annotations

import pytest

from fastapi_lint.findings import Finding
from fastapi_lint.testing import lint

ROUTER = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\ndef x(): ...\n"
MODELS = """
import enum
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
class Kind(enum.Enum):
    A = 1
"""
FILES = {
    f"app/{feature}/{path}": text
    for feature in ("users", "billing", "stock")
    for path, text in {
        "__init__.py": "",
        "router.py": ROUTER,
        "service.py": "def work(): ...\n",
        "repository.py": "class Store:\n    def get(self): ...\nclass Missing(Exception): ...\n",
        "models.py": MODELS,
        "schemas.py": "from pydantic import BaseModel\nclass Out(BaseModel): ...\n",
    }.items()
} | {"app/__init__.py": ""}


def found(
    imports: str, path: str = "app/billing/service.py", files: dict[str, str] | None = None
) -> list[Finding]:
    sources = FILES if files is None else files
    return lint({**sources, path: f"{imports}\n{sources.get(path, '')}"}, select=["ARC014"])


def test_place_message_and_chain() -> None:
    files = {**FILES, "app/users/__init__.py": "from app.users.repository import Store\n"}
    [finding] = found("from app.users import Store", files=files)
    assert (finding.span.path, finding.span.line, finding.span.column) == ("app/billing/service.py", 1, 23)
    assert finding.message == "The feature `billing` imports the repository `Store` of the feature `users`"
    assert finding.help == "Let `users` offer it by its service"
    assert [hop.kind for hop in finding.chain] == ["imports", "re-exported by", "defined in"]


@pytest.mark.parametrize(
    ("imports", "what"),
    [
        ("from app.users.repository import Store", "repository `Store`"),
        ("from app.users import repository\nrepository.Store", "repository `Store`"),
        ("def f():\n    from app.users.repository import Store", "repository `Store`"),
        ("from app.users.router import router", "router `router`"),
        ("from app.users.router import x", "router `x`"),
        ("from app.users.models import User", "table `User`"),
    ],
)
@pytest.mark.parametrize(
    "path", ["app/billing/service.py", "app/billing/router.py", "app/billing/repository.py"]
)
def test_internals(imports: str, what: str, path: str) -> None:
    [finding] = found(imports, path)
    assert f"imports the {what} of" in finding.message


@pytest.mark.parametrize(
    "imports",
    [
        "from app.users.service import work",
        "from app.users.schemas import Out",
        "from app.users.models import Kind",
        "from app.users.repository import Missing",
        "from app.billing.repository import Store",
        "if TYPE_CHECKING:\n    from app.users.repository import Store",
        "from lib.users.repository import Store",
    ],
)
def test_silent(imports: str) -> None:
    assert found(imports) == []


def test_relations_between_tables() -> None:
    assert found("from app.users.models import User", "app/billing/models.py") == []


def test_two_features_are_too_few() -> None:
    files = {path: text for path, text in FILES.items() if not path.startswith("app/stock/")}
    assert found("from app.users.repository import Store", files=files) == []


@pytest.mark.parametrize("name", ["core", "common", "shared", "models"])
def test_packages_that_are_shared(name: str) -> None:
    files = {**FILES, f"app/{name}/repository.py": "class Store:\n    def get(self): ...\n"}
    files[f"app/{name}/service.py"] = "def work(): ...\n"
    assert found(f"from app.{name}.repository import Store", files=files) == []


def test_a_module_that_includes_routers() -> None:
    source = "from fastapi import APIRouter\nfrom app.users.router import router as r\napi = APIRouter()\n"
    files = {**FILES, "app/billing/api_router.py": source + "api.include_router(r)\n"}
    assert lint(files, select=["ARC014"]) == []
